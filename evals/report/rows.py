"""One case of a report: what was asked, what came back with its citations opened, what was expected. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from evals.compare import DECISIVE
from evals.items import Item, Score, Sources, found
from evals.metrics import BY_NAME
from evals.metrics.citation import is_valid
from evals.records import RecordedCitation, Reply
from evals.scores import ScoredItem
from evals.table import number
from evals.text import holds

_MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
HITS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer: words, or a marker."""

    words: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRow:
    """A citation in its passage."""

    marker: int
    before: str
    quote: str
    after: str
    title: str
    publisher: str
    published: str
    url: str
    expected: bool
    valid: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A fact that was expected."""

    words: str
    held: bool


@dataclass(frozen=True, slots=True)
class HitRow:
    """A passage that was found."""

    source_id: str
    score: str
    gold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """All that a report shows of one item of one system."""

    system: str
    id: str
    kind: str
    question: str
    standalone: str
    outcome: str
    verdict: str
    verdict_class: str
    why: str
    text: tuple[Piece, ...]
    citations: tuple[CitationRow, ...]
    expected: str
    groups: tuple[GroupRow, ...]
    gold: str
    hits: tuple[HitRow, ...]
    took: str
    scores: tuple[tuple[str, str, str], ...]


def pieces(text: str) -> tuple[Piece, ...]:
    """The text cut at its markers."""
    cut: list[Piece] = []
    at = 0
    for match in _MARKER.finditer(text):
        cut += [Piece(words=text[at : match.start()].rstrip(" ")), Piece(marker=match[1])]
        at = match.end()
    return (*cut, Piece(words=text[at:]))


def safe_url(url: str) -> str:
    """The address where it is http or https, else nothing: it is put into a link."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _citation(citation: RecordedCitation, item: Item, sources: Sources) -> CitationRow:
    exact = citation.passage_text[citation.start : citation.end] == citation.quote
    return CitationRow(
        marker=citation.marker,
        before=citation.passage_text[: citation.start] if exact else "",
        quote=citation.quote,
        after=citation.passage_text[citation.end :] if exact else "",
        title=citation.title,
        publisher=citation.publisher,
        published=citation.published or "undated",
        url=safe_url(citation.url),
        expected=citation.source_id in item.step.source_ids,
        valid=is_valid(citation, sources),
    )


def _verdict(item: Item, scores: dict[str, Score]) -> tuple[str, str, str]:
    """(verdict, its class, why); what is only searched is judged by its first five hits."""
    score = scores.get(DECISIVE) or scores.get("hit@5")
    if score is None or score.value is None:
        return "not scored", "", ""
    right = score.value == 1.0
    return ("right" if right else "wrong"), ("right" if right else "wrong"), score.note if not right else ""


def _shown(name: str, score: Score) -> tuple[str, str, str]:
    metric = BY_NAME[name]
    if score.value is None:
        return metric.title, "not scored", score.note
    if metric.unit != "share":
        return metric.title, number(metric, score.value), score.note
    return metric.title, f"{score.value:.2f}".rstrip("0").rstrip("."), score.note


def _expected(item: Item) -> str:
    if item.step.answer:
        return item.step.answer
    if item.wants_refusal:
        return f"A refusal{f' ({item.case.reason})' if item.case.reason else ''}."
    return "An answer that holds:" if item.step.must_include else "Any of the expected sources."


def _took(reply: Reply) -> str:
    stages = reply.answer.timings_ms if reply.answer is not None else {}
    parts = (f"{name} {value:.0f}" for name, value in stages.items() if name != "total")
    inside = ", ".join(parts)
    return f"Took {reply.wall_ms:.0f} ms" + (f" ({inside})" if inside else "") + "."


def case_row(item: Item, reply: Reply, scored: ScoredItem, sources: Sources) -> CaseRow:
    """Everything shown of one item."""
    answer = reply.answer
    verdict, verdict_class, why = _verdict(item, scored.scores)
    text = scored.text if answer is None else answer.text
    standalone = answer.standalone_question if answer is not None else ""
    hits = sorted(found(reply), key=lambda hit: hit.rank)[:HITS_SHOWN]
    return CaseRow(
        system=scored.system,
        id=item.id,
        kind=item.case.kind,
        question=item.step.question,
        standalone=standalone if standalone != item.step.question else "",
        outcome=scored.outcome,
        verdict=verdict,
        verdict_class=verdict_class,
        why=why,
        text=pieces(text),
        citations=tuple(_citation(one, item, sources) for one in answer.citations) if answer else (),
        expected=_expected(item),
        groups=tuple(GroupRow(" / ".join(group), holds(group, text)) for group in item.step.must_include),
        gold=", ".join(item.step.source_ids),
        hits=tuple(HitRow(hit.source_id, f"{hit.score:.2f}", hit.source_id in item.step.source_ids) for hit in hits),
        took=_took(reply),
        scores=tuple(_shown(name, score) for name, score in _distinct(scored.scores)),
    )


def _distinct(scores: dict[str, Score]) -> Sequence[tuple[str, Score]]:
    """Scores without the second of the two latencies, which say the same of one reply."""
    return [
        (name, score)
        for name, score in scores.items()
        if name not in ("latency_p95", "errors") and (score.denominator or BY_NAME[name].unit == "share")
    ]
