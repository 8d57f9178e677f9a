"""The questions that numbers may be fitted on."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rag.intent import Intent

Split = Literal["train", "held_out"]

NEWEST_HELP = "teach only so many of the last questions, and as many older ones"
"""Of the option by which the training scripts take fewer questions: see `newest`."""


class Gold(BaseModel):
    """A sentence of the corpus that answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str
    quote: str


class TrainingQuestion(BaseModel):
    """One line of evals/training/questions.jsonl; without gold sentences the corpus cannot answer it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Split
    """`held_out` questions are about other sources than `train` ones, and the neural reader never saw them."""
    kind: str
    style: str
    question: str
    answer: str
    gold: tuple[Gold, ...]
    near_source_ids: tuple[str, ...] = ()
    before_reading: bool = False
    """Put from titles, names and subjects alone, before any text was read, as visitors put theirs."""


class IntentQuestion(BaseModel):
    """One line of evals/training/intents.jsonl: a question with what whoever asks it wants."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Split
    intent: Intent
    question: str

    def unanswerable(self) -> TrainingQuestion:
        """The same as a question that the corpus does not answer."""
        return TrainingQuestion(
            id=self.id, split=self.split, kind="decline", style="intent", question=self.question, answer="", gold=()
        )


def intent_questions(path: Path | None = None) -> tuple[IntentQuestion, ...]:
    """All of them in file order. Raises pydantic.ValidationError for a malformed line."""
    file = path or Path(str(files("evals").joinpath("training/intents.jsonl")))
    with file.open(encoding="utf-8") as lines:
        return tuple(IntentQuestion.model_validate_json(line) for line in lines)


def training_questions(path: Path | None = None) -> tuple[TrainingQuestion, ...]:
    """All of them in file order. Raises pydantic.ValidationError for a malformed line."""
    file = path or Path(str(files("evals").joinpath("training/questions.jsonl")))
    with file.open(encoding="utf-8") as lines:
        return tuple(TrainingQuestion.model_validate_json(line) for line in lines)


def newest(questions: Sequence[TrainingQuestion], count: int | None) -> tuple[TrainingQuestion, ...]:
    """The last `count` questions, and as many of the others, evenly, lest what they taught be forgotten; None: all."""
    if count is None:
        return tuple(questions)
    older = questions[:-count]
    return (*older[:: max(1, len(older) // count)][:count], *questions[-count:])
