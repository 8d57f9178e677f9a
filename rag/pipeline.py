"""One question from its words to a cited answer: what the page, the API, the command line and the evals all call."""

import time
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Self

from rag.answer import NAME, Composition, compose
from rag.cite import gate, marked
from rag.condense import condense
from rag.config import Settings
from rag.errors import InvalidQuestion
from rag.fitted import Fitted, load_fitted
from rag.gazetteer import elsewhere
from rag.levers import ALL_ON, Levers
from rag.models import Embedder, load_embedder
from rag.models.sentence_reader import SentenceReader
from rag.reader import Reader, Reading
from rag.retrieve import Found, Retriever
from rag.scope import Reply, elsewhere_reply, fixed_reply, nonsense_reply
from rag.store import Store, View
from rag.store.manifest import MANIFEST
from rag.types import Answer, Delta, Done, Event, Hit, Outcome, Retrieved, Sentence, Turn

NOT_FOUND = (
    "My sources do not answer this. The closest passages I hold are shown beside it; they may not be what you need."
)
"""The whole text of a refusal for want of an answer."""

DIFFER = "Sources differ:"
"""Heads an answer in which sources give different figures for the same thing."""

_FOLLOW_UP_SHARE = 0.5
"""A completed follow-up is answered from this share of the floor: its subject was found a moment ago."""

_UNKNOWN_SHARE_MAX = 0.65
"""A question most of whose weight lies on words that no source has is about something else."""

Timings = dict[str, float]


class Pipeline:
    """Answers questions from one store. Safe to use from several threads; close it or use it as a context manager."""

    def __init__(
        self, settings: Settings, store: Store, embedder: Embedder, reader: Reader, fitted: Fitted, off: Levers
    ) -> None:
        """Use Pipeline.open."""
        self.settings = settings
        self.store = store
        self._fitted = fitted
        self._reader = reader
        self._retriever = Retriever(embedder, settings, off)

    @classmethod
    def open(cls, settings: Settings, off: Levers = ALL_ON) -> Self:
        """Open the store and load the embedding model; `off` is for measuring what a part of the search is worth.

        Raises StoreMissing, StaleIndex, StoreBroken or ModelUnavailable, each with the command that mends it.
        """
        # The models load while Chroma is imported and opened: a cold start takes as long as the slower of the two.
        with ThreadPoolExecutor(max_workers=2) as pool:
            network = pool.submit(SentenceReader, settings.embed_threads)
            loading = pool.submit(load_embedder, settings) if (settings.store / MANIFEST).exists() else None
            store = Store.open(settings)
            embedder = loading.result() if loading else load_embedder(settings)
        fitted = load_fitted(off)
        reader = Reader(network.result(), fitted, settings.read_sentences)
        store.manifest.check_embedder(embedder.revision, embedder.dimension)
        return cls(settings, store, embedder, reader, fitted, off)

    def __enter__(self) -> Self:
        """The pipeline itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """One answer; raises InvalidQuestion."""
        answer = None
        for event in self.stream(question, history):
            if isinstance(event, Done):
                answer = event.answer
        if answer is None:
            raise RuntimeError("the stream ended without an answer")
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """Retrieved, then the text in Deltas, then Done; raises InvalidQuestion before the first event."""
        begun = time.perf_counter()
        asked = checked_question(question, self.settings.question_chars_max)
        self.store.refresh()
        view = self.store.view()
        blank = Answer(
            question=question,
            standalone_question=asked,
            outcome=Outcome.ERROR,
            reason="",
            text="",
            answerer=NAME,
            index_build=view.build_id,
        )
        answer = self._fixed(blank, asked) or self._searched(blank, asked, history, view)
        total_ms = _elapsed_ms(begun)
        answer = replace(answer, timings_ms={**answer.timings_ms, "total": total_ms})
        if self.settings.log_unanswered and answer.outcome in (Outcome.NOT_IN_SOURCES, Outcome.OUT_OF_SCOPE):
            nearest = [hit.passage.id for hit in answer.hits[:3]]
            self.store.log_unanswered(answer.standalone_question, answer.outcome.value, answer.reason, nearest)
        yield Retrieved(answer.hits)
        for delta in _deltas(answer):
            yield Delta(delta)
        yield Done(answer)

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The `k` passages that best answer the query, best first; raises InvalidQuestion."""
        asked = checked_question(query, self.settings.question_chars_max)
        self.store.refresh()
        found = self._retriever.find(asked, self.store.view(), k)
        return _hits(found, self._reader.read(found.question, found.candidates), k)

    def _fixed(self, blank: Answer, asked: str) -> Answer | None:
        reply = fixed_reply(asked)
        if reply is None:
            return None
        answer = _refused(blank, reply, (), {})
        # What someone tells us about themselves is not repeated anywhere, not even in the answer's record.
        return replace(answer, question="", standalone_question="") if reply.reason == "privacy" else answer

    def _searched(self, blank: Answer, asked: str, history: Sequence[Turn], view: View) -> Answer:
        timings: Timings = {}
        begun = time.perf_counter()
        standalone = condense(asked, history)
        timings["condense"] = _elapsed_ms(begun)
        blank = replace(blank, standalone_question=standalone)
        begun = time.perf_counter()
        found = self._retriever.find(standalone, view)
        timings["retrieve"] = _elapsed_ms(begun)
        begun = time.perf_counter()
        reading = self._reader.read(found.question, found.candidates)
        hits = _hits(found, reading, self.settings.hit_passages)
        floor = self._fitted.floor * (1.0 if standalone == asked else _FOLLOW_UP_SHARE)
        reply = _refusal(standalone, found, reading, floor)
        answer = (
            _refused(blank, reply, hits, timings) if reply else self._composed(blank, found, reading, hits, timings)
        )
        timings["answer"] = _elapsed_ms(begun)
        return replace(answer, confidence=reading.confidence, timings_ms=timings)

    def _composed(
        self, blank: Answer, found: Found, reading: Reading, hits: tuple[Hit, ...], timings: Timings
    ) -> Answer:
        composition = compose(found.question, reading, self._fitted, self.settings.answer_sentences_max)
        sentences, citations = gate(composition.drafts)
        if not sentences:
            return _refused(blank, Reply(Outcome.NOT_IN_SOURCES, "no_quote", NOT_FOUND), hits, timings)
        return replace(
            blank,
            outcome=Outcome.ANSWERED,
            text=_text(composition, sentences),
            sentences=sentences,
            citations=citations,
            hits=hits,
        )


def _refusal(standalone: str, found: Found, reading: Reading, floor: float) -> Reply | None:
    """Why the sources cannot answer; None where they can."""
    nonsense = nonsense_reply(standalone, found.question)
    if nonsense:
        return nonsense
    best = reading.judged[0].candidate if reading.judged else None
    named = elsewhere_reply(standalone, elsewhere(best.passage.text, best.source.title) if best else elsewhere())
    if named:
        return named
    if reading.confidence < floor or found.question.unknown_share > _UNKNOWN_SHARE_MAX:
        return Reply(Outcome.NOT_IN_SOURCES, "no_match", NOT_FOUND)
    return None


def checked_question(question: str, chars_max: int) -> str:
    """The question in NFC on one line, without control and invisible formatting characters.

    Raises InvalidQuestion when nothing is left or when it is longer than `chars_max` characters.
    """
    if len(question) > chars_max:
        raise InvalidQuestion(
            f"The question has {len(question):,} characters; at most {chars_max:,} are read.", "Please shorten it."
        )
    visible = (" " if character.isspace() else character for character in unicodedata.normalize("NFC", question))
    kept = "".join(
        character for character in visible if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    plain = " ".join(kept.split())
    if not plain:
        raise InvalidQuestion("The question is empty.", "Type a question, such as: Who funds seed rounds in Coventry?")
    return plain


def _hits(found: Found, reading: Reading, limit: int) -> tuple[Hit, ...]:
    """Passages in the order of their best sentences; those without one follow in the order of fusion."""
    best: dict[str, float] = {}
    sources = {candidate.passage.id: candidate.source for candidate in found.candidates}
    for judged in reading.judged:
        best.setdefault(judged.candidate.passage.id, judged.support)
    passages = {passage.id: passage for passage in found.passages}
    order = [*best, *(id_ for id_ in passages if id_ not in best)][:limit]
    return tuple(
        Hit(passage=passages[id_], source=sources[id_], score=round(best.get(id_, 0.0), 4), rank=rank)
        for rank, id_ in enumerate(order, start=1)
    )


def _refused(blank: Answer, reply: Reply, hits: tuple[Hit, ...], timings: Timings) -> Answer:
    return replace(blank, outcome=reply.outcome, reason=reply.reason, text=reply.text, hits=hits, timings_ms=timings)


def _text(composition: Composition, sentences: tuple[Sentence, ...]) -> str:
    lines = [marked(sentence) for sentence in sentences]
    if composition.differ and len(lines) > 1:
        return "\n".join([DIFFER, *(f"- {line}" for line in lines)])
    return " ".join(lines)


def _deltas(answer: Answer) -> Iterator[str]:
    """The text in pieces that end after a sentence; joined they are the text."""
    begin = 0
    for sentence in answer.sentences:
        end = answer.text.index(marked(sentence), begin) + len(marked(sentence))
        yield answer.text[begin:end]
        begin = end
    if begin < len(answer.text):
        yield answer.text[begin:]


def _elapsed_ms(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000.0, 3)
