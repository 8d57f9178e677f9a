"""The golden train split as training questions: its gold sentences are those that hold what the answer must."""

from evals.fit.questions import Gold, TrainingQuestion
from evals.sentences import right_sentences
from evals.suites import load_suite
from rag.store import View

GOLDEN_STYLE = "golden"
"""What these questions are told from our own by."""

_SEARCHED_KINDS = frozenset({"decline", "conversation"})
"""Left out: fixed replies need no floor, and later turns cannot be asked alone."""


def golden_train(view: View) -> tuple[TrainingQuestion, ...]:
    """Single questions of the train split; one without gold sentences in the corpus counts as unanswerable."""
    return tuple(
        TrainingQuestion(
            id=case.id,
            split="held_out",
            kind=case.kind,
            style=GOLDEN_STYLE,
            question=case.question,
            answer="",
            gold=tuple(Gold(source_id=source_id, quote=quote) for source_id, quote in right_sentences(view, case)),
        )
        for case in load_suite("golden", split="train").cases
        if case.kind not in _SEARCHED_KINDS
    )
