"""How failures look over HTTP: one JSON form with a code, a message and a remedy; a page where a person is reading."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from rag.errors import InvalidQuestion, UnknownPassage, UnknownSource, WmaiError
from ui.escape import escape
from ui.passage_page import document
from ui.wire import error_code, error_to_json

log = logging.getLogger(__name__)
_CODES = {404: "not_found", 405: "method_not_allowed"}


def add_handlers(app: FastAPI) -> None:
    """Give the application a typed answer for every failure; nothing shows a traceback."""
    app.add_exception_handler(WmaiError, _on_wmai_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unexpected)


def _on_wmai_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, WmaiError)  # noqa: S101 - the handler is registered for this class alone
    status = 503
    if isinstance(error, InvalidQuestion):
        status = 400
    elif isinstance(error, UnknownSource | UnknownPassage):
        status = 404
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


def _answer(request: Request, status: int, code: str, message: str, remedy: str) -> Response:
    if request.url.path.startswith("/passages/"):
        home = '<p class="brand"><a href="/">West Midlands AI guide</a></p>'
        body = f"<header>{home}<h1>Not here</h1></header><p>{escape(message)} {escape(remedy)}</p>"
        return HTMLResponse(document("Not here", body), status_code=status)
    return JSONResponse(error_to_json(code, message, remedy), status_code=status)
