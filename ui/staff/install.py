"""How the staff page joins the server: its routes where the settings open them, nothing but a 404 where they do not."""

import logging
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import Response

from rag.config import Settings
from rag.errors import WmaiError
from rag.types import Answer
from ui.problems import problem
from ui.staff.door import API, PAGES, Door
from ui.staff.errors import StaffError
from ui.turnstile import Turnstile
from ui.wire import error_code

log = logging.getLogger(__name__)


def add_staff(app: FastAPI, settings: Settings, pipeline: Turnstile, door: Door) -> None:
    """Add the pages if there is a password, the API if there is a token."""
    app.add_exception_handler(StaffError, _on_staff_error)
    if door.has_pages or door.has_api:
        # Only a server that is kept from the page needs what fetches and reads.
        from ui.staff.api import Api
        from ui.staff.desk import Desk
        from ui.staff.routes import Pages

        desk = Desk(settings, pipeline)
        if door.has_pages:
            Pages(door, desk).add_to(app)
        if door.has_api:
            Api(door, desk).add_to(app)
    for prefix in (PAGES, API):
        for path in (prefix, f"{prefix}/{{rest:path}}"):
            app.add_api_route(
                path, _nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
            )


def citation_counter(settings: Settings) -> Callable[[Answer], None]:
    """What counts the sources that answers cite."""

    def count(answer: Answer) -> None:
        if not answer.citations:
            return
        from rag.store import Ledger  # imports chromadb, which a server has open by the first answer anyway

        try:
            Ledger(settings.store).count_citations({citation.source.id for citation in answer.citations})
        except WmaiError as error:
            # A reader's answer does not fail because it could not be counted.
            log.warning("An answer was not counted: %s", error)

    return count


def _nothing(request: Request) -> Response:
    path = request.url.path
    return problem(path, 404, "not_found", f"There is nothing at {path}.")


def _on_staff_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StaffError)  # noqa: S101  the handler is registered for this class alone
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return problem(request.url.path, error.status, error_code(error), error.message, error.remedy, headers)
