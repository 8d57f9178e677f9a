"""The routes of Explore; what a build holds is worked out once and kept while it is the newest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from rag.store import Place, View
from ui.etag import conditional
from ui.explore.catalogue import UNDATED, WARNED, Row, matching, rows, wanted_from
from ui.explore.coverage import by_place, by_theme, by_year
from ui.explore.facts import Fact, dated_facts, newest_first
from ui.explore.layout import OVERVIEW, SOURCES, TIMELINE, WORDS_CHARACTERS_MAX
from ui.explore.overview_page import Overview, overview_page
from ui.explore.sources_page import sources_page
from ui.explore.timeline_page import timeline_page, wanted_facts
from ui.facets import theme_label
from ui.turnstile import Turnstile

Words = Annotated[str, Query(max_length=WORDS_CHARACTERS_MAX, description="Words that must all be there.")]


@dataclass(frozen=True, slots=True)
class _Held:
    """What one build holds."""

    build_id: str
    day: date
    """Of today's warnings."""
    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]
    places: tuple[Place, ...]
    themes: Mapping[str, str]
    """Names by folder of the themes that a source has, in the order of the names."""

    @property
    def places_of(self) -> dict[str, frozenset[str]]:
        """Places by source id, those around them included."""
        return {row.source.id: row.places for row in self.rows}


def explore_routes(pipeline: Turnstile) -> APIRouter:
    """Overview, sources and timeline."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    held = _holder(pipeline)

    @router.get(OVERVIEW)
    def overview(request: Request) -> Response:
        now = held()
        table = now.rows
        councils, others = by_place(table, now.places)
        page = Overview(
            sources=len(table),
            passages=sum(row.passages for row in table),
            facts=len(now.facts),
            warned=sum(row.state == WARNED for row in table),
            undated=sum(row.state == UNDATED for row in table),
            dated=sum(row.source.published is not None for row in table),
            themes=by_theme(table),
            councils=councils,
            other_places=others,
            years=by_year(table),
            theme_names=now.themes,
        )
        return conditional(request, HTMLResponse(overview_page(page)))

    @router.get(SOURCES)
    def sources(request: Request, q: Words = "") -> Response:
        now = held()
        wanted = wanted_from(request.query_params)
        places = sorted(frozenset().union(*now.places_of.values()))
        page = sources_page(matching(now.rows, wanted), len(now.rows), wanted, now.themes, places)
        return conditional(request, HTMLResponse(page))

    @router.get(TIMELINE)
    def timeline(request: Request, q: Words = "") -> Response:
        now = held()
        wanted = wanted_facts(request.query_params, wanted_from(request.query_params).page)
        return conditional(request, HTMLResponse(timeline_page(now.facts, wanted, now.themes, now.places_of)))

    return router


def _holder(pipeline: Turnstile) -> Callable[[], _Held]:
    """Gives what the newest build holds, as of today. Two requests at once may both work it out: it is the same."""
    kept: list[_Held] = []

    def held() -> _Held:
        pipeline.store.refresh()
        view = pipeline.store.view()
        today = date.today()
        if not kept or (kept[0].build_id, kept[0].day) != (view.build_id, today):
            kept[:] = [_read(view, today)]
        return kept[0]

    return held


def _read(view: View, today: date) -> _Held:
    sources = view.sources()
    facts = (fact for source in sources for fact in dated_facts(source, view.source_passages(source.id)))
    places = view.places()
    table = rows(sources, view.passage_counts(), view.first_passages(), places, today)
    names = {theme: theme_label(theme, view.theme_names()) for theme in {row.source.theme for row in table} if theme}
    themes = dict(sorted(names.items(), key=itemgetter(1)))
    return _Held(view.build_id, today, table, newest_first(facts, today.year), places, themes)
