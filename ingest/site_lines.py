"""Lines that the pages of one site repeat: learnt by counting, taken out of each. Pure."""

import re
from collections import Counter
from collections.abc import Mapping

PAGES_MIN = 3
"""Pages of a site that must hold a line before it is taken for the site's own."""
SHARE_MIN = 0.5
"""Share of the site's pages that must hold it."""
_FACT = re.compile(r"\d|[£$€%]")


def repeated_lines(texts: Mapping[str, str]) -> frozenset[str]:
    """The keys of the lines that at least PAGES_MIN pages, and half of all, hold.

    A line with a figure in it is never one of them: what looks like boilerplate may be the deadline that matters.
    """
    if len(texts) < PAGES_MIN:
        return frozenset()
    seen: Counter[str] = Counter()
    for text in texts.values():
        seen.update({key for line in text.split("\n") if (key := _key(line))})
    wanted = max(PAGES_MIN, SHARE_MIN * len(texts))
    return frozenset(key for key, count in seen.items() if count >= wanted)


def without_lines(text: str, lines: frozenset[str]) -> str:
    """The text less the lines; itself where that would leave nothing."""
    if not lines:
        return text
    kept = [line for line in text.split("\n") if _key(line) not in lines]
    out = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return out if any(char.isalnum() for char in out) else text


def _key(line: str) -> str:
    folded = " ".join(re.sub(r"^(?:#{1,6}|-)\s+", "", line.strip()).casefold().split())
    return "" if not folded or _FACT.search(folded) else folded
