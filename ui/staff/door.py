"""Who may pass: a session cookie for the pages, a bearer token for the API, and a form's own token for what changes."""

import threading
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Scope

from rag.config import Settings
from ui.staff.errors import ForeignForm, TooManyAttempts, WrongPassword
from ui.staff.secrets import check_password_hash, check_token_hash, password_fits, token_fits
from ui.staff.sessions import Attempts, Session, Sessions

COOKIE = "wmai_staff"
PAGES = "/staff"
API = "/api/staff"
_UPLOADS = ("/staff/add/file", "/api/staff/files")
_FORM_BYTES = 65_536
"""Room for what a form sends around the file."""


class Door:
    """What the settings say about staff, and who is in."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigError for a hash in the settings that is none."""
        self._password_hash = settings.staff_password_hash.get_secret_value()
        self._token_hash = settings.staff_token_hash.get_secret_value()
        self._upload_bytes = settings.fetch_bytes_max + _FORM_BYTES
        if self._password_hash:
            check_password_hash(self._password_hash)
        if self._token_hash:
            check_token_hash(self._token_hash)
        self._sessions = Sessions()
        self._attempts = Attempts()
        self._checking = threading.Lock()

    @property
    def has_pages(self) -> bool:
        """Whether there is a password, and so the pages."""
        return bool(self._password_hash)

    @property
    def has_api(self) -> bool:
        """Whether there is a token, and so the API."""
        return bool(self._token_hash)

    def log_in(self, client: str, password: str) -> Session:
        """A new session. Raises WrongPassword or TooManyAttempts."""
        # One at a time: a check takes 32 MiB, and a burst of guesses would otherwise take that each.
        with self._checking:
            wait_s = self._attempts.wait_s(client)
            if wait_s > 0:
                raise TooManyAttempts(
                    "The password was wrong too often.", f"Try again in {int(wait_s // 60) + 1} minutes."
                )
            self._attempts.begin(client)
            if not password_fits(password, self._password_hash):
                raise WrongPassword("This is not the password.", "Try again.")
            self._attempts.succeed(client)
        return self._sessions.begin()

    def log_out(self, session: Session) -> None:
        """End the session."""
        self._sessions.end(session.id)

    def session(self, scope: Scope) -> Session | None:
        """The session of a request's cookie."""
        try:
            cookies = SimpleCookie(_headers(scope).get("cookie", ""))
        except CookieError:
            return None
        return self._sessions.find(cookies[COOKIE].value) if COOKIE in cookies else None

    def knows_token(self, scope: Scope) -> bool:
        """Whether a request carries the bearer token."""
        kind, _, token = _headers(scope).get("authorization", "").partition(" ")
        return self.has_api and kind.lower() == "bearer" and token_fits(token.strip(), self._token_hash)

    def upload_bytes(self, scope: Scope) -> int | None:
        """How large this request may be, where it is an upload by someone who may; else None."""
        path = scope["path"]
        if path not in _UPLOADS:
            return None
        known = self.session(scope) is not None if path.startswith(PAGES) else self.knows_token(scope)
        return self._upload_bytes if known else None

    def check_form(self, request: Request, session: Session | None, csrf: str) -> None:
        """Raise ForeignForm unless a form came from a page of this server and, once logged in, of this session."""
        foreign = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
            foreign = True
        if foreign or (session is not None and not session.allows(csrf)):
            raise ForeignForm("This form is from another site or from a page that is too old.", "Open the page again.")


def _headers(scope: Scope) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
