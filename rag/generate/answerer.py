"""An answer by a chat model under the guide's promises; where it does not hold, the extractive answer stands."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from rag.answer_types import AnswerType, holds
from rag.cite import gate, pieces
from rag.config import Settings
from rag.errors import ChatFailed
from rag.figures import figures
from rag.fitted import Fitted
from rag.generate.cache import AnswerCache
from rag.generate.completion import condense_with
from rag.generate.draft_gate import DraftGate, Verdict
from rag.generate.names import holds_name, names
from rag.generate.prompt import Prompt, answer_prompt
from rag.generate.reply import Reply
from rag.generate.short_prompt import short_prompt
from rag.generate.writer import Shown, Writer
from rag.models import Embedder
from rag.models.chat import ChatModel
from rag.question import Question
from rag.reader import Reader, Reading
from rag.replies import NOT_FOUND
from rag.retrieve import Found
from rag.rivals import asked_figures
from rag.types import LLM, Answer, Delta, Outcome, Turn, Usage

UNAVAILABLE = "The language model did not answer, so this is in the sources' own words."
NOT_HELD = "What the language model wrote could not be shown to stand in the sources, so this is in their own words."
DISSENT = "The language model found no answer in the passages; the sources' own words are shown for you to judge."
STRUCK = "Some of what the language model wrote was taken out, because the sources do not say it."
"""The words of Answer.notice."""

MODEL_REFUSED = "model_refused"
"""Reason of a refusal on which the reader, unsure itself, and the chat model agree."""
_SURE = 0.85
"""Confidence at which the reader's answer stands although the chat model sees none or something else."""
_LIST_SHARE = 0.8
"""Least share of the names of an extractive list that a list by the model must have."""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """One question that the sources can answer, with what was found for it."""

    extractive: Answer
    """The answer without a chat model, which stands where the model's does not."""
    differ: bool
    """Whether that answer sets figures of sources side by side."""
    found: Found
    reading: Reading
    floor: float
    """Least confidence to answer with, in [0, 1]."""


class ChatAnswerer:
    """Answers with one chat model; safe to use from several threads."""

    def __init__(
        self, settings: Settings, model: ChatModel, reader: Reader, embedder: Embedder, fitted: Fitted
    ) -> None:
        self._settings = settings
        self._model = model
        self._reader = reader
        self._embedder = embedder
        self._fitted = fitted
        self._cache = AnswerCache(settings, model.name, settings.llm_cached_answers)

    def condense(self, question: str, history: Sequence[Turn]) -> str:
        """The question completed from the history where it leans on it."""
        return condense_with(self._model, question, history)

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()

    def answer(self, task: Task) -> Generator[Shown, None, Answer]:
        """Yields what changes on the page and returns the answer: the deltas less what is withdrawn are its text."""
        question, build = task.extractive.standalone_question, task.extractive.index_build
        kept = self._cache.get(question, build)
        if kept is not None:
            yield from map(Delta, pieces(kept))
            return self._again(task, kept)
        answer = yield from self._written(task)
        if answer.answerer != task.extractive.answerer:
            self._cache.put(question, build, answer)
        return answer

    def _written(self, task: Task) -> Generator[Shown, None, Answer]:
        prompt = self._prompt(task)
        writer = self._writer(task, prompt)
        reply = Reply(self._model, prompt)
        notice = ""
        try:
            for piece in reply.text() if prompt.excerpts else ():
                yield from writer.write(piece)
                if writer.full:
                    break
            yield from writer.end(finished=reply.finished or writer.full)
        except ChatFailed:
            notice = UNAVAILABLE
        usage = self._usage(reply, writer)
        if writer.refused and not writer.drafts and task.reading.confidence < _SURE:
            return replace(self._not_found(task), usage=usage)
        if notice or not _enough(task, writer):
            notice = notice or (DISSENT if writer.refused and not writer.drafts else NOT_HELD)
            yield from writer.withdraw(notice)
            yield from map(Delta, pieces(task.extractive))
            return replace(task.extractive, usage=usage, notice=notice)
        sentences, citations = gate(writer.drafts)
        return replace(
            task.extractive,
            outcome=Outcome.ANSWERED,
            text=writer.text,
            sentences=sentences,
            citations=citations,
            answerer=f"{LLM}{self._model.name}",
            notice=STRUCK if writer.struck else "",
            usage=usage,
        )

    def _prompt(self, task: Task) -> Prompt:
        question, settings = task.found.question.text, self._settings
        bounds = settings.llm_context_tokens, settings.llm_answer_tokens
        if settings.llm_prompt_short:
            return short_prompt(question, [judged.candidate for judged in task.reading.judged], *bounds)
        return answer_prompt(question, task.extractive.hits, *bounds, settings.llm_passages)

    def _writer(self, task: Task, prompt: Prompt) -> Writer:
        excerpts = {excerpt.id: excerpt for excerpt in prompt.excerpts}
        draft_gate = DraftGate(task.found, task.reading, self._reader, self._embedder, self._fitted)

        def judge(sentence: str, marks: tuple[str, ...]) -> Verdict:
            return draft_gate.verdict(sentence, marks, excerpts, task.floor)

        return Writer(frozenset(excerpts), judge, self._settings.answer_sentences_max + 3)

    def _usage(self, reply: Reply, writer: Writer) -> Usage:
        prompt_tokens, completion_tokens = reply.tokens
        prices = self._settings.llm_prompt_price, self._settings.llm_completion_price
        cost = (prompt_tokens * prices[0] + completion_tokens * prices[1]) / _MILLION if any(prices) else None
        return Usage(
            model=self._model.name,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            cost=cost,
            cached=False,
            markers_removed=writer.invented,
            sentences_struck=len(writer.struck),
            struck_reasons=tuple(writer.struck),
        )

    @staticmethod
    def _not_found(task: Task) -> Answer:
        bare = replace(task.extractive, sentences=(), citations=())
        return replace(bare, outcome=Outcome.NOT_IN_SOURCES, reason=MODEL_REFUSED, text=NOT_FOUND)

    def _again(self, task: Task, kept: Answer) -> Answer:
        usage = kept.usage
        if usage is not None:
            cost = None if usage.cost is None else 0.0
            usage = replace(usage, prompt_tokens=0, completion_tokens=0, cost=cost, cached=True)
        now = task.extractive
        return replace(
            now,
            outcome=kept.outcome,
            text=kept.text,
            sentences=kept.sentences,
            citations=kept.citations,
            answerer=kept.answerer,
            notice=kept.notice,
            usage=usage,
        )


def _enough(task: Task, writer: Writer) -> bool:
    """Whether what stands answers as much of the question as the extractive answer does."""
    if not writer.drafts or not writer.near_best:
        return False
    said = " ".join(draft.text for draft in writer.drafts)
    known = " ".join(sentence.text for sentence in task.extractive.sentences)
    question = task.found.question
    if any(holds(kind)(known) and not holds(kind)(said) for kind in question.types):
        return False
    if question.wants_list and len(set(names(said))) < _LIST_SHARE * len(set(names(known))):
        return False
    if task.reading.confidence >= _SURE and not _says_what_was_asked(question, task.extractive.sentences[0].text, said):
        return False
    return not task.differ or figures(known) <= figures(said)


def _says_what_was_asked(question: Question, direct: str, said: str) -> bool:
    """Whether the figures asked for, or one of the names asked for, that the direct sentence gives are said too."""
    if not asked_figures(question, direct) <= asked_figures(question, said):
        return False
    if not question.types & {AnswerType.PERSON, AnswerType.NAME}:
        return True
    given = set(names(direct)) - set(names(question.text))
    return not given or any(holds_name(said, name) for name in given)
