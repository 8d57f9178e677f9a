"""The figures and dates of a text in a form in which two ways of writing one are the same. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from rag.answer_types import MONTHS
from rag.words import fold

_SCALES = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000, "thousand": 1_000, "million": 1_000_000, "billion": 10**9}
_FIGURE = re.compile(
    r"(?P<currency>[£$€])?\s?(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<scale>thousand|million|billion|bn|k|m)\b)?\s?(?P<percent>%|per ?cent\b)?"
)
_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
"""
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDS = {word: number for number, word in enumerate(_UNITS.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split("|"), 2)
}
_WORD_FIGURE = re.compile(
    rf"\b(?:(?P<tens>{_TENS})[ -](?P<unit>one|two|three|four|five|six|seven|eight|nine)"
    rf"|(?P<word>{'|'.join(_WORDS)}))\b(?:\s(?P<scale>hundred|thousand|million|billion)\b)?"
    r"\s?(?P<percent>%|per ?cent\b)?"
)
_VAGUE = re.compile(r"\b(?:hundreds|thousands|millions|billions|dozens?|half|third|quarter|double[ds]?|triple[ds]?)\b")
_MONTH = rf"(?:{MONTHS.lower()})"
_DATE = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?\b(?P<month>{_MONTH})\b"
    r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?\b(?! ?\d))?(?:,? (?P<year>(?:19|20)\d\d)\b)?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts in."""

    value: Decimal
    unit: str
    """£, $, €, % or nothing."""


@dataclass(frozen=True, slots=True)
class Date:
    """A month with the day and the year that stand by it."""

    month: str
    day: int | None
    year: int | None

    def within(self, other: "Date") -> bool:
        """Whether the other date says all that this one says."""
        days = self.day is None or self.day == other.day
        return self.month == other.month and days and (self.year is None or self.year == other.year)


def figures(text: str) -> frozenset[Figure | str]:
    """Numbers in digits and in words, and vague ones such as "half"; "one" alone is no figure.

    £1.2m, £1,200,000 and £1.2 million are the same figure.
    """
    plain = fold(text)
    found: set[Figure | str] = set(_VAGUE.findall(plain))
    for match in _FIGURE.finditer(plain):
        value = Decimal(match["number"].replace(",", "")) * _SCALES.get(match["scale"] or "", 1)
        found.add(Figure(value.normalize(), "%" if match["percent"] else match["currency"] or ""))
    for match in _WORD_FIGURE.finditer(plain):
        words = (match["tens"], match["unit"]) if match["tens"] else (match["word"],)
        scale = {"hundred": 100}.get(match["scale"] or "", _SCALES.get(match["scale"] or "", 1))
        if words == ("one",) and scale == 1 and not match["percent"]:
            continue
        value = Decimal(sum(_WORDS[word] for word in words) * scale)
        found.add(Figure(value.normalize(), "%" if match["percent"] else ""))
    return frozenset(found)


def dates(text: str) -> frozenset[Date]:
    """Months that are named, with day and year where they stand beside it; "may" counts only beside one of them."""
    found = set()
    for match in _DATE.finditer(fold(text)):
        day = match["day"] or match["after"]
        if match["month"] == "may" and not day and not match["year"]:
            continue
        found.add(Date(match["month"], int(day) if day else None, int(match["year"]) if match["year"] else None))
    return frozenset(found)
