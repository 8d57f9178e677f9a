"""The answer without a language model: the best sentences of the sources, word for word, the direct answer first."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer_types import holds
from rag.cite import Draft, Evidence
from rag.figures import figures
from rag.fitted import Fitted
from rag.question import Question
from rag.reader import Judged, Reading
from rag.rivals import differ, is_elsewhere
from rag.words import content_stems, stems

NAME = "extractive"
"""What Answer.answerer says when this module made the answer."""

_POOL = 16
"""How many of the best sentences may enter an answer."""
_SAME_OVERLAP = 0.6
"""Two sentences that share this much of the shorter one's content words say the same thing."""
_RIVAL_REACH = 3.0
"""How much further below the best score a sentence may lie for giving another figure for the same thing."""
_LIST_EXTRA = 3
"""How many more sentences a list may have than another answer."""
_REACH = 1.5
"""How much further below the best score a sentence may lie for having all that is still missing."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What is to be said, in reading order."""

    drafts: tuple[Draft, ...]
    rivals: frozenset[str]
    """The texts of those drafts in which sources give different figures for what was asked; empty where none do."""


def compose(question: Question, reading: Reading, fitted: Fitted, sentences_max: int) -> Composition:
    """Pick the sentences of an answer; needs a reading with at least one sentence."""
    chosen = _choose(question, reading, fitted, sentences_max)
    best = chosen[0]
    rivals = [judged for judged in chosen if differ(question, best.candidate, judged.candidate)]
    side_by_side = frozenset(_draft(judged).text for judged in (best, *rivals)) if rivals else frozenset()
    return Composition(drafts=tuple(map(_draft, _reading_order(chosen, rivals))), rivals=side_by_side)


def _choose(question: Question, reading: Reading, fitted: Fitted, sentences_max: int) -> list[Judged]:
    """The best sentence, then those near it that add something new; what is still missing may lie further off."""
    best = reading.judged[0]
    chosen = [best]
    bound = sentences_max + (_LIST_EXTRA if question.wants_list else 0)
    for judged in reading.judged[1:_POOL]:
        if len(chosen) >= bound:
            break
        if is_elsewhere(question, best.candidate, judged.candidate) or not _about(question, judged):
            continue
        reach = fitted.further + _REACH * _missing(question, chosen, judged)
        if _rivals(question, best, judged):
            reach += _RIVAL_REACH
        if best.score - judged.score <= reach and _adds(question, chosen, judged):
            chosen.append(judged)
    return chosen


def _about(question: Question, judged: Judged) -> bool:
    """Whether a sentence or its title names the thing that a question asks about in general."""
    named = set(stems(f"{judged.candidate.source.title} {judged.candidate.text}"))
    return not question.wants_overview or named.issuperset(term.stem for term in question.terms)


def _missing(question: Question, chosen: Sequence[Judged], judged: Judged) -> float:
    """How much of what the question asks for this sentence has and the chosen ones lack, from 0 to about 2."""
    said = " ".join(other.candidate.text for other in chosen)
    types = [kind for kind in question.types if not holds(kind)(said) and holds(kind)(judged.candidate.text)]
    known, fresh = set(stems(said)), set(stems(judged.candidate.text))
    weight = sum(term.weight for term in question.terms if term.stem in fresh - known)
    plural = 0.5 if question.wants_list or question.wants_comparison else 0.0
    return plural + (0.5 if types else 0.0) + (weight / question.weight if question.weight else 0.0)


def _adds(question: Question, chosen: Sequence[Judged], judged: Judged) -> bool:
    """Whether a sentence says something, or gives a figure for something, that none of the chosen ones does."""
    asked = frozenset(term.stem for term in question.terms)
    text = judged.candidate.text
    if all(_overlap(other.candidate.text, text, asked) < _SAME_OVERLAP for other in chosen):
        return True
    return bool(figures(text) - frozenset().union(*(figures(other.candidate.text) for other in chosen)))


def _overlap(one: str, other: str, without: frozenset[str] = frozenset()) -> float:
    """Shared content stems over those of the shorter sentence, in [0, 1]; stems of `without` do not count."""
    first, second = (content_stems(text) - without for text in (one, other))
    return len(first & second) / max(1, min(len(first), len(second)))


def _rivals(question: Question, best: Judged, judged: Judged) -> bool:
    """Whether a sentence answers as much of the question as the best one does, with another figure."""
    asked = {term.stem for term in question.terms}
    covered = asked & set(stems(best.candidate.text)) <= set(stems(judged.candidate.text))
    return covered and differ(question, best.candidate, judged.candidate)


def _reading_order(chosen: Sequence[Judged], rivals: Sequence[Judged]) -> list[Judged]:
    """The direct answer and its rivals first, then what its own source adds in that source's order, then the others."""
    best, further = chosen[0], [judged for judged in chosen[1:] if judged not in rivals]
    same = [judged for judged in further if judged.candidate.source.id == best.candidate.source.id]
    others = [judged for judged in further if judged.candidate.source.id != best.candidate.source.id]
    same.sort(key=lambda judged: (judged.candidate.passage.start, judged.candidate.ordinal))
    return [best, *rivals, *same, *others]


def _draft(judged: Judged) -> Draft:
    candidate = judged.candidate
    text = " ".join(candidate.text.split())
    evidence = Evidence(candidate.passage, candidate.source, candidate.text, candidate.start, candidate.end)
    return Draft(text=text, evidence=(evidence,), support=round(judged.support, 4))
