"""What people send, made safe to work with: the question on one line, the history without what nobody should see."""

import unicodedata
from collections.abc import Sequence

from rag.errors import InvalidQuestion
from rag.privacy import Detail, personal_detail
from rag.types import Turn

TURNS_MAX = 20
"""Turns of a conversation that are looked at, the latest."""
_ANSWER_CHARACTERS_MAX = 8_000
"""Characters of an earlier answer that are looked at; the guide's own are far shorter."""


def checked_question(question: str, chars_max: int) -> str:
    """The question in NFC on one line, without control and invisible formatting characters.

    Raises InvalidQuestion when nothing is left or when it is longer than `chars_max` characters.
    """
    if len(question) > chars_max:
        raise InvalidQuestion(
            f"The question has {len(question):,} characters; at most {chars_max:,} are read.", "Please shorten it."
        )
    plain = " ".join(visible(question).split())
    if not plain:
        raise InvalidQuestion("The question is empty.", "Type a question, such as: Who funds seed rounds in Coventry?")
    return plain


def checked_history(history: Sequence[Turn], chars_max: int) -> tuple[Turn, ...]:
    """The latest turns without invisible characters; a turn with personal details or an over-long question is left out.

    History comes from the client: it may be anything, and it can only ever help to understand a question.
    """
    kept = []
    for turn in history[-TURNS_MAX:]:
        cleaned = Turn(
            question=visible(turn.question[:chars_max]), answer=visible(turn.answer[:_ANSWER_CHARACTERS_MAX])
        )
        if cleaned.question.strip() and not _private(cleaned):
            kept.append(cleaned)
    return tuple(kept)


def _private(turn: Turn) -> bool:
    """Whether a turn holds somebody's details; addresses and telephone numbers in an answer are the sources' own."""
    in_answer = personal_detail(turn.answer) in (Detail.CARD, Detail.NATIONAL_INSURANCE)
    return in_answer or personal_detail(turn.question) is not None


def visible(text: str) -> str:
    """The text in NFC; every white space but a line end is a space, control and format characters are gone."""
    spaced = (
        " " if character.isspace() and character != "\n" else character
        for character in unicodedata.normalize("NFC", text)
    )
    return "".join(
        character
        for character in spaced
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
