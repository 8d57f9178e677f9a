"""The staff pages over HTTP: each method checks who asks, lets the desk do it, and shows what came of it."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from rag.errors import WmaiError
from ui.staff.desk import METADATA, Desk
from ui.staff.desk_pages import add_page, correct_page, draft_page, job_page, login_page, source_page
from ui.staff.door import COOKIE, PAGES, Door
from ui.staff.errors import UnusableSource
from ui.staff.jobs import Job
from ui.staff.layout import Frame, address
from ui.staff.lists import feedback_page, sources_page, unanswered_page
from ui.staff.sessions import Session
from ui.staff.wire import job_record

_NO_STORE = {"Cache-Control": "no-store"}
Text = Annotated[str, Form(max_length=2_000)]
Token = Annotated[str, Form(max_length=200)]


class NotLoggedIn(Exception):
    """The request has no session: whoever asks is shown the door."""


class Pages:
    """Every page below /staff."""

    def __init__(self, door: Door, desk: Desk) -> None:
        self._door = door
        self._desk = desk

    def add_to(self, app: FastAPI) -> None:
        """Add the routes and what answers where nobody is logged in."""
        app.add_exception_handler(NotLoggedIn, lambda _request, _error: _to("/staff/login"))
        router = APIRouter(include_in_schema=False)
        gets: dict[str, Callable[..., Any]] = {
            "/staff/login": self.login,
            "/staff": self.sources,
            "/staff/add": self.add,
            "/staff/drafts/{draft_id}": self.draft,
            "/staff/jobs/{job_id}.json": self.job_state,
            "/staff/jobs/{job_id}": self.job,
            "/staff/sources/{source_id}": self.source,
            "/staff/sources/{source_id}/correct": self.correct_form,
            "/staff/unanswered": self.unanswered,
            "/staff/feedback": self.feedback,
        }
        posts: dict[str, Callable[..., Any]] = {
            "/staff/login": self.log_in,
            "/staff/logout": self.log_out,
            "/staff/add/url": self.add_url,
            "/staff/add/file": self.add_file,
            "/staff/drafts/{draft_id}/publish": self.publish,
            "/staff/drafts/{draft_id}/discard": self.discard,
            "/staff/sources/{source_id}/correct": self.correct,
            "/staff/sources/{source_id}/{action}": self.act,
        }
        for path, handler in gets.items():
            router.add_api_route(path, handler, methods=["GET"], response_class=HTMLResponse)
        for path, handler in posts.items():
            router.add_api_route(path, handler, methods=["POST"], response_class=HTMLResponse)
        app.include_router(router)

    def login(self, request: Request) -> Response:
        """The door, or the way in for who is logged in already."""
        return _to(PAGES) if self._door.session(request.scope) else _html(login_page(Frame(csrf="")))

    def log_in(self, request: Request, password: Text = "") -> Response:
        """Try the password."""
        client = request.client.host if request.client else ""
        try:
            self._door.check_form(request, None, "")
            session = self._door.log_in(client, password)
        except WmaiError as error:
            return _html(login_page(Frame(csrf="", problem=str(error))), 429 if error.retryable else 403)
        reply = _to(PAGES)
        secure = request.url.scheme == "https"
        reply.set_cookie(COOKIE, session.id, path=PAGES, httponly=True, samesite="strict", secure=secure)
        return reply

    def log_out(self, request: Request, csrf: Token = "") -> Response:
        """End the session."""
        self._door.log_out(self._form(request, csrf))
        reply = _to("/staff/login")
        reply.delete_cookie(COOKIE, path=PAGES)
        return reply

    def sources(
        self,
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        state: Annotated[str, Query(max_length=20)] = "",
    ) -> Response:
        """The list of sources."""
        frame = self._frame(request, PAGES)
        shown, total = self._desk.sources(q, state)
        return _html(sources_page(shown, total, q, state, self._desk.jobs.unfinished(), date.today(), frame))

    def add(self, request: Request) -> Response:
        """The forms for a page and for a file."""
        return _html(add_page(self._frame(request, "/staff/add")))

    def add_url(self, request: Request, url: Text = "", csrf: Token = "") -> Response:
        """Fetch a page for a preview."""
        self._form(request, csrf)
        try:
            draft = self._desk.draft_from_url(url)
        except WmaiError as error:
            return _html(add_page(self._frame(request, "/staff/add", problem=str(error)), url), 400)
        return _to(address("drafts", draft.id))

    def add_file(self, request: Request, file: UploadFile, csrf: Token = "") -> Response:
        """Read a file for a preview."""
        self._form(request, csrf)
        try:
            draft = self._desk.draft_from_file(file.file.read(), file.filename or "", file.content_type or "")
        except WmaiError as error:
            return _html(add_page(self._frame(request, "/staff/add", problem=str(error))), 400)
        return _to(address("drafts", draft.id))

    def draft(self, request: Request, draft_id: str) -> Response:
        """The preview."""
        frame = self._frame(request, "/staff/add")
        return _html(draft_page(self._desk.drafts.find(draft_id), frame))

    async def publish(self, request: Request, draft_id: str) -> Response:
        """Take the draft into the index, with what was mended in the form."""
        given = await self._mended(request)
        try:
            job = self._desk.publish(draft_id, given)
        except WmaiError as error:
            frame = self._frame(request, "/staff/add", problem=str(error))
            return _html(draft_page(self._desk.drafts.find(draft_id), frame), 400)
        return _watch(job)

    def discard(self, request: Request, draft_id: str, csrf: Token = "") -> Response:
        """Forget the draft."""
        self._form(request, csrf)
        self._desk.drafts.drop(draft_id)
        return _to("/staff/add")

    def job(self, request: Request, job_id: str) -> Response:
        """How far a job is."""
        frame = self._frame(request)
        return _html(job_page(self._desk.jobs.find(job_id), frame))

    def job_state(self, request: Request, job_id: str) -> Response:
        """The same for the script that follows it."""
        self._session(request)
        return JSONResponse(job_record(self._desk.jobs.find(job_id)), headers=_NO_STORE)

    def source(self, request: Request, source_id: str) -> Response:
        """One source whole."""
        frame = self._frame(request, PAGES)
        row, passages, fetches = self._desk.source(source_id)
        return _html(source_page(row, passages, fetches, date.today(), frame))

    def correct_form(self, request: Request, source_id: str) -> Response:
        """What is known about a source, to mend."""
        frame = self._frame(request, PAGES)
        row, _, _ = self._desk.source(source_id)
        return _html(correct_page(row.source, frame))

    async def correct(self, request: Request, source_id: str) -> Response:
        """Keep what was mended of a source."""
        given = await self._mended(request)
        try:
            job = self._desk.correct(source_id, given)
        except UnusableSource as error:
            row, _, _ = self._desk.source(source_id)
            return _html(correct_page(row.source, self._frame(request, PAGES, problem=str(error))), 400)
        return _watch(job)

    def act(self, request: Request, source_id: str, action: str, csrf: Token = "") -> Response:
        """Retire, restore or fetch again."""
        self._form(request, csrf)
        return _watch(self._desk.act(source_id, action))

    def unanswered(self, request: Request) -> Response:
        """What was asked in vain."""
        frame = self._frame(request, "/staff/unanswered")
        return _html(unanswered_page(self._desk.unanswered(), frame))

    def feedback(self, request: Request) -> Response:
        """What readers thought."""
        frame = self._frame(request, "/staff/feedback")
        return _html(feedback_page(self._desk.feedback(), frame))

    def _session(self, request: Request) -> Session:
        session = self._door.session(request.scope)
        if session is None:
            raise NotLoggedIn
        return session

    def _form(self, request: Request, csrf: str) -> Session:
        session = self._session(request)
        self._door.check_form(request, session, csrf)
        return session

    async def _mended(self, request: Request) -> dict[str, str]:
        """What a form about a source says, once it is known for one of ours."""
        form = await request.form(max_files=0, max_fields=30)
        given = {name: value for name, value in form.items() if isinstance(value, str)}
        self._form(request, given.get("csrf", ""))
        return {name: given[name] for name in METADATA if name in given}

    def _frame(self, request: Request, tab: str = "", problem: str = "") -> Frame:
        return Frame(self._session(request).csrf, tab, problem=problem)


def _html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status, headers=_NO_STORE)


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, headers=_NO_STORE)


def _watch(job: Job) -> RedirectResponse:
    return _to(address("jobs", job.id))
