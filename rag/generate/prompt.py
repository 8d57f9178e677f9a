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
SPARE = 0.9
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
    answer_tokens: int
    """Most tokens of the reply."""
    grammar: str = ""
    """The form of the reply in GBNF, for a server that can hold a model to one; empty for none."""


def answer_prompt(question: str, hits: Sequence[Hit], context_tokens: int, answer_tokens: int, limit: int) -> Prompt:
    """The prompt for an answer with as many of the first `limit` hits as the context holds, best first.

    A passage that does not fit is left out whole: one that is cut could be cited for what was cut off.
    """
    bare = _answer_messages(question, ())
    left = int(context_tokens * SPARE) - answer_tokens - _MESSAGE_TOKENS
    left -= sum(count_tokens(text) for _, text in bare)
    chosen: list[Excerpt] = []
    for hit in hits[:limit]:
        excerpt = Excerpt(opaque_id(question, hit.passage), hit.passage, hit.source)
        size = count_tokens(block(excerpt, _sentences(excerpt.passage))) + 2
        if size <= left:
            left -= size
            chosen.append(excerpt)
    return Prompt(_answer_messages(question, chosen), tuple(chosen), answer_tokens)


def condense_prompt(question: str, history: Sequence[Turn]) -> Messages:
    """The prompt for completing a follow-up from the last turns."""
    turns = "\n".join(
        f"Question: {as_data(turn.question)[:_HISTORY_CHARACTERS]}\n"
        f"Answer: {as_data(turn.answer)[:_HISTORY_CHARACTERS]}"
        for turn in history[-_HISTORY_TURNS:]
    )
    return (
        ("system", filled("condense_system", {})),
        ("user", filled("condense", {"turns": turns, "question": as_data(question)})),
    )


def is_refusal(text: str) -> bool:
    """Whether the model says that the passages do not answer, however it dresses the words."""
    return fold(REFUSAL) in fold(re.sub(r"[*_`\"'.]", "", text))


def prompt_digest() -> str:
    """Twelve hex digits over the prompt files: other prompts give other answers."""
    templates = sorted(file.name.removesuffix(".md") for file in files("rag").joinpath("prompts").iterdir())
    return hashlib.sha256("\x1f".join(map(_template, templates)).encode()).hexdigest()[:12]


def _answer_messages(question: str, excerpts: Sequence[Excerpt]) -> Messages:
    passages = "\n\n".join(block(excerpt, _sentences(excerpt.passage)) for excerpt in excerpts)
    return (
        ("system", filled("answer_system", {"refusal": REFUSAL, "example": _EXAMPLE})),
        ("user", filled("answer", {"passages": passages, "question": as_data(question), "refusal": REFUSAL})),
    )


def _sentences(passage: Passage) -> list[str]:
    return [passage.text[start:end] for start, end in split_sentences(passage.text)]


def block(excerpt: Excerpt, sentences: Sequence[str]) -> str:
    """Sentences of a passage as the model sees them, less what speaks to machines; each carries the id: models copy."""
    source = excerpt.source
    head = f'id="{excerpt.id}" title="{as_data(source.title)}" publisher="{as_data(source.publisher)}"'
    told = " ".join(f"{as_data(sentence)} [{excerpt.id}]" for sentence in sentences if not is_hostile(sentence))
    return f'<passage {head} date="{source.published or "unknown"}">\n{told}\n</passage>'


def as_data(text: str) -> str:
    """Text that cannot close the block that holds it, nor look like one of our markers."""
    return " ".join(text.translate(_FORBIDDEN).split())


def opaque_id(question: str, passage: Passage) -> str:
    """What the passage is called in the prompts of this question."""
    return "p" + hashlib.sha256(f"{question}\x1f{passage.id}".encode()).hexdigest()[:6]


def filled(name: str, values: dict[str, str]) -> str:
    """The prompt file with its {names} filled in one pass, so that nothing in a value is taken for a name."""
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], _template(name))


@cache
def _template(name: str) -> str:
    return files("rag").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8").strip()
