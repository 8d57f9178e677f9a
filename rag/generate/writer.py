"""What is shown while a chat model writes: words as they come, then each sentence's markers or its withdrawal."""

from collections.abc import Callable, Iterator

from rag.cite import Draft, gate, marked
from rag.generate.check import INSTRUCTION, UNFINISHED
from rag.generate.draft_gate import Verdict
from rag.generate.drafting import Drafting, Whole, Word
from rag.generate.markers import Mark, MarkerStream, Words
from rag.generate.prompt import REFUSAL, is_refusal
from rag.types import Delta, Sentence, Withdrawn
from rag.words import fold

Shown = Delta | Withdrawn
Judge = Callable[[str, tuple[str, ...]], Verdict]
"""The gate: a sentence and the ids of the passages that it names."""

_TERMINAL = (".", "!", "?", "…", '"', "”", "’", "'", ")")
_STRUCK_MAX = 4
"""Sentences in a row that fail before anything stands: then the rest of the reply is not waited for."""


class Writer:
    """For one reply. What was shown and not withdrawn is always a part of the answer's text, from its beginning."""

    def __init__(self, known: frozenset[str], judge: Judge, sentences_max: int) -> None:
        self._markers = MarkerStream(known)
        self._drafting = Drafting()
        self._judge = judge
        self._sentences_max = sentences_max
        self._running = ""
        self._said: set[str] = set()
        self.drafts: list[Draft] = []
        self.near_best = False
        """Whether a sentence that stands answers about as well as the best sentence of the sources."""
        self.refused = False
        """Whether the model said that the passages do not answer."""
        self.struck: list[str] = []
        """Why each sentence that does not stand was struck out."""

    @property
    def invented(self) -> int:
        """Markers that name nothing that was shown."""
        return self._markers.invented

    @property
    def full(self) -> bool:
        """Whether nothing more is worth waiting for."""
        hopeless = not self.drafts and len(self.struck) >= _STRUCK_MAX
        return hopeless or self.refused or len(self.drafts) >= self._sentences_max

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Those that stand."""
        return gate(self.drafts)[0]

    @property
    def text(self) -> str:
        """What stands."""
        return " ".join(marked(sentence) for sentence in self.sentences)

    def write(self, piece: str) -> Iterator[Shown]:
        """What changes on the page with one more piece of the reply."""
        yield from self._take(self._markers.feed(piece))

    def end(self, *, finished: bool) -> Iterator[Shown]:
        """The rest; a last sentence that was cut off is struck out."""
        yield from self._take(self._markers.end())
        for item in self._drafting.end():
            if self.full:
                return
            if isinstance(item, Whole) and not finished and not item.text.endswith(_TERMINAL):
                yield from self._strike(item, UNFINISHED)
            else:
                yield from self._settle(item)

    def withdraw(self, reason: str) -> Iterator[Shown]:
        """Take back all that is shown."""
        shown = self.text + self._running
        if shown:
            yield Withdrawn(shown, reason)
        self._running = ""
        self.drafts = []

    def _take(self, items: Iterator[Words | Mark]) -> Iterator[Shown]:
        for item in items:
            for step in self._drafting.take(item):
                if self.full:
                    return
                yield from self._settle(step)

    def _settle(self, step: Word | Whole) -> Iterator[Shown]:
        if isinstance(step, Word):
            if not self._may_refuse(self._running + step.text):
                yield from self._show(step.text)
            return
        if is_refusal(step.text):
            self.refused = True
            yield from self._strike(step, INSTRUCTION)
            return
        verdict = self._judge(step.text, step.marks)
        repeated = fold(step.text) in self._said
        before = len(self.sentences)
        if verdict.draft is not None and not repeated:
            self.drafts.append(verdict.draft)
        if len(self.sentences) == before:
            yield from self._strike(step, verdict.reason or INSTRUCTION)
            return
        self._said.add(fold(step.text))
        self.near_best = self.near_best or verdict.near_best
        yield from self._complete(step.text)

    def _complete(self, sentence: str) -> Iterator[Shown]:
        """Show what of the sentence was held back, and its markers."""
        lead = " " if len(self.sentences) > 1 else ""
        if not (lead + sentence).startswith(self._running):
            yield Withdrawn(self._running, INSTRUCTION)
            self._running = ""
        yield Delta((lead + marked(self.sentences[-1]))[len(self._running) :])
        self._running = ""

    def _strike(self, step: Whole, reason: str) -> Iterator[Shown]:
        self.struck.append(reason)
        if self._running:
            yield Withdrawn(self._running, reason)
        self._running = ""

    def _show(self, text: str) -> Iterator[Shown]:
        lead = " " if self.drafts and not self._running else ""
        self._running += lead + text
        yield Delta(lead + text)

    def _may_refuse(self, text: str) -> bool:
        """Whether the sentence so far may become the refusal, which is not shown as the model writes it."""
        return not self.drafts and fold(REFUSAL).startswith(fold(text).strip("\"'"))
