"""Questions that the sources answer, shown before the first one is asked. Pure."""

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, TypeVar

from ui.escape import escape
from ui.facets import theme_label

if TYPE_CHECKING:
    from rag.store import HeldQuestion, View

SHOWN = 8
"""On the chat page."""
_CHARACTERS_SHORT = 80
"""Longer questions are shown only where a theme has no shorter one."""
_NEWEST = 6
"""Of a theme, so many questions take turns: those whose sources were published last."""
Item = TypeVar("Item")


def examples(view: "View", most: int) -> "tuple[HeldQuestion, ...]":
    """Up to `most` prepared questions: one of each theme, then a second of each, and so on.

    Which ones depends on the build alone; another build shows others. All are answered by what the view holds.
    """
    build = int(view.build_id, 16)
    newest_first = sorted(view.questions(), key=lambda item: (item.source.published or "", item.question), reverse=True)
    themes: dict[str, list[HeldQuestion]] = {}
    for item in sorted(newest_first, key=lambda item: len(item.question) > _CHARACTERS_SHORT):
        themes.setdefault(item.source.theme, []).append(item)
    turned = [_turned(items[:_NEWEST], build) + items[_NEWEST:] for _, items in sorted(themes.items())]
    rounds = chain.from_iterable(zip_longest(*_turned(turned, build)))
    return tuple(item for item in rounds if item is not None)[:most]


def examples_html(view: "View") -> str:
    """The questions as buttons, each under the name of its theme; says so where there are none."""
    names = view.theme_names()
    items = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(item.question)}">'
        f"<small>{escape(theme_label(item.source.theme, names))}</small>"
        f"<span>{escape(item.question)}</span></button></li>"
        for item in examples(view, SHOWN)
    )
    if not items:
        return "<p>No example fits the filters. Ask in your own words.</p>"
    return f'<h3>For example</h3><ul class="examples">{items}</ul>'


def _turned(items: Sequence[Item], by: int) -> list[Item]:
    start = by % len(items) if items else 0
    return [*items[start:], *items[:start]]
