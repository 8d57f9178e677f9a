"""What the body of a briefing may hold: headings, and sentences that its one source answers for."""

import re
import unicodedata
from collections.abc import Iterator

from ingest.briefing import Briefing, Problem

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)]) +")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]»]*$")
_IMAGE = re.compile(r"!\[[^\]]*\][(\[]")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]*)")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)|\]\[[^\]]*\]")
_BARE_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s)>\]]+", re.IGNORECASE)
_HTML = re.compile(r"<(?:[a-z/!?])", re.IGNORECASE)


def body_problems(briefing: Briefing) -> Iterator[Problem]:
    """Yield what is wrong with the body, line by line."""
    seen: dict[str, int] = {}
    open_heading = 0
    for number, line in enumerate(briefing.body.split("\n"), start=briefing.body_line):
        text = line.strip()
        if not text:
            continue
        yield from _forbidden(briefing, number, line)
        heading = _HEADING.fullmatch(text)
        if heading:
            if open_heading:
                yield _empty_heading(briefing, open_heading)
            open_heading = number
            yield from _heading(briefing, number, len(heading[1]))
            continue
        open_heading = 0
        yield from _sentence(briefing, number, line, seen)
    if open_heading:
        yield _empty_heading(briefing, open_heading)
    if not seen:
        yield _problem(briefing, briefing.body_line, "The body is empty.", "Write what the source says, or remove it.")


def _sentence(briefing: Briefing, number: int, line: str, seen: dict[str, int]) -> Iterator[Problem]:
    text = _ITEM.sub("", line.strip(), count=1)
    if line.startswith(("    ", "\t")) or not _SENTENCE_END.search(text) or not re.match(r"[\w\"'“‘([*£€$]", text):
        yield _problem(
            briefing,
            number,
            f"The line is not a whole sentence: {_short(text)}",
            "Write one full sentence to a line, ending in a full stop, or a `## heading`.",
        )
    key = re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    first = seen.setdefault(key, number)
    if first != number:
        yield _problem(briefing, number, f"The sentence stands in line {first} already.", "Remove one of the two.")


def _heading(briefing: Briefing, number: int, level: int) -> Iterator[Problem]:
    if level == 1:
        yield _problem(
            briefing, number, "A heading of the first level.", "Leave it out: the title is in the front matter."
        )


def _forbidden(briefing: Briefing, number: int, line: str) -> Iterator[Problem]:
    """What no line may hold, because a reader could not tell that it comes from the briefing's own source."""
    own = briefing.front.url
    if _IMAGE.search(line):
        yield _problem(briefing, number, "An image.", "Say in a sentence what it shows, if the source says it.")
    elif _HTML.search(re.sub(r"<https?://[^\s>]*>", "", line)):
        yield _problem(briefing, number, "Raw HTML.", "Write plain Markdown.")
    targets = [match[1] for match in _LINK.finditer(line)] + _BARE_URL.findall(line)
    if _REFERENCE.search(line) or any(target.rstrip(".,;:!?'\"") not in (own, own.rstrip("/")) for target in targets):
        yield _problem(
            briefing,
            number,
            "A link to another place than the source.",
            f"Link to {own} or not at all; what another page says belongs into a briefing of its own.",
        )
    hidden = next((char for char in line if unicodedata.category(char) in ("Cc", "Cf", "Co") and char != "\t"), None)
    if hidden is not None:
        yield _problem(briefing, number, f"A character that cannot be seen (U+{ord(hidden):04X}).", "Delete it.")


def _empty_heading(briefing: Briefing, number: int) -> Problem:
    return _problem(briefing, number, "Nothing stands under this heading.", "Remove it, or write what belongs there.")


def _problem(briefing: Briefing, number: int, problem: str, remedy: str) -> Problem:
    return Problem(briefing.path, number, problem, remedy)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}…")
