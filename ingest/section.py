"""The headings of a Markdown text and what stands under each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r" {0,3}(```|~~~)")
TRAIL = " › "


@dataclass(frozen=True, slots=True)
class Section:
    """text[start:end] stands under `heading`; neither holds the heading lines themselves."""

    heading: str
    """Titles from the outermost to the nearest heading, joined by ' › '; empty above the first."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    line_start: int
    line_end: int
    title_start: int
    title_end: int


def sections(text: str) -> tuple[Section, ...]:
    """The sections with something in them, in order.

    A heading with neither text nor a lower heading under it becomes a section whose text is its own title, so that
    nothing the document says is lost.
    """
    found: list[Section] = []
    trail: list[_Heading] = []
    headings = list(_headings(text))
    _add(found, text, "", 0, headings[0].line_start if headings else len(text))
    for index, heading in enumerate(headings):
        following = headings[index + 1] if index + 1 < len(headings) else None
        trail = [outer for outer in trail if outer.level < heading.level]
        end = following.line_start if following else len(text)
        if text[heading.line_end : end].strip():
            _add(found, text, _trail([*trail, heading]), heading.line_end, end)
        elif following is None or following.level <= heading.level:
            _add(found, text, _trail(trail), heading.title_start, heading.title_end)
        trail.append(heading)
    return tuple(found)


def _headings(text: str) -> Iterator[_Heading]:
    fence = ""
    for line in _LINE.finditer(text):
        mark = _FENCE.match(line.group())
        if mark:
            fence = "" if fence == mark[1] else fence or mark[1]
            continue
        match = None if fence else _HEADING.match(line.group())
        if match and match[2]:
            start = line.start()
            yield _Heading(len(match[1]), match[2], start, line.end(), start + match.start(2), start + match.end(2))


def _trail(headings: list[_Heading]) -> str:
    return TRAIL.join(heading.title for heading in headings)


def _add(found: list[Section], text: str, heading: str, start: int, end: int) -> None:
    if text[start:end].strip():
        found.append(Section(heading, start, end))
