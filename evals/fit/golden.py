"""The golden train split as training questions: its gold sentences are those that hold what the answer must."""

from collections.abc import Sequence

from evals.fit.questions import Gold, TrainingQuestion
from evals.suites import load_suite
from evals.text import holds
from rag.sentences import split_sentences
from rag.store import View

GOLDEN_STYLE = "golden"
"""What these questions are told from our own by."""

_SEARCHED_KINDS = frozenset({"decline", "conversation"})
"""Left out: fixed replies need no floor, and later turns cannot be asked alone."""


def golden_train(view: View) -> tuple[TrainingQuestion, ...]:
    """Single questions of the train split; one without gold sentences in the corpus counts as unanswerable."""
    found = []
    for case in load_suite("golden", split="train").cases:
        if case.kind in _SEARCHED_KINDS:
            continue
        gold = _gold(view, case.source_ids, case.must_include)
        found.append(
            TrainingQuestion(
                id=case.id,
                split="held_out",
                kind=case.kind,
                style=GOLDEN_STYLE,
                question=case.question,
                answer="",
                gold=gold,
            )
        )
    return tuple(found)


def _gold(view: View, source_ids: Sequence[str], groups: Sequence[Sequence[str]]) -> tuple[Gold, ...]:
    """The sentences of the gold sources that satisfy most groups."""
    counted: list[tuple[int, Gold]] = []
    for source_id in source_ids:
        text = view.source_text(source_id)
        for start, end in split_sentences(text):
            quote = text[start:end]
            counted.append(
                (sum(holds(tuple(group), quote) for group in groups), Gold(source_id=source_id, quote=quote))
            )
    most = max((count for count, _ in counted), default=0)
    return tuple(gold for count, gold in counted if count == most and most > 0)
