"""What stands around the conversation: masthead, welcome, filters, menu, panel. Pure."""

from ui.escape import escape

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


def log(examples: str) -> str:
    """The conversation, empty: a welcome with example questions, as HTML. The page's scripts put the turns below it."""
    return (
        '<h1 class="visually-hidden">Ask the West Midlands AI guide</h1>'
        f'<div id="log" role="log" aria-live="off" aria-label="Conversation">{welcome(examples)}'
        '<div id="turns"></div></div>'
    )


def welcome(examples: str) -> str:
    """What the guide is for, and questions that it can answer, which follow the filters."""
    return (
        '<section class="welcome"><h2>What would you like to know about AI in the West Midlands?</h2>'
        "<p>Every sentence of an answer carries a number. The number opens the passage it was taken from, "
        "with its publisher and date. If the sources don’t say, neither does the guide.</p>"
        f'<div id="examples">{examples}</div></section>'
    )


def problem(message: str) -> str:
    """A problem with the question in the box."""
    return f'<p class="problem">{escape(message)}</p>'


def mail(html: str) -> str:
    """HTML for the page's scripts to put where it belongs; the browser shows nothing of it by itself.

    It lies in an attribute, because Gradio changes an HTML block node by node instead of putting in a new one.
    """
    return f'<div data-mail="{escape(html)}"></div>'


def side() -> str:
    """The sources panel, empty; each turn brings its own group."""
    return (
        '<section id="panel" aria-labelledby="panel-title"><h2 class="panel-title" id="panel-title" tabindex="-1">'
        'Sources</h2><p class="panel-empty">The passages an answer stands on appear here, the words it uses marked.</p>'
        '<div id="groups"></div></section>'
        '<dialog id="sheet" class="sheet" aria-labelledby="panel-title">'
        '<form method="dialog"><button class="quiet">Close</button></form></dialog>'
    )


def chips() -> str:
    """Above the box: the filters in force, and the form that sets them."""
    selects = "".join(
        f'<label>{label}<select data-filter="{name}"><option value="">{every}</option></select></label>'
        for name, label, every in FILTERS
    )
    return (
        '<ul id="chips" aria-label="Filters in force"></ul>'
        f'<form id="filters" hidden aria-label="Filters">{selects}'
        '<p class="filters-note">They apply from the next question on.</p></form>'
    )


FILTERS = (
    ("themes", "Theme", "Add a theme"),
    ("places", "Place", "Add a place"),
    ("published_from", "Published", "Any year"),
)
"""Field of a selection, label, and the words of the empty choice."""


def menu() -> str:
    """Beside Ask: filters, a new conversation, the earlier ones, and what takes this one away with you."""
    return (
        '<div class="menu"><button type="button" class="quiet" id="filter" data-do="filter" aria-expanded="false" '
        f'aria-controls="filters">{_icon("filter")}<span>Filters</span></button>'
        f'<button type="button" class="quiet" id="new" data-do="new">{_icon("new")}<span>New chat</span></button>'
        f'<button type="button" class="quiet" id="past" data-do="history">{_icon("past")}<span>History</span></button>'
        f'<details class="export"><summary class="quiet">{_icon("export")}<span>Export</span></summary><div>'
        '<button type="button" class="quiet" data-do="markdown">As Markdown</button>'
        '<button type="button" class="quiet" data-do="json">As JSON</button></div></details></div>'
        '<dialog id="history" class="sheet" aria-labelledby="history-title"><form method="dialog">'
        '<h2 id="history-title" tabindex="-1">History</h2><button class="quiet">Close</button></form>'
        '<p class="history-note">Kept in this browser only. The guide’s server keeps no conversation.</p>'
        '<ul id="conversations"></ul><p class="history-empty">No conversation yet.</p>'
        '<div class="history-clear"><button type="button" class="quiet" data-do="clear">Clear all</button></div>'
        "</dialog>"
    )


def _icon(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true" focusable="false"><use href="/site/icons.svg#{name}"></use></svg>'
