"""The page about the guide: what it is, how it answers with a real example, what it stores, whom to tell. Pure."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from rag.types import Answer
from ui.dates import date_text
from ui.escape import escape
from ui.frame import PAGES
from ui.panel import marked, passage_url
from ui.site_page import count, site_page

ADDRESS = PAGES[-1][0]
TEMPLATE = Path(__file__).parent / "pages" / "about.html"
_HITS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the page tells of this guide; dates are YYYY, YYYY-MM or YYYY-MM-DD, empty where there is none."""

    sources: int
    passages: int
    sentences: int
    recorded: str
    """The last day on which a source was read."""
    newest: str
    """The latest date of publication."""
    index_build: str
    licences: tuple[str, ...]
    """Of the wording that is quoted, the most frequent first."""
    example: Answer | None
    """A question that was answered just now; None where there is none to show."""
    candidates: int
    """Passages that each of the two searches puts forward for one question, at most."""
    logs_unanswered: bool
    kept_most: int
    """Answers kept under addresses of their own, at most; 0 where none are."""
    kept_days: int
    """Days for which they are; 0 for no end."""
    chat_model: str
    """provider:model of the chat model that writes; empty where the sources' own words are shown."""


def about_page(about: About) -> str:
    """The page as HTML."""
    body = _template().substitute(
        sources=count(about.sources, "source"),
        passages=count(about.passages, "passage"),
        sentences=count(about.sentences, "sentence"),
        candidates=f"{about.candidates:,}",
        build=escape(about.index_build),
        recorded=f", last read on {escape(date_text(about.recorded))}" if about.recorded else "",
        newest=f" The latest was published {escape(_when(about.newest))}." if about.newest else "",
        licences=f"The briefings quoted are under {escape(' and '.join(about.licences))}." if about.licences else "",
        writer=_writer(about),
        example=_example(about.example) if about.example and about.example.citations else "",
        unanswered=_unanswered(about),
        kept=_kept(about),
        chat_model=_chat_model(about),
    )
    return site_page("About", body, current=ADDRESS, styles=("about.css",))


@cache
def _template() -> Template:
    return Template(TEMPLATE.read_text(encoding="utf-8"))


def _when(value: str) -> str:
    return f"on {date_text(value)}" if len(value) == len("2026-11-27") else f"in {date_text(value)}"


def _writer(about: About) -> str:
    if not about.chat_model:
        return ""
    return (
        f"<p>Answers are written by a chat model, {escape(about.chat_model)}, from the passages found. Each of its "
        "sentences is held to the passages that it names, and taken out where it does not hold.</p>"
    )


def _example(answer: Answer) -> str:
    first = answer.citations[0]
    hits = "".join(
        f'<li><a href="{passage_url(hit.passage.id)}">{escape(hit.source.title)}</a> '
        f"<span>{escape(hit.source.publisher)}, {_percent(hit.score)}</span></li>"
        for hit in answer.hits[:_HITS_SHOWN]
    )
    sure = f"<p>That they answer it at all is {_percent(answer.confidence)} likely.</p>" if answer.confidence else ""
    return (
        '<section class="example"><h2>For example</h2><p class="made">Made by this server from its present sources, '
        f'by the steps above.</p><dl><dt>Question</dt><dd class="question">{escape(answer.question)}</dd><dt>Found</dt>'
        f"<dd><p>{count(len(answer.hits), 'passage')}. First, with how likely their best sentences answer it:</p>"
        f"<ol>{hits}</ol>{sure}</dd><dt>Read</dt>"
        f"<dd><blockquote>{marked(first.passage.text, first.start, first.end)}</blockquote><p>The sentence marked "
        f"answers it. It stands in the passage exactly, from character {first.start + 1:,} to {first.end:,}: "
        f'<a href="{passage_url(first.passage.id, first.quote)}">look it up</a>.</p></dd>'
        f"<dt>Answer</dt><dd><p>{escape(answer.text)}</p></dd></dl></section>"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _unanswered(about: About) -> str:
    if not about.logs_unanswered:
        return "Neither are those that were not."
    return (
        "Those that the sources could not answer, or that lie outside what the guide covers, are: the question, the "
        "reason, the closest passages and the time, so that staff see what to add. Nothing says who asked."
    )


def _kept(about: About) -> str:
    if not about.kept_most:
        return ""
    days = f"after {about.kept_days:,} days, or earlier " if about.kept_days else ""
    return (
        "<li><strong>An answer that you keep</strong> under an address of its own is stored with its question and "
        f"passages. Whoever has the address can read it. It is deleted {days}when {about.kept_most:,} newer ones are "
        "kept.</li>"
    )


def _chat_model(about: About) -> str:
    if not about.chat_model:
        return ""
    return (
        f"<li><strong>The chat model</strong>, {escape(about.chat_model)}, is sent your question, what led up to it "
        "and the passages found. Its provider’s terms apply, where it runs elsewhere.</li>"
    )
