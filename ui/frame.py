"""What stands around the conversation: masthead, welcome, notices and the panel's groups. Pure."""

from collections.abc import Sequence
from datetime import date

from ui.escape import escape
from ui.examples import EXAMPLES
from ui.panel import hits_panel, panel
from ui.render import Exchange, conversation

_NO_SOURCES = '<p class="panel-empty">This reply stands on no passage.</p>'


PAGES = (("/", "Chat"), ("/explore", "Explore"), ("/about", "About"))
"""Address and name of every page that the masthead leads to."""


def header(current: str) -> str:
    """The masthead of a page: the guide's name, the other pages, and the switch between light and dark.

    `current` is the address of the page that it stands on, as PAGES has it; empty on a page of none. A page that shows
    it links /site/masthead.css, and /site/scheme.js where it runs scripts; without that the switch stays hidden.
    """
    here = ' aria-current="page"'
    links = "".join(f'<li><a href="{path}"{here if path == current else ""}>{name}</a></li>' for path, name in PAGES)
    return (
        '<header class="masthead"><p class="brand"><a href="/">West Midlands <span>AI guide</span></a></p>'
        f'<nav aria-label="Pages"><ul>{links}</ul></nav>'
        '<button type="button" data-scheme aria-pressed="false" aria-label="Dark colours" title="Dark colours" hidden>'
        '<svg aria-hidden="true" focusable="false"><use href="/site/icons.svg#scheme"></use></svg></button></header>'
    )


def log(exchanges: Sequence[Exchange], today: date) -> str:
    """The finished exchanges; before the first, a welcome with example questions."""
    return conversation(exchanges, today) if exchanges else welcome()


def welcome() -> str:
    """What the guide is for, and questions that it can answer."""
    items = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(question)}">'
        f"<small>{escape(theme)}</small><span>{escape(question)}</span></button></li>"
        for theme, question in EXAMPLES
    )
    return (
        '<section class="welcome"><h1>What would you like to know about AI in the West Midlands?</h1>'
        "<p>Every sentence of an answer carries a number. The number opens the passage it was taken from, "
        "with its publisher and date. If the sources don’t say, neither does the guide.</p>"
        f'<h2>For example</h2><ul class="examples">{items}</ul></section>'
    )


def notice(message: str) -> str:
    """A problem with the question in the box."""
    return f'<p class="problem" role="alert">{escape(message)}</p>'


def panels(exchanges: Sequence[Exchange], today: date) -> str:
    """The sources of every exchange, one group each; the last is shown, a marker brings up its own."""
    head = '<h2 class="panel-title">Sources</h2>'
    if not exchanges:
        return (
            head + '<p class="panel-empty">The passages an answer stands on appear here, the words it uses marked.</p>'
        )
    last = exchanges[-1].number
    return head + "".join(
        f'<section class="panel-group" data-turn="{exchange.number}"{"" if exchange.number == last else " hidden"} '
        f'aria-label="Sources of: {escape(exchange.question)}">{sources(exchange, today) or _NO_SOURCES}</section>'
        for exchange in exchanges
    )


def sources(exchange: Exchange, today: date) -> str:
    """The panel's content for one exchange; empty where nothing was found."""
    if exchange.answer is not None:
        return panel(exchange.answer, exchange.number, today)
    return hits_panel(exchange.hits, today, "Reading these passages")
