"""What a chat model is sent: prompts from rag/prompts, the passages as data, inside the context budget."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.hostile import is_hostile
from rag.sentences import split_sentences
from rag.tokens import count_tokens
from rag.types import Hit, Passage, Source, Turn
from rag.words import fold

REFUSAL = "NOT IN THE PASSAGES"
"""What the model is to write where the passages do not answer."""
_EXAMPLE = "p000000"
"""The id that the rules show; it never names a passage, and is taken out where a model repeats it."""
_SPARE = 0.9
"""Share of the context that is used: a model's own tokenizer may count more tokens than tiktoken does."""
_MESSAGE_TOKENS = 32
"""Taken by the roles and marks around the messages."""
_FORBIDDEN = str.maketrans({"<": "‹", ">": "›", '"': "'", "[": "(", "]": ")"})
_HISTORY_TURNS = 4
_HISTORY_CHARACTERS = 600

Messages = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as the model sees it."""

    id: str
    """Opaque: a hash of question and passage, so that no document can know or guess one."""
    passage: Passage
    source: Source


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages with the passages that fitted."""

    messages: Messages
    excerpts: tuple[Excerpt, ...]
    """Best first."""


def answer_prompt(question: str, hits: Sequence[Hit], context_tokens: int, answer_tokens: int, limit: int) -> Prompt:
    """The prompt for an answer with as many of the first `limit` hits as the context holds, best first.

    A passage that does not fit is left out whole: one that is cut could be cited for what was cut off.
    """
    bare = _answer_messages(question, ())
    left = int(context_tokens * _SPARE) - answer_tokens - _MESSAGE_TOKENS
    left -= sum(count_tokens(text) for _, text in bare)
    chosen: list[Excerpt] = []
    for hit in hits[:limit]:
        excerpt = Excerpt(_opaque_id(question, hit.passage), hit.passage, hit.source)
        size = count_tokens(_block(excerpt)) + 2
        if size <= left:
            left -= size
            chosen.append(excerpt)
    return Prompt(messages=_answer_messages(question, chosen), excerpts=tuple(chosen))


def condense_prompt(question: str, history: Sequence[Turn]) -> Messages:
    """The prompt for completing a follow-up from the last turns."""
    turns = "\n".join(
        f"Question: {_data(turn.question)[:_HISTORY_CHARACTERS]}\nAnswer: {_data(turn.answer)[:_HISTORY_CHARACTERS]}"
        for turn in history[-_HISTORY_TURNS:]
    )
    return (
        ("system", _filled("condense_system", {})),
        ("user", _filled("condense", {"turns": turns, "question": _data(question)})),
    )


def is_refusal(text: str) -> bool:
    """Whether the model says that the passages do not answer, however it dresses the words."""
    return fold(REFUSAL) in fold(re.sub(r"[*_`\"'.]", "", text))


def prompt_digest() -> str:
    """Twelve hex digits over the prompt files: other prompts give other answers."""
    names = ("answer_system", "answer", "condense_system", "condense")
    return hashlib.sha256("\x1f".join(map(_template, names)).encode()).hexdigest()[:12]


def _answer_messages(question: str, excerpts: Sequence[Excerpt]) -> Messages:
    passages = "\n\n".join(map(_block, excerpts))
    return (
        ("system", _filled("answer_system", {"refusal": REFUSAL, "example": _EXAMPLE})),
        ("user", _filled("answer", {"passages": passages, "question": _data(question), "refusal": REFUSAL})),
    )


def _block(excerpt: Excerpt) -> str:
    """A passage as the model sees it, less what speaks to machines; each sentence carries the id, for models copy."""
    source, text = excerpt.source, excerpt.passage.text
    head = f'id="{excerpt.id}" title="{_data(source.title)}" publisher="{_data(source.publisher)}"'
    spoken = (text[start:end] for start, end in split_sentences(text))
    sentences = " ".join(f"{_data(sentence)} [{excerpt.id}]" for sentence in spoken if not is_hostile(sentence))
    return f'<passage {head} date="{source.published or "unknown"}">\n{sentences}\n</passage>'


def _data(text: str) -> str:
    """Text that cannot close the block that holds it, nor look like one of our markers."""
    return " ".join(text.translate(_FORBIDDEN).split())


def _opaque_id(question: str, passage: Passage) -> str:
    return "p" + hashlib.sha256(f"{question}\x1f{passage.id}".encode()).hexdigest()[:6]


def _filled(name: str, values: dict[str, str]) -> str:
    """The prompt file with its {names} filled in one pass, so that nothing in a value is taken for a name."""
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], _template(name))


@cache
def _template(name: str) -> str:
    return files("rag").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8").strip()
