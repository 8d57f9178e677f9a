"""The frame of the pages beside the chat: masthead, content, foot. Pure."""

from collections.abc import Sequence

from ui import frame
from ui.passage_page import document


def site_page(
    title: str,
    body: str,
    *,
    current: str = "",
    styles: Sequence[str] = (),
    scripts: Sequence[str] = ("scheme.js",),
    indexed: bool = True,
) -> str:
    """A whole page around `body`, which is HTML; the title is text.

    `current` is the address of the page as frame.PAGES has it; `styles` and `scripts` are files of ui/static.
    """
    return document(
        title,
        body,
        before='<a class="skip" href="#content">Skip to the content</a>'
        f'<div class="site-head">{frame.header(current)}</div>',
        styles=("masthead.css", "site.css", *styles),
        scripts=scripts,
        indexed=indexed,
    )


def count(number: int, one: str, many: str = "") -> str:
    """`1 source`, `1,234 sources`; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
