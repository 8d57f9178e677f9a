"""Follow-ups without a chat model: completed from what was shown when they lean on it, and only then."""

from evals.cases import Case, Expectation
from evals.suites import load_suite
from rag.cite import MARKER
from rag.pipeline import Pipeline
from rag.types import Turn
from rag.words import is_content, stems

SUITE = load_suite("conversation")
STEPS = [step for case in SUITE.cases for step in case.steps]
RIGHT_MIN = 0.75
"""Least share of turns that must be right."""


def content(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(MARKER.sub(" ", text)) if is_content(stem))


def is_right(step: Expectation, text: str) -> bool:
    return all(any(words.casefold() in text.casefold() for words in group) for group in step.must_include)


def talked(guide: Pipeline, case: Case) -> list[bool]:
    """Whether each turn is right; on the way all that is promised of a completed question is asserted."""
    history = [Turn(question=said.question, answer=said.answer) for said in case.history]
    right = []
    for step in case.steps:
        answer = guide.ask(step.question, history)
        said = content(" ".join(f"{turn.question} {turn.answer}" for turn in history))
        new = content(answer.standalone_question) - content(step.question)
        assert new <= said, "names come from what was asked and shown, and from nowhere else"
        if step.leans is False:
            assert answer.standalone_question == step.question
            if history:
                assert answer.text == guide.ask(step.question).text
        right.append(is_right(step, answer.text))
        history.append(Turn(question=step.question, answer=answer.text))
    return right


def test_the_suite_is_large_and_has_turns_that_lean_and_turns_that_do_not() -> None:
    assert len(STEPS) >= 60
    assert len([step for step in STEPS if step.leans]) >= 30
    assert len([step for step in STEPS if step.leans is False]) >= 15


def test_turns_are_right_and_take_nothing_along_that_was_not_shown(guide: Pipeline) -> None:
    right = [verdict for case in SUITE.cases for verdict in talked(guide, case)]
    assert sum(right) / len(right) >= RIGHT_MIN
