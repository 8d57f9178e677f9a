"""What arrives from outside as JSON: questions over HTTP, lines of a batch file, feedback."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from rag.errors import InvalidQuestion, PersonalDetails
from rag.privacy import Detail, personal_detail
from rag.selection import Selection
from rag.types import Turn

_DETAIL_NAMES = {
    Detail.CARD: "a card number",
    Detail.NATIONAL_INSURANCE: "a National Insurance number",
    Detail.EMAIL: "an e-mail address",
    Detail.TELEPHONE: "a telephone number",
    Detail.ACCOUNT: "the number of an account",
}
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


PublishedFrom = Annotated[int | None, Field(ge=1900, le=2100)]
"""A year, or None for all sources, those without a date among them."""


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
    published_from: PublishedFrom = Field(None, description="Answer from sources published in this year or later.")

    def selection(self, allowed_themes: tuple[str, ...] = ()) -> Selection:
        """The sources to answer from; raises as `narrowed` does."""
        return narrowed(self.themes, self.places, allowed_themes, self.published_from)


def narrowed(
    themes: tuple[str, ...],
    places: tuple[str, ...],
    allowed_themes: tuple[str, ...],
    published_from: int | None = None,
) -> Selection:
    """The selection asked for, within the themes that the asking site is allowed (none named: all).

    Raises:
        InvalidQuestion: none of the themes asked for is allowed.
    """
    if not allowed_themes:
        return Selection(themes=themes, places=places, published_from=published_from)
    kept = tuple(theme for theme in themes if theme in allowed_themes) if themes else allowed_themes
    if not kept:
        wanted = ", ".join(themes)
        raise InvalidQuestion(f"This site is not answered from {wanted}.", f"Ask for: {', '.join(allowed_themes)}.")
    return Selection(themes=kept, places=places, published_from=published_from)


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

    def check_privacy(self) -> None:
        """Raises PersonalDetails where the question or the comment holds any."""
        for name, text in (("question", self.question), ("comment", self.comment)):
            detail = personal_detail(text)
            if detail is not None:
                raise PersonalDetails(
                    f"The {name} holds what looks like {_DETAIL_NAMES[detail]}, so nothing was stored.",
                    "Take it out and send again.",
                )
