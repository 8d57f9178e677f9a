"""What staff may have done wrong, each with the status that it has over HTTP."""

from rag.errors import WmaiError


class StaffError(WmaiError):
    """Base of the errors of the staff page and its API."""

    status = 400


class NotAllowed(StaffError):
    """The API was asked without its token."""

    status = 401


class WrongPassword(StaffError):
    """The password does not open the page."""

    status = 403


class ForeignForm(StaffError):
    """A form came from another site, or from a page that is too old."""

    status = 403


class NothingHere(StaffError):
    """The preview or job is not there any more, or never was."""

    status = 404


class UnusableSource(StaffError):
    """What was given cannot become a source."""

    status = 422


class TooManyAttempts(StaffError):
    """Passwords were guessed too often."""

    status = 429
    retryable = True


class TooMuchToDo(StaffError):
    """More work is waiting than the server takes on."""

    status = 503
    retryable = True
