"""How failures look over HTTP: one problem document (RFC 9457) for all; a page where a person is reading."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from rag.errors import (
    InvalidQuestion,
    NotKept,
    PersonalDetails,
    UnknownAnswer,
    UnknownPassage,
    UnknownSource,
    WmaiError,
)
from ui.escape import escape
from ui.site_page import site_page
from ui.turnstile import AnswerTimeout
from ui.wire import error_code, problem_to_json

log = logging.getLogger(__name__)
_CODES = {404: "not_found", 405: "method_not_allowed"}
BUSY_S = 5
"""Seconds in which a full line of waiting questions has mostly gone."""
PROBLEM_TYPE = "application/problem+json"
_PAGES = ("/passages/", "/answers/", "/staff")
"""Where people read."""
CODES: tuple[tuple[str, int, str], ...] = (
    ("invalid_question", 400, "The question is empty, too long or not text."),
    ("invalid_request", 400, "The request is not what the operation takes."),
    ("personal_details", 400, "What was to be stored holds somebody's personal details."),
    ("origin_not_allowed", 403, "The page that asks stands on a site that WMAI_EMBED_ORIGINS does not name."),
    ("not_found", 404, "There is nothing at this address."),
    ("unknown_source", 404, "No source of that id is held."),
    ("unknown_passage", 404, "No passage of that id is in the present build."),
    ("unknown_answer", 404, "No answer is kept at this address, or no longer."),
    ("method_not_allowed", 405, "The address takes another method."),
    ("request_timeout", 408, "The request did not arrive in time."),
    ("too_large", 413, "The request is larger than WMAI_REQUEST_BYTES_MAX."),
    ("too_many_questions", 429, "A rate limit or a daily quota is used up; Retry-After says for how many seconds."),
    ("internal", 500, "A fault of the server; it is logged."),
    ("server_busy", 503, "More questions came at once than the server answers."),
    ("widget_off", 503, "Whoever runs the guide has switched its widget off."),
    ("answer_timeout", 504, "The answer took longer than WMAI_REQUEST_TIMEOUT_S."),
)
"""Code, HTTP status and meaning of every failure that a caller should know; shown at /docs."""


def add_handlers(app: FastAPI) -> None:
    """Give the application a typed answer for every failure; nothing shows a traceback."""
    app.add_exception_handler(WmaiError, _on_wmai_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unexpected)


def _on_wmai_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, WmaiError)  # noqa: S101 - the handler is registered for this class alone
    status = 503
    if isinstance(error, InvalidQuestion | NotKept | PersonalDetails):
        status = 400
    elif isinstance(error, UnknownSource | UnknownPassage | UnknownAnswer):
        status = 404
    elif isinstance(error, AnswerTimeout):
        status = 504
    return _answer(request, status, error_code(error), error.message, error.remedy)


def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    wrong = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors())
    return _answer(request, 400, "invalid_request", f"The request cannot be used. {wrong}.", "See /docs.")


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    code = _CODES.get(error.status_code, "http_error")
    return _answer(request, error.status_code, code, f"{error.detail}: {request.url.path}", "See /docs.")


def _on_unexpected(request: Request, error: Exception) -> Response:
    log.error("Unexpected failure of %s %s", request.method, request.url.path, exc_info=error)
    message = "Something went wrong on the server; it has been logged."
    return _answer(request, 500, "internal", message, "Try again.")


def problem(
    path: str, status: int, code: str, message: str, remedy: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """A failure as a problem document; as a page where `path` is one that people open."""
    if path.startswith(_PAGES):
        body = (
            f"<header><h1>Not here</h1></header><p>{escape(message)} {escape(remedy)}</p>"
            '<p><a href="/">Ask the guide</a> or <a href="/explore/sources">look through its sources</a>.</p>'
        )
        page = site_page("Not here", body, scripts=(), indexed=False)
        return HTMLResponse(page, status_code=status, headers=headers)
    content = problem_to_json(status, code, message, remedy, path)
    return JSONResponse(content, status_code=status, headers=headers, media_type=PROBLEM_TYPE)


def _answer(request: Request, status: int, code: str, message: str, remedy: str) -> Response:
    headers = {"Retry-After": str(BUSY_S)} if code == "server_busy" else None
    return problem(request.url.path, status, code, message, remedy, headers)
