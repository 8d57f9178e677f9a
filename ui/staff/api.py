"""The staff page's twin for programs, below /api/staff, opened by the bearer token: the same desk, in JSON."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.concurrency import run_in_threadpool

from rag.wire import Json
from ui.staff.desk import Desk
from ui.staff.door import API, Door
from ui.staff.drafts import Draft
from ui.staff.errors import NotAllowed
from ui.staff.wire import draft_record, fetch_record, group_record, job_record, row_record
from ui.wire import passage_to_json

_NO_STORE = {"Cache-Control": "no-store"}


class UrlIn(BaseModel):
    """A page to preview."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class MetadataIn(BaseModel):
    """What is mended; what is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metadata: dict[
        Annotated[str, StringConstraints(max_length=40)], Annotated[str, StringConstraints(max_length=2_000)]
    ] = {}


class Api:
    """Every route below /api/staff. Each asks for the token before anything else."""

    def __init__(self, door: Door, desk: Desk) -> None:
        self._door = door
        self._desk = desk

    def add_to(self, app: FastAPI) -> None:
        """Add the routes."""
        router = APIRouter(prefix=API, include_in_schema=False)
        routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/sources", self.sources),
            ("GET", "/sources/{source_id}", self.source),
            ("POST", "/sources/{source_id}/correct", self.correct),
            ("POST", "/sources/{source_id}/{action}", self.act),
            ("POST", "/pages", self.add_url),
            ("POST", "/files", self.add_file),
            ("GET", "/drafts/{draft_id}", self.draft),
            ("POST", "/drafts/{draft_id}/publish", self.publish),
            ("DELETE", "/drafts/{draft_id}", self.discard),
            ("GET", "/jobs/{job_id}", self.job),
            ("GET", "/unanswered", self.unanswered),
            ("GET", "/feedback", self.feedback),
        )
        for method, path, handler in routes:
            router.add_api_route(path, handler, methods=[method], response_class=JSONResponse)
        app.include_router(router)

    def sources(
        self,
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        state: Annotated[str, Query(max_length=20)] = "",
    ) -> JSONResponse:
        """Every source that is kept, the most cited first."""
        self._check(request)
        rows, total = self._desk.sources(q, state)
        return _json({"total": total, "sources": [row_record(row) for row in rows]})

    def source(self, request: Request, source_id: str) -> JSONResponse:
        """One source with its passages and how its fetches went."""
        self._check(request)
        row, passages, fetches = self._desk.source(source_id)
        more = {"passages": [passage_to_json(item) for item in passages], "fetches": list(map(fetch_record, fetches))}
        return _json({**row_record(row), **more})

    def correct(self, request: Request, source_id: str, body: MetadataIn) -> JSONResponse:
        """Put what is said before what the source says of itself; gives the job that does it."""
        self._check(request)
        return _json(job_record(self._desk.correct(source_id, body.metadata)), 202)

    def act(self, request: Request, source_id: str, action: str) -> JSONResponse:
        """Retire, restore or refresh; gives the job that does it."""
        self._check(request)
        return _json(job_record(self._desk.act(source_id, action)), 202)

    def add_url(self, request: Request, body: UrlIn) -> JSONResponse:
        """Fetch a page and give the draft; nothing is published yet."""
        self._check(request)
        return self._drafted(self._desk.draft_from_url(body.url))

    async def add_file(self, request: Request, name: Annotated[str, Query(max_length=255)]) -> JSONResponse:
        """Read a file, sent as the body with its type, and give the draft."""
        self._check(request)
        data = await request.body()
        content_type = request.headers.get("content-type", "")
        return self._drafted(await run_in_threadpool(self._desk.draft_from_file, data, name, content_type))

    def draft(self, request: Request, draft_id: str) -> JSONResponse:
        """The draft as it stands."""
        self._check(request)
        return _json(draft_record(self._desk.drafts.find(draft_id)))

    def publish(self, request: Request, draft_id: str, body: MetadataIn) -> JSONResponse:
        """Take the draft into the index; gives the job that does it."""
        self._check(request)
        return _json(job_record(self._desk.publish(draft_id, body.metadata)), 202)

    def discard(self, request: Request, draft_id: str) -> JSONResponse:
        """Forget the draft."""
        self._check(request)
        self._desk.drafts.drop(draft_id)
        return _json({"discarded": True})

    def job(self, request: Request, job_id: str) -> JSONResponse:
        """How far a job is."""
        self._check(request)
        return _json(job_record(self._desk.jobs.find(job_id)))

    def unanswered(self, request: Request) -> JSONResponse:
        """What was asked in vain, the most asked first, with the closest passages."""
        self._check(request)
        return _json({"questions": [group_record(group) for group in self._desk.unanswered()]})

    def feedback(self, request: Request) -> JSONResponse:
        """What readers thought of answers, newest first."""
        self._check(request)
        return _json({"feedback": [asdict(item) for item in self._desk.feedback()]})

    def _check(self, request: Request) -> None:
        if not self._door.knows_token(request.scope):
            raise NotAllowed("This needs the staff's token.", "Send it as: Authorization: Bearer TOKEN")

    @staticmethod
    def _drafted(draft: Draft) -> JSONResponse:
        return _json(draft_record(draft), 201)


def _json(value: Json, status: int = 200) -> JSONResponse:
    return JSONResponse(value, status, headers=_NO_STORE)
