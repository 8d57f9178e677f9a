"""The conversation as HTML. Pure; all text goes through ui.escape."""

import re
from collections.abc import Sequence
from datetime import date

from rag.types import Answer, Citation, Hit, Withdrawn
from ui.escape import escape, plain
from ui.exchange import Exchange, record_text
from ui.panel import card_id, links, source_line
from ui.tools import correction, finished_tools, retry_tools

CLOSEST_SHOWN = 3
"""Passages shown under a refusal in the conversation."""
_MARKER = re.compile(r"\s?\[([0-9]{1,4})\]")
_BULLET = re.compile(r"^\s*(?:[-•*–]|\d+[.)])\s+")
_NOT_KEPT = "A question with personal details, which were not kept"


def exchange_html(exchange: Exchange, today: date) -> str:
    """A question with its answer and tools, and the record of both for the browser to keep."""
    answer = exchange.answer
    number = exchange.number
    outcome = f' data-outcome="{answer.outcome.value}"' if answer else ""
    return (
        f'<article class="turn" id="turn-{number}" data-turn="{number}" data-id="{escape(exchange.id)}" '
        f'data-state="{exchange.state}"{outcome} data-record="{escape(record_text(exchange))}" '
        f'aria-labelledby="question-{number}" tabindex="-1">'
        f'<h2 class="question" id="question-{number}" dir="auto">{escape(exchange.question or _NOT_KEPT)}</h2>'
        f"{_body(exchange, today)}</article>"
    )


def _body(exchange: Exchange, today: date) -> str:
    if exchange.error:
        return f'{_within(exchange)}<p class="problem">{escape(exchange.error)}</p>{retry_tools()}'
    if exchange.answer is None:
        return _unfinished(exchange)
    answer = exchange.answer
    understood = ""
    if answer.standalone_question.split() != answer.question.split():
        understood = correction(answer.standalone_question, exchange.number)
    closest = "" if answer.outcome.is_answer else _closest(answer.hits, today)
    kind = "answer" if answer.outcome.is_answer else "answer refusal"
    text = answer_html(answer.text, answer.citations, exchange.number)
    return (
        f'{understood}{_within(exchange)}<div class="{kind}" dir="auto">{text}{_narrowed(exchange, answer)}</div>'
        f"{_notice(exchange, answer)}{closest}{finished_tools(answer, exchange.number)}"
        f"{_suggestions(answer.suggestions)}"
    )


def _unfinished(exchange: Exchange) -> str:
    """An answer that streams or was stopped; the page shows which by the state, as it may lose the server meanwhile."""
    shown = answer_html(exchange.text, None, exchange.number)
    struck = "" if exchange.stopped else _struck(exchange.withdrawn)
    waiting = "" if shown or struck else '<p class="waiting">Looking through the sources</p>'
    return (
        f'{_within(exchange)}<div class="answer" dir="auto">{shown}</div>{struck}{waiting}'
        f'<div class="ended"><p class="aside">Stopped before the answer was finished.</p>{retry_tools()}</div>'
    )


def _within(exchange: Exchange) -> str:
    """What the question was narrowed to."""
    return f'<p class="aside within">Within {escape(exchange.within)}</p>' if exchange.within else ""


def _narrowed(exchange: Exchange, answer: Answer) -> str:
    """Under a refusal of a narrowed question: that other sources may answer it."""
    if not exchange.within or answer.outcome.is_answer:
        return ""
    return (
        f"<p>Only sources within {escape(exchange.within)} were searched. "
        '<button type="button" class="text-button" data-tool="widen">Ask all sources</button></p>'
    )


def _struck(withdrawn: Sequence[Withdrawn]) -> str:
    """What was taken back last, struck out, with the reason on hover; while the answer streams."""
    if not withdrawn:
        return ""
    last = withdrawn[-1]
    return f'<p class="aside"><del title="{escape(last.reason)}">{escape(last.text.strip())}</del></p>'


def _notice(exchange: Exchange, answer: Answer) -> str:
    """How the answer came about, where that needs saying; on hover why sentences were taken out."""
    if not answer.notice:
        return ""
    reasons = " ".join(dict.fromkeys(item.reason for item in exchange.withdrawn))
    title = f' title="{escape(reasons)}"' if reasons else ""
    return f'<p class="aside"{title}>{escape(answer.notice)}</p>'


def answer_html(text: str, citations: Sequence[Citation] | None, turn: int) -> str:
    """Paragraphs and lists of an answer; a marker that names a citation becomes a link to its card.

    While an answer streams its citations are not known yet (None): markers stand there, but lead nowhere.
    """
    by_marker = None if citations is None else {citation.marker: citation for citation in citations}
    blocks: list[str] = []
    items: list[str] = []
    for line in plain(text).splitlines():
        if _BULLET.match(line):
            items.append(f"<li>{_with_markers(_BULLET.sub('', line), by_marker, turn)}</li>")
            continue
        if items:
            blocks.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            blocks.append(f"<p>{_with_markers(line, by_marker, turn)}</p>")
    if items:
        blocks.append(f"<ul>{''.join(items)}</ul>")
    return "".join(blocks)


def _with_markers(line: str, by_marker: dict[int, Citation] | None, turn: int) -> str:
    parts: list[str] = []
    end = 0
    for match in _MARKER.finditer(line):
        citation = by_marker.get(int(match.group(1))) if by_marker is not None else None
        if by_marker is not None and citation is None:
            continue  # brackets in the words themselves, such as "[9]": no marker of ours
        parts.append(escape(line[end : match.start()]))
        parts.append(_marker(citation, turn) if citation else f'<span class="cite pending">{match.group(1)}</span>')
        end = match.end()
    return "".join(parts) + escape(line[end:])


def _marker(citation: Citation, turn: int) -> str:
    label = escape(f"Source {citation.marker}: {citation.source.title}")
    return (
        f'<a class="cite" href="#{card_id(turn, citation.marker)}" data-turn="{turn}" '
        f'data-marker="{citation.marker}" aria-label="{label}" title="{label}">{citation.marker}</a>'
    )


def _closest(hits: Sequence[Hit], today: date) -> str:
    """The nearest passages under a refusal, visibly not an answer."""
    if not hits:
        return ""
    items = "".join(
        f"<li><h4>{escape(hit.source.title)}</h4>{source_line(hit.source, today)}"
        f'<p class="closest-text">{escape(hit.passage.text)}</p>{links(hit.source, hit.passage.id)}</li>'
        for hit in hits[:CLOSEST_SHOWN]
    )
    return (
        '<section class="closest" aria-label="Closest I have, not an answer">'
        f"<h3>Closest I have <span>not an answer</span></h3><ul>{items}</ul></section>"
    )


def _suggestions(questions: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="suggestion" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    return f'<div class="suggestions"><p>You could ask</p><ul>{buttons}</ul></div>' if buttons else ""
