"""Completing a follow-up with a chat model; whatever it says that the conversation does not hold is not believed."""

from collections.abc import Sequence

from rag.condense import condense, leans
from rag.errors import ChatFailed
from rag.generate.check import UNSAFE
from rag.generate.prompt import condense_prompt
from rag.models.chat import ChatModel
from rag.privacy import personal_detail
from rag.scope import fixed_reply
from rag.types import Turn
from rag.words import content_stems

_CHARACTERS_MAX = 300


def condense_with(model: ChatModel, question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation, by the model where its reply can be trusted.

    A reply is taken only where it is one line, keeps every content word of the question, and uses no content word
    that neither the question nor the conversation has; else the rules of rag.condense complete it.
    """
    ruled = condense(question, history)
    if not history or not leans(question):
        return ruled
    try:
        said = str(model.invoke(condense_prompt(question, history)).text).strip().strip("\"'")
    except ChatFailed:
        return ruled
    return said if completes(said, question, history) else ruled


def completes(said: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a model's completed question can be believed."""
    if not said.endswith("?") or "\n" in said or len(said) > _CHARACTERS_MAX or UNSAFE.search(said):
        return False
    if fixed_reply(said) is not None or personal_detail(said):
        return False
    new, asked = content_stems(said), content_stems(question)
    known = asked.union(*(content_stems(f"{turn.question} {turn.answer}") for turn in history))
    return asked <= new <= known and new != asked
