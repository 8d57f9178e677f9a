"""One question from its words to a cited answer: what the page, the API, the command line and the evals all call."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Self

from rag.answer import NAME, Composition, compose
from rag.asked import checked_history, checked_question
from rag.cite import gate, marked, pieces
from rag.condense import condense
from rag.config import Settings
from rag.errors import WmaiError
from rag.fitted import Fitted, load_fitted
from rag.generate.answerer import ChatAnswerer, Task
from rag.glossary import Understood, understand
from rag.hostile import is_hostile
from rag.intent import load_intents
from rag.levers import ALL_ON, Lever, Levers
from rag.memory import share_memory_between_threads
from rag.models import Embedder, load_embedder
from rag.models.chat import ChatModel, open_chat_model
from rag.models.sentence_reader import SentenceReader
from rag.privacy import personal_detail
from rag.reader import Reader, Reading, unread
from rag.refuse import refusal
from rag.replies import NOT_FOUND
from rag.retrieve import Found, Retriever
from rag.scope import PRIVATE, Reply, fixed_reply
from rag.store import Store, View
from rag.store.manifest import MANIFEST
from rag.suggest import with_suggestions
from rag.types import Answer, Delta, Done, Event, Hit, Outcome, Retrieved, Sentence, Turn

DIFFER = "Sources differ:"
"""Heads an answer in which sources give different figures for the same thing."""

_FOLLOW_UP_SHARE = 0.5
"""A completed follow-up is answered from this share of the floor: its subject was found a moment ago."""


class Pipeline:
    """Answers questions from one store. Safe to use from several threads; close it or use it as a context manager."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        reader: Reader,
        fitted: Fitted,
        off: Levers,
        chat: ChatModel | None,
    ) -> None:
        """Use Pipeline.open."""
        self.settings = settings
        self.store = store
        self._off = off
        self._fitted = fitted
        self._reader = reader
        self._retriever = Retriever(embedder, settings, off)
        self._intents = load_intents(embedder.revision)
        self._chat = ChatAnswerer(settings, chat, reader, embedder, fitted) if chat else None

    @classmethod
    def open(cls, settings: Settings, off: Levers = ALL_ON) -> Self:
        """Open the store, the embedding model and the chat model if one is set.

        `off` is for measuring what a part of the search is worth. Raises StoreMissing, StaleIndex, StoreBroken or
        ModelUnavailable, each with the command that mends it.
        """
        share_memory_between_threads()
        # The models load while Chroma is imported and opened: a cold start takes as long as the slower of the two.
        with ThreadPoolExecutor(max_workers=2) as pool:
            network = pool.submit(SentenceReader, settings.embed_threads)
            loading = pool.submit(load_embedder, settings) if (settings.store / MANIFEST).exists() else None
            store = Store.open(settings)
            embedder = loading.result() if loading else load_embedder(settings)
        fitted = load_fitted(off)
        reader = Reader(network.result(), fitted, settings.read_sentences)
        try:
            store.manifest.check_embedder(embedder.revision, embedder.dimension)
            chat = open_chat_model(settings) if settings.llm else None
        except WmaiError:
            store.close()
            raise
        return cls(settings, store, embedder, reader, fitted, off, chat)

    def __enter__(self) -> Self:
        """The pipeline itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the store and of the chat model."""
        if self._chat:
            self._chat.close()
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
        """Retrieved, then the text in Deltas, then Done; raises InvalidQuestion at once, before any event is asked for.

        A chat model's sentence that does not pass the gate is taken back by Withdrawn.
        """
        return self._events(question, checked_question(question, self.settings.question_chars_max), history)

    def _events(self, question: str, asked: str, history: Sequence[Turn]) -> Iterator[Event]:
        begun = time.perf_counter()
        self.store.refresh()
        view = self.store.view()
        understood = self._understood(asked, view)
        blank = Answer(
            question=question,
            standalone_question=understood.text,
            outcome=Outcome.ERROR,
            reason="",
            text="",
            answerer=NAME,
            index_build=view.build_id,
        )
        turns = tuple(
            replace(turn, question=self._understood(turn.question, view).text)
            for turn in checked_history(history, self.settings.question_chars_max)
        )
        fixed = self._fixed(blank, asked) or self._fixed(blank, understood.text)
        answer, task = (fixed, None) if fixed else self._searched(blank, understood.text, turns, view)
        if self._chat is None or task is None:
            answer = self._settled(answer, turns, view, begun, understood)
            yield Retrieved(answer.hits)
            yield from map(Delta, pieces(answer))
        else:
            yield Retrieved(answer.hits)
            answer = self._settled((yield from self._chat.answer(task)), turns, view, begun, understood)
        yield Done(answer)

    def _understood(self, text: str, view: View) -> Understood:
        return Understood(text) if Lever.LANGUAGES in self._off else understand(text, view.vocabulary())

    def _settled(
        self, answer: Answer, history: Sequence[Turn], view: View, begun: float, understood: Understood
    ) -> Answer:
        """The answer with what to ask next, its whole time and what to know of it, after it was logged."""
        answer = with_suggestions(answer, history, view.questions())
        notice = " ".join(filter(None, (answer.notice, understood.notice)))
        answer = replace(answer, notice=notice, timings_ms={**answer.timings_ms, "total": _elapsed_ms(begun)})
        if self.settings.log_unanswered and answer.outcome in (Outcome.NOT_IN_SOURCES, Outcome.OUT_OF_SCOPE):
            nearest = [hit.passage.id for hit in answer.hits[:3]]
            self.store.log_unanswered(answer.standalone_question, answer.outcome.value, answer.reason, nearest)
        return answer

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The `k` passages that best answer the query, best first; raises InvalidQuestion."""
        asked = checked_question(query, self.settings.question_chars_max)
        self.store.refresh()
        view = self.store.view()
        found = self._retriever.find(self._understood(asked, view).text, view, k)
        return _hits(found, unread(found.candidates) or self._reader.read(found.question, found.candidates), k)

    def _fixed(self, blank: Answer, asked: str) -> Answer | None:
        reply = PRIVATE if personal_detail(asked) else fixed_reply(asked)
        if reply is None:
            return None
        answer = _refused(blank, reply, ())
        # What someone tells us about themselves is not repeated anywhere, not even in the answer's record.
        return replace(answer, question="", standalone_question="") if reply.reason == "privacy" else answer

    def _searched(self, blank: Answer, asked: str, history: Sequence[Turn], view: View) -> tuple[Answer, Task | None]:
        """The answer without a chat model; for one that answers also what a chat model needs to write it."""
        timings: dict[str, float] = {}
        begun = time.perf_counter()
        standalone = self._chat.condense(asked, history) if self._chat else condense(asked, history)
        timings["condense"] = _elapsed_ms(begun)
        blank = replace(blank, standalone_question=standalone)
        begun = time.perf_counter()
        found = self._retriever.find(standalone, view)
        timings["retrieve"] = _elapsed_ms(begun)
        begun = time.perf_counter()
        reading = self._reader.read(found.question, found.candidates)
        hits = _hits(found, reading, self.settings.hit_passages)
        floor = self._fitted.floor * (1.0 if standalone == asked else _FOLLOW_UP_SHARE)
        answer, differ = self._decided(blank, found, reading, hits, floor)
        timings["answer"] = _elapsed_ms(begun)
        answer = replace(answer, confidence=reading.confidence, timings_ms=timings)
        return answer, Task(answer, differ, found, reading, floor) if answer.outcome.is_answer else None

    def _decided(
        self, blank: Answer, found: Found, reading: Reading, hits: tuple[Hit, ...], floor: float
    ) -> tuple[Answer, bool]:
        """The answer or refusal, and whether it sets figures of sources side by side."""
        reply = refusal(blank.standalone_question, found, reading, floor, self._intents)
        if reply:
            return _refused(blank, reply, hits), False
        composition = compose(found.question, reading, self._fitted, self.settings.answer_sentences_max)
        return _composed(blank, composition, hits), bool(composition.rivals)


def _composed(blank: Answer, composition: Composition, hits: tuple[Hit, ...]) -> Answer:
    sentences, citations = gate(draft for draft in composition.drafts if not is_hostile(draft.text))
    if not sentences:
        return _refused(blank, Reply(Outcome.NOT_IN_SOURCES, "no_quote", NOT_FOUND), hits)
    text = _text(composition, sentences)
    return replace(blank, outcome=Outcome.ANSWERED, text=text, sentences=sentences, citations=citations, hits=hits)


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


def _refused(blank: Answer, reply: Reply, hits: tuple[Hit, ...]) -> Answer:
    return replace(blank, outcome=reply.outcome, reason=reply.reason, text=reply.text, hits=hits)


def _text(composition: Composition, sentences: tuple[Sentence, ...]) -> str:
    rivals = [f"- {marked(sentence)}" for sentence in sentences if sentence.text in composition.rivals]
    if len(rivals) < 2:
        return " ".join(map(marked, sentences))
    further = " ".join(marked(sentence) for sentence in sentences if sentence.text not in composition.rivals)
    return "\n".join([DIFFER, *rivals, *([further] if further else [])])


def _elapsed_ms(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000.0, 3)
