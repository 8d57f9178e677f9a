"""What every staff page has in common: the frame around it, forms, fields. Pure; all text passes through `escape`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ui.escape import escape

TABS = (
    ("/staff", "Sources"),
    ("/staff/add", "Add"),
    ("/staff/unanswered", "Unanswered"),
    ("/staff/feedback", "Feedback"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page needs to know of who is looking at it."""

    csrf: str
    """Token that every form carries; empty where nobody is logged in."""
    tab: str = ""
    """Address of the tab that the page belongs to."""
    problem: str = ""
    """Shown on top: what could not be done."""


def page(title: str, body: str, frame: Frame, head: str = "") -> str:
    """A whole page around `body`, which is HTML; `head` is further HTML for the head, the title is text."""
    problem = f'<p class="problem" role="alert">{escape(frame.problem)}</p>' if frame.problem else ""
    return (
        '<!doctype html><html lang="en-GB" class="follows-system"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)} · Staff · West Midlands AI guide</title>"
        '<link rel="icon" href="/site/favicon.svg"><link rel="stylesheet" href="/site/tokens.css">'
        '<link rel="stylesheet" href="/site/staff.css"><script src="/site/staff.js" defer></script>'
        f'{head}</head><body><a class="skip" href="#main">Skip to the content</a>{_masthead(frame)}'
        f'<main id="main" tabindex="-1"><h1>{escape(title)}</h1>{problem}{body}</main></body></html>'
    )


def _masthead(frame: Frame) -> str:
    brand = '<p class="brand"><a href="/">West Midlands AI guide</a> <span>Staff</span></p>'
    if not frame.csrf:
        return f"<header>{brand}</header>"
    current = ' aria-current="page"'
    tabs = "".join(f'<li><a href="{tab}"{current if tab == frame.tab else ""}>{name}</a></li>' for tab, name in TABS)
    leave = form("/staff/logout", "Log out", frame, kind="quiet")
    return f'<header>{brand}<nav aria-label="Staff"><ul>{tabs}</ul></nav>{leave}</header>'


def form(action: str, button: str, frame: Frame, fields: str = "", kind: str = "", encoding: str = "") -> str:
    """A form that posts; `fields` is HTML, `button` text, `kind` a class of the button."""
    enctype = f' enctype="{encoding}"' if encoding else ""
    token = f'<input type="hidden" name="csrf" value="{escape(frame.csrf)}">' if frame.csrf else ""
    return (
        f'<form method="post" action="{escape(action)}"{enctype}>{token}{fields}'
        f'<button type="submit" class="{kind}">{escape(button)}</button></form>'
    )


def field(
    name: str,
    label: str,
    value: str = "",
    *,
    kind: str = "text",
    hint: str = "",
    required: bool = False,
    more: str = "",
) -> str:
    """A labelled input; `more` is further HTML attributes."""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    hint_html = f'<small id="{name}-hint">{escape(hint)}</small>' if hint else ""
    needed = " required" if required else ""
    return (
        f'<p class="field"><label for="{name}">{escape(label)}</label>{hint_html}'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}"{described}{needed} {more}></p>'
    )


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    """A labelled drop-down of (value, text)."""
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in options
    )
    drop_down = f'<select id="{name}" name="{name}">{items}</select>'
    return f'<p class="field"><label for="{name}">{escape(label)}</label>{drop_down}</p>'


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and what they are; both text. Empty ones are left out."""
    items = "".join(f"<dt>{escape(term)}</dt><dd>{escape(value)}</dd>" for term, value in pairs if value)
    return f"<dl>{items}</dl>" if items else ""


def address(*parts: str) -> str:
    """A path below /staff; what comes from outside is quoted, so that it stays one step of the path."""
    return "/staff/" + "/".join(quote(part, safe="") for part in parts)
