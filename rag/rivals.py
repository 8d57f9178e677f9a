"""Whether sentences of two sources speak of the same thing and give it different figures. Pure."""

import re
from collections.abc import Callable

from rag.answer_types import AnswerType
from rag.features import Candidate
from rag.figures import Figure, figures
from rag.gazetteer import places_elsewhere
from rag.question import Question

_ALIKE_MIN = 0.78
"""Least cosine of two sentences about one thing. Of 28 pairs with different figures in answers to held-out training
questions and the golden train split, those about the same thing lie at 0.80 and above, the others below 0.78 but for
one about another region."""
_ATTRIBUTION = re.compile(
    r"\([^)]*\)|,? \b(?:according to|as reported|reported|quoted|as of)\b.*$|\b(?:report|study|survey|index|summary)\b "
    r"(?:of|from|released (?:on|in)|published (?:on|in)) [\w ]*\d{4}"
)
"""Who says so and when: its years and numbers are not what is said."""
_YEARS = range(1900, 2100)
_COUNTED: dict[AnswerType, Callable[[Figure], bool]] = {
    AnswerType.MONEY: lambda figure: figure.unit in {"£", "$", "€"},
    AnswerType.PERCENT: lambda figure: figure.unit == "%",
    AnswerType.NUMBER: lambda figure: not figure.unit and not _is_year(figure),
    AnswerType.DATE: lambda figure: not figure.unit and _is_year(figure),
}
"""Which of a sentence's figures could be the one asked for."""


def asked_figures(question: Question, text: str) -> frozenset[Figure]:
    """The figures of a sentence that are of a kind asked for and not the question's own."""
    tests = [_COUNTED[kind] for kind in question.types if kind in _COUNTED]
    said = figures(_ATTRIBUTION.sub("", text)) - figures(question.text)
    return frozenset(figure for figure in said if isinstance(figure, Figure) and any(test(figure) for test in tests))


def differ(question: Question, one: Candidate, other: Candidate) -> bool:
    """Whether two sources speak of the same thing and give it different figures."""
    if one.source.id == other.source.id or is_elsewhere(question, one, other):
        return False
    first, second = asked_figures(question, one.text), asked_figures(question, other.text)
    if not first or not second or first & second:
        return False
    return float(one.vector @ other.vector) >= _ALIKE_MIN


def is_elsewhere(question: Question, best: Candidate, other: Candidate) -> bool:
    """Whether a sentence is about a place outside the region of which neither question nor best sentence speaks."""
    return bool(places_elsewhere(other.text) - places_elsewhere(f"{question.text} {best.text}"))


def _is_year(figure: Figure) -> bool:
    return figure.value == int(figure.value) and int(figure.value) in _YEARS
