"""The route of the page about the guide: counts from the store, and an example that is answered once for each build."""

from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from rag.config import Settings
from rag.store import View
from rag.types import Answer
from ui.about_page import ADDRESS, About, about_page
from ui.etag import conditional
from ui.turnstile import ServerBusy, Turnstile

_LICENCES_NAMED = 3


def about_routes(settings: Settings, pipeline: Turnstile) -> APIRouter:
    """The page."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    example = _example(pipeline)

    @router.get(ADDRESS)
    def about(request: Request) -> Response:
        pipeline.store.refresh()
        view = pipeline.store.view()
        return conditional(request, HTMLResponse(about_page(_about(settings, view, example(view)))))

    return router


def _about(settings: Settings, view: View, example: Answer | None) -> About:
    sources = view.sources()
    licences = Counter(source.licence for source in sources if source.licence)
    return About(
        sources=len(sources),
        passages=view.passage_count,
        sentences=view.manifest.sentences,
        recorded=max((source.recorded for source in sources), default=""),
        newest=max((source.published or "" for source in sources), default=""),
        index_build=view.build_id,
        licences=tuple(name for name, _ in licences.most_common(_LICENCES_NAMED)),
        example=example,
        candidates=settings.candidate_passages,
        logs_unanswered=settings.log_unanswered,
        kept_most=settings.kept_answers_max,
        kept_days=settings.kept_answers_days,
        chat_model=settings.llm,
    )


def _example(pipeline: Turnstile) -> Callable[[View], Answer | None]:
    """Answers the first prepared question of a build, once; None where there is none, or while the server is busy."""
    kept: dict[str, Answer] = {}

    def example(view: View) -> Answer | None:
        prepared = view.questions()
        if not prepared:
            return None
        if view.build_id not in kept:
            try:
                answer = pipeline.ask(prepared[0].question)
            except ServerBusy:
                return None  # readers who wait for an answer go first; the next look at the page tries again
            kept.clear()
            kept[view.build_id] = answer
        return kept[view.build_id]

    return example
