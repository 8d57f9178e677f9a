"""The conversation as HTML, and an answer as plain text for the clipboard. Pure; all text goes through ui.escape."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.types import Answer, Citation, Hit, Turn, Withdrawn
from ui.dates import date_text
from ui.escape import escape, plain
from ui.panel import card_id, links, source_line

CLOSEST_SHOWN = 3
"""Passages shown under a refusal in the conversation."""
_MARKER = re.compile(r"\s?\[([0-9]{1,4})\]")
_BULLET = re.compile(r"^\s*(?:[-•*–]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question on the page and what has come back so far."""

    number: int
    """From 1, within the conversation."""
    question: str
    hits: tuple[Hit, ...] = ()
    text: str = ""
    """The answer as streamed so far."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """What was streamed and taken back."""
    answer: Answer | None = None
    """The finished answer; None while it streams, or when it failed or was stopped."""
    error: str = ""
    stopped: bool = False

    @property
    def state(self) -> str:
        """running, done, stopped or failed."""
        if self.error:
            return "failed"
        if self.answer is not None:
            return "done"
        return "stopped" if self.stopped else "running"

    def turn(self) -> Turn | None:
        """The exchange as history for a later question; None unless it was finished."""
        return None if self.answer is None else Turn(question=self.question, answer=self.answer.text)


def conversation(exchanges: Sequence[Exchange], today: date) -> str:
    """Every exchange, oldest first."""
    return "".join(exchange_html(exchange, today) for exchange in exchanges)


def exchange_html(exchange: Exchange, today: date) -> str:
    """A question with its answer and tools."""
    answer = exchange.answer
    outcome = f' data-outcome="{answer.outcome.value}"' if answer else ""
    return (
        f'<article class="turn" id="turn-{exchange.number}" data-turn="{exchange.number}" '
        f'data-state="{exchange.state}"{outcome}>'
        f'<h2 class="question" dir="auto">{escape(exchange.question)}</h2>'
        f"{_body(exchange, today)}</article>"
    )


def _body(exchange: Exchange, today: date) -> str:
    if exchange.error:
        return f'<p class="problem" role="alert">{escape(exchange.error)}</p>'
    if exchange.answer is None:
        if exchange.stopped:
            return f'{answer_html(exchange.text, None, exchange.number)}<p class="aside">Stopped.</p>'
        waiting = '<p class="waiting">Looking through the sources</p>'
        shown = answer_html(exchange.text, None, exchange.number) + _struck(exchange.withdrawn)
        return shown or waiting
    answer = exchange.answer
    understood = ""
    if answer.standalone_question.split() != answer.question.split():
        understood = f'<p class="aside">Understood as: {escape(answer.standalone_question)}</p>'
    closest = "" if answer.outcome.is_answer else _closest(answer.hits, today)
    kind = "answer" if answer.outcome.is_answer else "answer refusal"
    text = answer_html(answer.text, answer.citations, exchange.number)
    return (
        f'{understood}<div class="{kind}" dir="auto">{text}</div>{_notice(exchange, answer)}'
        f"{closest}{_suggestions(answer.suggestions)}{_tools(exchange, answer)}"
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


def _icon(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true" focusable="false"><use href="/site/icons.svg#{name}"></use></svg>'


def _tools(exchange: Exchange, answer: Answer) -> str:
    """Copy, thumbs up, thumbs down with a reason; the page's script gives them life."""
    reasons = "".join(
        f'<label><input type="radio" name="reason-{exchange.number}" value="{value}"> {label}</label>'
        for value, label in FEEDBACK_REASONS
    )
    number = exchange.number
    return (
        f'<div class="tools" data-question="{escape(answer.question)}" data-answer="{escape(answer.text)}" '
        f'data-build="{escape(answer.index_build)}" data-copy="{escape(copy_text(answer))}">'
        f'<button type="button" class="quiet" data-tool="copy">{_icon("copy")}<span>Copy</span></button>'
        f'<button type="button" class="quiet" data-tool="up" aria-pressed="false">{_icon("up")}'
        "<span>Helpful</span></button>"
        f'<button type="button" class="quiet" data-tool="down" aria-pressed="false" aria-expanded="false" '
        f'aria-controls="feedback-{number}">{_icon("down")}<span>Not helpful</span></button>'
        '<span class="tool-status" role="status"></span>'
        f'<form class="feedback" id="feedback-{number}" hidden><fieldset><legend>What is wrong with it? '
        f"<span>Optional</span></legend>{reasons}</fieldset>"
        f'<label class="feedback-comment"><span>In your own words <small>Optional, up to 500 characters</small></span>'
        '<textarea name="comment" rows="2" maxlength="500"></textarea></label>'
        '<div><button type="submit" class="small-primary">Send</button>'
        '<button type="button" class="quiet" data-tool="close">Cancel</button></div></form></div>'
    )


FEEDBACK_REASONS = (
    ("wrong", "Wrong"),
    ("outdated", "Outdated"),
    ("unsupported", "The source doesn’t say that"),
    ("missing", "Something is missing"),
)
"""Value stored and words shown, for a thumb down."""


def copy_text(answer: Answer) -> str:
    """The answer with its markers and, below it, numbered references; plain text."""
    references = [
        f"[{citation.marker}] {citation.source.title}. {citation.source.publisher}, "
        f"{date_text(citation.source.published)}. {citation.source.url}"
        for citation in answer.citations
    ]
    return plain("\n\n".join(part for part in (answer.text, "\n".join(references)) if part))
