"""The staff pages that list: sources, unanswered questions, feedback. Pure."""

from collections.abc import Sequence
from datetime import date

from rag.store import Feedback
from ui.escape import escape
from ui.staff.jobs import Job
from ui.staff.layout import Frame, address, choice, field, page
from ui.staff.records import SourceRow, UnansweredGroup, age_text, moment_text

STATES = (
    ("", "Every state"),
    ("current", "Current"),
    ("copy", "Copy of another"),
    ("failing", "Cannot be fetched"),
    ("missing", "Missing once"),
    ("gone", "Gone"),
    ("retired", "Retired"),
)
STATE_TEXT = {
    "current": "Current",
    "copy": "Copy",
    "failing": "Cannot be fetched: the older text stays",
    "missing": "Missing at its address: gone if that is so again",
    "gone": "Gone: not shown",
    "retired": "Retired: not shown",
}
REASON_TEXT = {
    "no_match": "No sentence of the sources answers it",
    "no_quote": "What was found could not be quoted",
    "out_of_area": "About a place outside the region",
    "other_topic": "About something else",
    "personal_advice": "Asks for advice on somebody's own case",
}
"""Why a question was not answered; a reason that is not here is shown by its code."""
ROWS_MAX = 500
QUOTED_CHARS_MAX = 400


def sources_page(
    rows: Sequence[SourceRow], total: int, words: str, state: str, working: Sequence[Job], today: date, frame: Frame
) -> str:
    """The list of sources, with what is being done on top."""
    search = (
        '<form method="get" action="/staff" class="search" role="search">'
        f"{field('q', 'Find', words, kind='search')}{choice('state', 'State', STATES, state)}"
        '<button type="submit">Show</button></form>'
    )
    shown = rows[:ROWS_MAX]
    count = f"{len(rows):,} of {total:,} sources" + (
        f"; the first {ROWS_MAX} are shown" if len(rows) > ROWS_MAX else ""
    )
    body = "".join(_source_row(row, today) for row in shown)
    columns = ("Source", "Age", "State", "Passages", "Cited in answers")
    head = "".join(f'<th scope="col"{" class=number" if name in columns[3:] else ""}>{name}</th>' for name in columns)
    table = (
        '<div class="table" tabindex="0" role="region" aria-label="Sources">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        if shown
        else "<p>No source is like that.</p>"
    )
    return page("Sources", f'{_working(working)}{search}<p class="count">{escape(count)}</p>{table}', frame)


def _source_row(row: SourceRow, today: date) -> str:
    source = row.source
    about = f"{source.publisher} · {source.id}" if source.publisher else source.id
    return (
        f'<tr><th scope="row"><a href="{address("sources", source.id)}">{escape(source.title)}</a>'
        f"<small>{escape(about)}</small></th><td>{escape(age_text(source.published, today))}</td>"
        f'<td><span class="state" data-state="{row.state}">{escape(STATE_TEXT[row.state])}</span></td>'
        f'<td class="number">{row.passages:,}</td><td class="number">{row.cited:,}</td></tr>'
    )


def _working(jobs: Sequence[Job]) -> str:
    items = "".join(
        f'<li><a href="{address("jobs", job.id)}">{escape(job.title)}</a> ({escape(job.state)})</li>' for job in jobs
    )
    return f'<section aria-label="In progress"><ul class="working">{items}</ul></section>' if items else ""


def unanswered_page(groups: Sequence[UnansweredGroup], frame: Frame) -> str:
    """What people asked in vain, the most asked first, with the closest passages."""
    if not groups:
        return page("Unanswered questions", "<p>Every question so far was answered.</p>", frame)
    items = "".join(_unanswered(group) for group in groups)
    intro = "<p>Questions that the sources could not answer, the most asked first. Add a source that answers them.</p>"
    return page("Unanswered questions", f'{intro}<ol class="entries">{items}</ol>', frame)


def _unanswered(group: UnansweredGroup) -> str:
    times = "once" if group.count == 1 else f"{group.count:,} times"
    nearest = "".join(
        f'<li><a href="/passages/{escape(passage.id)}">{escape(source.title)}</a>'
        f"<blockquote>{escape(_short(passage.text))}</blockquote></li>"
        for passage, source in group.nearest
    )
    closest = (
        f"<details><summary>Closest I had</summary><ul>{nearest}</ul></details>"
        if nearest
        else "<p>Nothing came close.</p>"
    )
    return (
        f"<li><h2>{escape(group.question)}</h2><p>Asked {times}, last on {escape(moment_text(group.last_asked))}"
        f". {escape(REASON_TEXT.get(group.reason, group.reason))}.</p>{closest}</li>"
    )


def feedback_page(items: Sequence[Feedback], frame: Frame) -> str:
    """What readers thought of answers, newest first."""
    if not items:
        return page("Feedback", "<p>No reader has rated an answer yet.</p>", frame)
    body = "".join(
        f'<li data-rating="{item.rating}"><h2>{escape(item.question or "(not kept)")}</h2>'
        f"<p><strong>{'Helpful' if item.rating == 'up' else 'Not helpful'}</strong> on"
        f" {escape(moment_text(item.created))}{escape(f': {item.reason}' if item.reason else '')}</p>"
        f"{f'<p>{escape(item.comment)}</p>' if item.comment else ''}"
        f"<details><summary>The answer</summary><blockquote>{escape(item.answer)}</blockquote></details></li>"
        for item in items
    )
    return page("Feedback", f'<ol class="entries">{body}</ol>', frame)


def _short(text: str) -> str:
    return text if len(text) <= QUOTED_CHARS_MAX else f"{text[: QUOTED_CHARS_MAX - 1]}…"
