"""Sentences out of a stream of words and markers, each handed on as soon as it is whole. Pure but for its own state."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.generate.check import UNSAFE
from rag.generate.markers import Mark, Words
from rag.sentences import split_sentences

_LEAD = re.compile(r"[\s*#>•·–-]*(?:\d{1,2}[.)]\s+)?")
"""What a model sets before a sentence to make a list or heading of it."""
_DRESS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)")
_MARK_BEFORE_STOP = re.compile(r"\s+([.,;:!?])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Word:
    """More of the running sentence, to be shown at once."""

    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The running sentence is whole."""

    text: str
    """Plain: one line, no markers, no list signs."""
    shown: str
    """What of it was handed on as Word; nothing where it held markup from the start."""
    marks: tuple[str, ...]
    """Ids of the passages that it names, in order."""


class Drafting:
    """Collects the running sentence; the pieces it hands on never hold half a word, a link or markup."""

    def __init__(self) -> None:
        self._text = ""
        self._marks: list[tuple[int, str]] = []
        self._shown = ""

    def take(self, item: Words | Mark) -> Iterator[Word | Whole]:
        """What can be shown or is whole after one more item."""
        if isinstance(item, Mark):
            self._marks.append((len(self._text), item.id))
            return
        self._text += item.text
        # The last word may still grow, and decides whether the one before it ended a sentence.
        certain = self._text.rfind(" ", 0, len(self._text.rstrip())) if self._text.strip() else 0
        spans = split_sentences(self._text[: max(0, certain)])
        while len(spans) > 1:
            yield from self._finish(spans[0][1], spans[1][0])
            certain = self._text.rfind(" ", 0, len(self._text.rstrip()))
            spans = split_sentences(self._text[: max(0, certain)])
        yield from self._show(_plain(self._text[: max(0, certain)]))

    def end(self) -> Iterator[Word | Whole]:
        """What is left when the stream ends."""
        while self._text.strip():
            spans = split_sentences(self._text)
            cut = spans[0][1]
            yield from self._finish(cut, spans[1][0] if len(spans) > 1 else len(self._text))

    def _finish(self, end: int, following: int) -> Iterator[Word | Whole]:
        """Hand on the sentence that ends at `end`; markers up to the next one's first character are its own."""
        text = _plain(self._text[:end])
        marks = tuple(dict.fromkeys(id_ for at, id_ in self._marks if at <= following))
        self._marks = [(at - following, id_) for at, id_ in self._marks if at > following]
        self._text = self._text[following:]
        if text:
            yield from self._show(text)
            yield Whole(text=text, shown=self._shown, marks=marks)
        self._shown = ""

    def _show(self, plain: str) -> Iterator[Word]:
        """The part of the sentence that was not handed on yet, unless there is markup in it."""
        if plain.startswith(self._shown) and len(plain) > len(self._shown) and not UNSAFE.search(plain):
            yield Word(plain[len(self._shown) :])
            self._shown = plain


def _plain(text: str) -> str:
    """One line without list signs and emphasis."""
    line = _DRESS.sub("", _LEAD.sub("", text, count=1))
    return _MARK_BEFORE_STOP.sub(r"\1", " ".join(line.split()))
