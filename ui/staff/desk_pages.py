"""The staff pages on which something is done: log in, add, preview, watch a job, look after one source. Pure."""

from collections.abc import Sequence
from datetime import date

from ingest.overrides import shown
from rag.store import FetchRecord
from rag.types import Passage, Source
from ui.dates import date_text
from ui.escape import escape, safe_url
from ui.staff.drafts import Draft
from ui.staff.jobs import Job
from ui.staff.layout import Frame, address, choice, definitions, field, form, page
from ui.staff.lists import STATE_TEXT
from ui.staff.records import SourceRow, age_text, moment_text

ACCEPTED = ".md,.txt,.html,.htm,.pdf,.docx,.pptx,.odt,.epub"
_STATUS = (("", "Not said"), ("open", "Open"), ("closed", "Closed"), ("historical", "Historical"))
_DATE_HINT = "A day, month or year such as 2025-10-23."


def login_page(frame: Frame) -> str:
    """The door."""
    password = field("password", "Password", kind="password", required=True, more='autocomplete="current-password"')
    return page("Log in", form("/staff/login", "Log in", frame, password), frame)


def add_page(frame: Frame, url: str = "") -> str:
    """By address or by file; nothing is published before it has been looked at."""
    by_url = form(
        "/staff/add/url",
        "Preview",
        frame,
        field("url", "Address of the page", url, kind="url", required=True, hint="From https:// on; a page or a PDF."),
    )
    by_file = form(
        "/staff/add/file",
        "Preview",
        frame,
        field(
            "file",
            "File",
            kind="file",
            required=True,
            hint="Markdown, text, HTML, PDF, Word, PowerPoint, OpenDocument or EPUB.",
            more=f'accept="{ACCEPTED}"',
        ),
        encoding="multipart/form-data",
    )
    return page(
        "Add a source",
        "<p>You see the cleaned text, what the guide knows about it, and its passages before it is published.</p>"
        f"<section><h2>From the web</h2>{by_url}</section><section><h2>From a file</h2>{by_file}</section>",
        frame,
    )


def draft_page(draft: Draft, frame: Frame) -> str:
    """What would be published, with everything known about it to mend."""
    source = draft.prepared.document.source
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in draft.prepared.warnings)
    warned = f'<section aria-label="To look at"><ul class="warnings">{warnings}</ul></section>' if warnings else ""
    replaces = (
        f'<p class="problem" role="note">A source with the identifier {escape(source.id)} is held already; publishing'
        " puts this in its place.</p>"
        if draft.replaces
        else ""
    )
    publish = form(address("drafts", draft.id, "publish"), "Publish", frame, _fields(source), kind="primary")
    discard = form(address("drafts", draft.id, "discard"), "Discard", frame, kind="quiet")
    return page(
        "Preview",
        f"{warned}{replaces}<section><h2>About the source</h2><p>What you leave empty stays as the document says.</p>"
        f"{publish}{discard}</section>"
        f"<section><h2>{escape(_counted(draft.prepared.passages))}</h2>"
        f"<p>This is all that answers can quote: the text after cleaning, cut where the lines are.</p>"
        f"{passages_html(draft.prepared.passages)}</section>",
        frame,
    )


def correct_page(source: Source, frame: Frame) -> str:
    """Everything known about a source that is held, to mend."""
    form_html = form(address("sources", source.id, "correct"), "Correct", frame, _fields(source), kind="primary")
    return page(
        f"Correct {source.title}",
        "<p>What you say is remembered, also when the source is read or fetched again. What you leave empty stays as it"
        f' is.</p>{form_html}<p><a href="{address("sources", source.id)}">Leave it as it is</a></p>',
        frame,
    )


def _fields(source: Source) -> str:
    """The form of everything that can be mended, under the names of front matter."""
    return "".join(
        (
            field("title", "Title", source.title, required=True),
            field("publisher", "Publisher", source.publisher),
            field("author", "Author", source.author),
            field("url", "Address", source.url, kind="url"),
            field("published", "Published", shown(source.published), hint=_DATE_HINT),
            field("valid_until", "Valid until", shown(source.valid_until), hint=_DATE_HINT),
            choice("status", "Status", _STATUS, shown(source.status)),
            field("language", "Language", source.language, hint="A tag such as en or cy."),
            field("topics", "Topics", shown(source.topics), hint="Apart by semicolons."),
            field("places", "Places", shown(source.places), hint="Apart by semicolons."),
            field("licence", "Licence", source.licence),
        )
    )


def passages_html(passages: Sequence[Passage]) -> str:
    """The text passage by passage, each with its heading, page and length."""
    items = "".join(
        f"<li><small>{escape(_passage_note(passage))}</small>"
        f"{''.join(f'<p>{escape(line)}</p>' for line in passage.text.split(chr(10)) if line.strip())}</li>"
        for passage in passages
    )
    return f'<ol class="passages">{items}</ol>'


def _counted(passages: Sequence[Passage]) -> str:
    return "1 passage" if len(passages) == 1 else f"{len(passages):,} passages"


def _passage_note(passage: Passage) -> str:
    page_text = f"page {passage.page}" if passage.page is not None else ""
    return " · ".join(part for part in (passage.heading, page_text, f"{passage.tokens} tokens") if part)


def job_page(job: Job, frame: Frame) -> str:
    """How far a job is. With a script the page follows it; without one it reloads every two seconds."""
    head = "" if job.is_over else '<noscript><meta http-equiv="refresh" content="2"></noscript>'
    bar = f'<progress max="{max(job.total, 1)}" value="{job.done}" aria-label="Progress"></progress>'
    count = f"{job.done:,} of {job.total:,}" if job.total else ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in job.lines)
    watched = "" if job.is_over else f' data-job="{address("jobs", job.id)}.json"'
    body = (
        f'<section class="job" data-state="{job.state}"{watched}><p role="status"><strong class="state-text">'
        f'{escape(job.state.capitalize())}</strong> <span class="stage">{escape(job.stage)}</span>'
        f' <span class="steps">{escape(count)}</span></p>{"" if job.is_over else bar}'
        f'<ul class="lines">{lines}</ul></section><p><a href="/staff">To the sources</a></p>'
    )
    return page(job.title, body, frame, head)


def source_page(
    row: SourceRow, passages: Sequence[Passage], fetches: Sequence[FetchRecord], today: date, frame: Frame
) -> str:
    """One source whole, and what can be done with it."""
    source, fetch = row.source, row.held.fetch
    url = safe_url(source.url)
    original = f'<p><a href="{url}" rel="noopener noreferrer">Read the original</a></p>' if url else ""
    published = (
        f"{date_text(source.published)} ({age_text(source.published, today)})" if source.published else "undated"
    )
    about = definitions(
        (
            ("State", STATE_TEXT[row.state]),
            ("Identifier", source.id),
            ("Publisher", source.publisher),
            ("Author", source.author),
            ("Published", published),
            ("Valid until", date_text(source.valid_until) if source.valid_until else ""),
            ("Because it says", source.valid_until_quote),
            ("Address", source.url),
            ("Read from", row.held.origin),
            ("Last fetched", moment_text(fetch.fetched_at) if fetch.fetched_at else ""),
            ("Other homes", ", ".join(home.url or home.source_id for home in source.homes)),
            ("Copy of", source.copy_of),
            ("Cited in answers", f"{row.cited:,}"),
        )
    )
    history = "".join(
        f"<li>{escape(moment_text(item.at))}: <strong>{escape(item.outcome)}</strong> {escape(item.detail)}</li>"
        for item in fetches
    )
    fetched = f"<section><h2>Fetches</h2><ul>{history}</ul></section>" if history else ""
    text = f"<section><h2>{escape(_counted(passages))}</h2>{passages_html(passages)}</section>" if passages else ""
    return page(source.title, f"{original}{_actions(row, frame)}{about}{fetched}{text}", frame)


def _actions(row: SourceRow, frame: Frame) -> str:
    id_ = row.source.id
    actions = [
        form(address("sources", id_, "restore"), "Restore", frame, kind="primary")
        if row.source.state == "retired"
        else form(address("sources", id_, "retire"), "Retire", frame, kind="quiet")
    ]
    if row.source.format != "briefing":
        actions.append(f'<a class="button" href="{address("sources", id_, "correct")}">Correct</a>')
    if row.is_web and row.source.state != "retired":
        actions.append(form(address("sources", id_, "refresh"), "Fetch again", frame))
    return f'<div class="actions">{"".join(actions)}</div>'
