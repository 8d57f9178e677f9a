"""The answer without a language model: the best sentences of the sources, word for word, the direct answer first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer_types import AnswerType, holds, values
from rag.cite import Draft, Evidence
from rag.fitted import Fitted
from rag.question import Question
from rag.reader import Judged, Reading
from rag.words import is_content, stems

NAME = "extractive"
"""What Answer.answerer says when this module made the answer."""

_POOL = 16
"""How many of the best sentences may enter an answer."""
_SAME_OVERLAP = 0.6
"""Two sentences that share this much of the shorter one's content words say the same thing."""
_RIVAL_REACH = 3.0
"""How much further below the best score a sentence may lie for giving another figure for the same thing."""
_RIVAL_OVERLAP = 0.4
"""Two sentences of different sources that share this much speak of the same thing and may give rival figures."""
_LIST_EXTRA = 3
"""How many more sentences a list may have than another answer."""
_REACH = 1.5
"""How much further below the best score a sentence may lie for having all that is still missing."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIGURES: dict[AnswerType, Callable[[str], bool]] = {
    AnswerType.MONEY: lambda figure: figure[0] in "£$€",
    AnswerType.PERCENT: lambda figure: figure.endswith("%"),
    AnswerType.NUMBER: lambda figure: figure[0].isdigit() and figure[-1] != "%" and not _YEAR.fullmatch(figure),
    AnswerType.DATE: lambda figure: bool(_YEAR.fullmatch(figure)),
}
"""Which of a sentence's figures could be the one asked for."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What is to be said, in reading order."""

    drafts: tuple[Draft, ...]
    differ: bool
    """Whether sources give different figures for what was asked."""


def compose(question: Question, reading: Reading, fitted: Fitted, sentences_max: int) -> Composition:
    """Pick the sentences of an answer; needs a reading with at least one sentence."""
    chosen = _choose(question, reading, fitted, sentences_max)
    figures = [judged for judged in chosen if _figures(question, judged)]
    differ = len(chosen) > 1 and any(_differs(question, chosen[0], other) for other in figures[1:])
    drafts = tuple(_draft(judged) for judged in _reading_order(chosen))
    return Composition(drafts=drafts, differ=differ)


def _choose(question: Question, reading: Reading, fitted: Fitted, sentences_max: int) -> list[Judged]:
    """The best sentence, then those near it that add something new; what is still missing may lie further off."""
    best = reading.judged[0]
    chosen = [best]
    bound = sentences_max + (_LIST_EXTRA if question.wants_list else 0)
    for judged in reading.judged[1:_POOL]:
        if len(chosen) >= bound:
            break
        reach = fitted.further + _REACH * _missing(question, chosen, judged)
        if _rivals(question, best, judged):
            reach += _RIVAL_REACH
        if best.score - judged.score <= reach and _adds(question, chosen, judged):
            chosen.append(judged)
    return chosen


def _missing(question: Question, chosen: Sequence[Judged], judged: Judged) -> float:
    """How much of what the question asks for this sentence has and the chosen ones lack, from 0 to about 2."""
    said = " ".join(other.candidate.text for other in chosen)
    types = [kind for kind in question.types if not holds(kind)(said) and holds(kind)(judged.candidate.text)]
    known, fresh = set(stems(said)), set(stems(judged.candidate.text))
    weight = sum(term.weight for term in question.terms if term.stem in fresh - known)
    plural = 0.5 if question.wants_list or question.wants_comparison else 0.0
    return plural + (0.5 if types else 0.0) + (weight / question.weight if question.weight else 0.0)


def _adds(question: Question, chosen: Sequence[Judged], judged: Judged) -> bool:
    """Whether a sentence says something that none of the chosen ones says."""
    asked = frozenset(term.stem for term in question.terms)
    return all(
        _overlap(other.candidate.text, judged.candidate.text, asked) < _SAME_OVERLAP
        or _differs(question, other, judged)
        for other in chosen
    )


def _overlap(one: str, other: str, without: frozenset[str] = frozenset()) -> float:
    """Shared content stems over those of the shorter sentence, in [0, 1]; stems of `without` do not count."""
    first, second = (frozenset(item for item in stems(text) if is_content(item)) - without for text in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))


def _figures(question: Question, judged: Judged) -> frozenset[str]:
    """The figures of a sentence that are of a kind asked for and not the question's own."""
    fresh = values(judged.candidate.text) - values(question.text)
    tests = [_FIGURES[kind] for kind in question.types if kind in _FIGURES]
    return frozenset(figure for figure in fresh if any(test(figure) for test in tests))


def _differs(question: Question, one: Judged, other: Judged) -> bool:
    """Whether two sources speak of the same thing and give it different figures."""
    if one.candidate.source.id == other.candidate.source.id:
        return False
    figures = _figures(question, one), _figures(question, other)
    if not all(figures) or figures[0] & figures[1]:
        return False
    return _overlap(one.candidate.text, other.candidate.text) >= _RIVAL_OVERLAP


def _rivals(question: Question, best: Judged, judged: Judged) -> bool:
    """Whether a sentence answers as much of the question as the best one does, with another figure."""
    asked = {term.stem for term in question.terms}
    covered = asked & set(stems(best.candidate.text)) <= set(stems(judged.candidate.text))
    return covered and _differs(question, best, judged)


def _reading_order(chosen: Sequence[Judged]) -> list[Judged]:
    """The direct answer first, then what its own source adds in that source's order, then the other sources."""
    best = chosen[0]
    same = [judged for judged in chosen[1:] if judged.candidate.source.id == best.candidate.source.id]
    others = [judged for judged in chosen[1:] if judged.candidate.source.id != best.candidate.source.id]
    same.sort(key=lambda judged: (judged.candidate.passage.start, judged.candidate.ordinal))
    return [best, *same, *others]


def _draft(judged: Judged) -> Draft:
    candidate = judged.candidate
    text = " ".join(candidate.text.split())
    evidence = Evidence(candidate.passage, candidate.source, candidate.text, candidate.start, candidate.end)
    return Draft(text=text, evidence=(evidence,), support=round(judged.support, 4))
