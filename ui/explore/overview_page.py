"""The overview: how many sources each theme, place and year has, and where the guide knows little. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ui.dates import date_text
from ui.escape import escape
from ui.explore.catalogue import UNDATED, WARNED, Wanted
from ui.explore.coverage import FEW, Group
from ui.explore.layout import OVERVIEW, SOURCES, TIMELINE, bar, explore_page
from ui.site_page import count

_OTHERS_SHOWN = 20
"""Places that are no councils listed at once; the rest is folded away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the page tells."""

    sources: int
    passages: int
    facts: int
    warned: int
    undated: int
    """Of those without a warning."""
    dated: int
    themes: tuple[Group, ...]
    councils: tuple[Group, ...]
    other_places: tuple[Group, ...]
    years: tuple[tuple[str, int], ...]
    theme_names: Mapping[str, str]
    """Names of the groups of `themes` as readers see them."""


def overview_page(held: Overview) -> str:
    """The page as HTML."""
    shown, rest = held.other_places[:_OTHERS_SHOWN], held.other_places[_OTHERS_SHOWN:]
    more = (
        f"<details><summary>{count(len(rest), 'more place')}</summary>{_groups('Place', rest, _by_place)}</details>"
        if rest
        else ""
    )
    others = f"<section><h2>Other places</h2>{_groups('Place', shown, _by_place)}{more}</section>" if shown else ""
    councils = (
        "<section><h2>By council and county</h2><p>A source about a part of an area counts for the whole of it.</p>"
        f"{_groups('Council or county', held.councils, _by_place)}</section>"
        if held.councils
        else ""
    )
    themes = _groups("Theme", held.themes, lambda group: _by_theme(group, held.theme_names))
    return explore_page(
        "What the guide holds",
        OVERVIEW,
        f"{_summary(held)}{_lacks(held)}<section><h2>By theme</h2>{themes}</section>{councils}{others}{_years(held)}",
    )


def _summary(held: Overview) -> str:
    return (
        f'<p class="lead">The guide answers from <a href="{SOURCES}">{count(held.sources, "source")}</a>, cut into '
        f"{count(held.passages, 'passage')}, and from nothing else. "
        f'<a href="{TIMELINE}">{count(held.facts, "sentence")}</a> in them can be placed in time.</p>'
    )


def _lacks(held: Overview) -> str:
    """Where the guide knows little, in sentences; left out where there is nothing to say."""
    said: list[str] = []
    without = [group.name for group in held.councils if not group.sources]
    thin = [f"{group.name} ({group.sources})" for group in held.councils if 0 < group.sources <= FEW]
    if without:
        said.append(f"No source is about {escape(_listed(without))}.")
    if thin:
        said.append(f"Few sources are about {escape(_listed(thin))}.")
    if held.warned:
        link = _link(Wanted(state=WARNED), f"{held.warned:,} of {count(held.sources, 'source')}")
        oldest = max(held.themes, key=lambda group: group.warned / group.sources, default=None)
        worst = (
            f" Most so in {escape(held.theme_names[oldest.name])}: {oldest.warned} of {oldest.sources}."
            if oldest
            else ""
        )
        said.append(f"{link} are more than two years old, closed or ended.{worst}")
    if held.undated:
        said.append(f"{_link(Wanted(state=UNDATED), f'{held.undated:,} sources')} give no date of their own.")
    items = "".join(f"<li>{text}</li>" for text in said)
    return f'<section class="lacks"><h2>What it lacks</h2><ul>{items}</ul></section>' if said else ""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _link(wanted: Wanted, words: str) -> str:
    """A link to the table of sources; `words` are text."""
    return f'<a href="{escape(f"{SOURCES}?{wanted.query()}")}">{escape(words)}</a>'


def _by_theme(group: Group, names: Mapping[str, str]) -> str:
    return _link(Wanted(theme=group.name), names[group.name])


def _by_place(group: Group) -> str:
    return _link(Wanted(place=group.name), group.name) if group.sources else escape(group.name)


def _groups(title: str, groups: Sequence[Group], name: Callable[[Group], str]) -> str:
    """A table of groups whose numbers are drawn beside them; `name` gives the HTML of a group's name."""
    most = max((group.sources for group in groups), default=0) or 1
    rows = "".join(
        f'<tr role="row"{"" if group.sources else " class=none"}>'
        f'<th scope="row" role="rowheader">{name(group)}</th>'
        f'<td role="cell" class="count"><span>{group.sources:,}</span>{bar(group.sources / most)}</td>'
        f'<td role="cell" class="number" data-label="old or ended">{group.warned:,}</td>'
        f'<td role="cell" class="number" data-label="undated">{group.undated:,}</td>'
        f'<td role="cell" class="latest">{escape(date_text(group.newest)) if group.newest else "–"}</td></tr>'
        for group in groups
    )
    return (
        f'<table class="counts" role="table"><thead role="rowgroup"><tr role="row">{_heads(title)}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table>'
    )


def _heads(title: str) -> str:
    heads = ((title, ""), ("Sources", ""), ("Old or ended", "number"), ("Undated", "number"), ("Latest", "latest"))
    return "".join(
        f'<th scope="col" role="columnheader"{f" class={kind}" if kind else ""}>{words}</th>' for words, kind in heads
    )


def _years(held: Overview) -> str:
    if not held.years:
        return ""
    most = max(number for _, number in held.years)
    rows = "".join(
        f'<tr><th scope="row">{year}</th><td class="count"><span>{number:,}</span>{bar(number / most)}</td></tr>'
        for year, number in held.years
    )
    return (
        f"<section><h2>By year of publication</h2><p>{count(held.dated, 'source')} of "
        f'{held.sources:,} can be placed in a year.</p><table class="counts years"><thead><tr><th scope="col">Year</th>'
        f'<th scope="col">Sources</th></tr></thead><tbody>{rows}</tbody></table></section>'
    )
