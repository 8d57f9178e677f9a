"""Dated facts: the sentences of the sources that name one time, for the timeline. Pure.

A sentence is dated where it names exactly one day or month of one year, written out ("4 February 2025", "May 2024"),
or, failing that, exactly one year after a word that goes before years ("in 2019"). One that names several years, or a
span such as 2023/24, is left out: nothing says which of them it is about. Dates are those that the sentence states,
never the source's own.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.sentences import split_sentences
from rag.types import Passage, Source

_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_MONTH = "|".join(_MONTHS)
_WRITTEN = re.compile(rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{_MONTH}),? (?P<year>(?:19|20)\d\d)\b")
# "may" is a word as well as a month: only with a capital and beside a figure is it surely the month.
_MONTH_WORD = re.compile(rf"\b(?:{_MONTH.replace('May|', '')})\b|\bMay (?=\d)|(?<=\d )May\b")
_SPAN = re.compile(r"\b(?:19|20)\d\d\s?[/–-]\s?(?:(?:19|20)?\d\d)\b")
_ANY_YEAR = re.compile(r"(?<![\d,.£$€])(?:19|20)\d\d(?![\d%]|[.,]\d)")
_YEAR = re.compile(
    r"\b(?:in|by|since|from|until|till|during|before|after|early|late|mid|of|spring|summer|autumn|winter) "
    r"(?P<year>(?:19|20)\d\d)(?![\d%]|[.,]\d)"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence with the one time that it names."""

    date: str
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    text: str
    """Word for word as in the passage."""
    passage_id: str
    source: Source

    @property
    def year(self) -> int:
        """The year of the date."""
        return int(self.date[:4])


def dated_facts(source: Source, passages: Iterable[Passage]) -> Iterator[Fact]:
    """The dated facts of one source, in the order of its text."""
    for passage in passages:
        for start, end in split_sentences(passage.text):
            text = passage.text[start:end]
            date = stated_date(text)
            if date and not text.startswith("#"):
                yield Fact(date, text, passage.id, source)


def stated_date(sentence: str) -> str | None:
    """The one time that a sentence names: YYYY, YYYY-MM or YYYY-MM-DD; None where it names none or several."""
    years = set(_ANY_YEAR.findall(sentence))
    if len(years) != 1 or _SPAN.search(sentence):
        return None
    written = list(_WRITTEN.finditer(sentence))
    dates = {_iso(match) for match in written}
    # A month without a year beside it ("from October until December 2022") leaves open which is meant.
    if len(dates) == 1 and len(_MONTH_WORD.findall(sentence)) == len(written):
        return dates.pop()
    return years.pop() if written or _YEAR.search(sentence) else None


def _iso(match: re.Match[str]) -> str:
    month = f"{match['year']}-{_MONTHS[match['month']]:02}"
    day = int(match["day"] or 0)
    return f"{month}-{day:02}" if 1 <= day <= 31 else month


def newest_first(facts: Iterable[Fact], this_year: int) -> tuple[Fact, ...]:
    """From this year back, within a year those that name it alone last; then the years to come, the next first."""
    by_date = sorted(facts, key=lambda fact: (fact.date, fact.source.id, fact.text), reverse=True)
    return tuple(sorted(by_date, key=lambda fact: (fact.year > this_year, abs(this_year - fact.year))))
