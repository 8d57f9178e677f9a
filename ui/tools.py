"""What can be done with a turn of the conversation; the page's scripts give the buttons life. Pure."""

from rag.types import Answer
from ui.escape import escape

FEEDBACK_REASONS = (
    ("wrong", "Wrong"),
    ("outdated", "Outdated"),
    ("unsupported", "The source doesn’t say that"),
    ("missing", "Something is missing"),
)
"""Value stored and words shown, for a thumb down."""


def finished_tools(answer: Answer, number: int) -> str:
    """Sources (on phones), copy, link, retry, thumbs up, thumbs down with a reason."""
    shown = len(answer.citations or answer.hits)
    sources = (
        f'<button type="button" class="quiet narrow" data-tool="sources">Sources ({shown})</button>' if shown else ""
    )
    return (
        f'<div class="tools">{sources}{_button("copy", "Copy")}{_button("link", "Link")}{_button("retry", "Retry")}'
        f"{_button('up', 'Helpful', 'aria-pressed=false')}"
        f"{_button('down', 'Not helpful', f'aria-pressed=false aria-expanded=false aria-controls=feedback-{number}')}"
        f'<p class="tool-status" role="status"></p>{_feedback_form(number)}</div>'
    )


def retry_tools() -> str:
    """Retry alone, for a turn that has no answer."""
    return f'<div class="tools">{_button("retry", "Retry")}</div>'


def correction(understood: str, number: int) -> str:
    """The question as it was understood, and a form to say what was meant."""
    return (
        f'<div class="understood"><p class="aside">Understood as: {escape(understood)} '
        f'<button type="button" class="text-button" data-tool="correct" aria-expanded="false" '
        f'aria-controls="correction-{number}">Change</button></p>'
        f'<form class="correction" id="correction-{number}" hidden><label>Ask instead'
        f'<textarea name="question" rows="2">{escape(understood)}</textarea></label>'
        '<div><button type="submit" class="small-primary">Ask</button>'
        '<button type="button" class="quiet" data-tool="close">Cancel</button></div></form></div>'
    )


def _button(tool: str, label: str, more: str = "") -> str:
    icon = f'<svg class="icon" aria-hidden="true" focusable="false"><use href="/site/icons.svg#{tool}"></use></svg>'
    return f'<button type="button" class="quiet" data-tool="{tool}" {more}>{icon}<span>{label}</span></button>'


def _feedback_form(number: int) -> str:
    reasons = "".join(
        f'<label><input type="radio" name="reason-{number}" value="{value}"> {label}</label>'
        for value, label in FEEDBACK_REASONS
    )
    return (
        f'<form class="feedback" id="feedback-{number}" hidden><fieldset><legend>What is wrong with it? '
        f"<span>Optional</span></legend>{reasons}</fieldset>"
        '<label class="feedback-comment"><span>In your own words <small>Optional, up to 500 characters. '
        "No personal details, please.</small></span>"
        '<textarea name="comment" rows="2" maxlength="500"></textarea></label>'
        '<div><button type="submit" class="small-primary">Send</button>'
        '<button type="button" class="quiet" data-tool="close">Cancel</button></div></form>'
    )
