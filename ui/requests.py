"""What arrives from outside as JSON: questions over HTTP, lines of a batch file, feedback."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rag.errors import InvalidQuestion
from rag.selection import Selection
from rag.types import Turn

HISTORY_TURNS_MAX = 50
"""Earlier turns accepted with one question; a page that holds more sends the last ones."""


class TurnIn(BaseModel):
    """One earlier question with the answer that was shown."""

    model_config = ConfigDict(frozen=True)

    question: Annotated[str, StringConstraints(max_length=100_000)]
    answer: Annotated[str, StringConstraints(max_length=100_000)]


SelectionNames = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)], ...],
    Field(max_length=20),
]


class QuestionIn(BaseModel):
    """A question and the conversation so far, oldest turn first."""

    model_config = ConfigDict(frozen=True)

    question: str = Field(examples=["How big is the Midlands Engine Investment Fund II?"])
    history: Annotated[tuple[TurnIn, ...], Field(max_length=HISTORY_TURNS_MAX)] = ()

    def turns(self) -> tuple[Turn, ...]:
        """The conversation in the core's own type."""
        return tuple(Turn(question=turn.question, answer=turn.answer) for turn in self.history)


class AskIn(QuestionIn):
    """A question over HTTP, which may be put to some of the sources only."""

    themes: SelectionNames = Field((), description="Answer from these themes only.", examples=[["funding"]])
    places: SelectionNames = Field((), description="Answer from sources about these places only.", examples=[[]])

    def selection(self, allowed_themes: tuple[str, ...] = ()) -> Selection:
        """The sources to answer from; raises as `narrowed` does."""
        return narrowed(self.themes, self.places, allowed_themes)


def narrowed(themes: tuple[str, ...], places: tuple[str, ...], allowed_themes: tuple[str, ...]) -> Selection:
    """The selection asked for, within the themes that the asking site is allowed (none named: all).

    Raises:
        InvalidQuestion: none of the themes asked for is allowed.
    """
    if not allowed_themes:
        return Selection(themes=themes, places=places)
    kept = tuple(theme for theme in themes if theme in allowed_themes) if themes else allowed_themes
    if not kept:
        wanted = ", ".join(themes)
        raise InvalidQuestion(f"This site is not answered from {wanted}.", f"Ask for: {', '.join(allowed_themes)}.")
    return Selection(themes=kept, places=places)


class BatchLine(QuestionIn):
    """One line of a batch file; other fields are allowed and ignored."""

    id: str | int


class FeedbackIn(BaseModel):
    """A reader's verdict on one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Annotated[str, StringConstraints(max_length=100_000)]
    """Empty where the answer's own record leaves it out, for privacy."""
    answer: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    rating: Literal["up", "down"]
    reason: Literal["wrong", "outdated", "unsupported", "missing"] | None = None
    comment: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)] = ""
    index_build: Annotated[str, StringConstraints(max_length=128)] = ""

    def reason_text(self) -> str | None:
        """The reason with the reader's own words after it; either alone; None without both."""
        return ": ".join(part for part in (self.reason or "", self.comment) if part) or None
