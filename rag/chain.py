"""The guide for LangChain users: a retriever and a runnable to compose with chains of their own."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor
from pydantic import ConfigDict

from rag.pipeline import Pipeline
from rag.types import Answer, Event, Hit, Turn

Ask = str | dict[str, Any]
"""A question, or {"question": str, "history": [{"question": str, "answer": str}, …]} with the oldest turn first."""


class PassageRetriever(BaseRetriever):
    """Finds passages for a query; each Document carries its source's metadata, score and rank."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    pipeline: Pipeline
    k: int = 10
    """Passages returned, best first."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [document_from(hit) for hit in self.pipeline.search(query, self.k)]


class AnswerChain(Runnable[Ask, Answer]):
    """Question in, cited Answer out: `invoke`, `batch` and their async forms; `events` gives what leads to one."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def invoke(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: ANN401
        """One answer; callbacks and tracing of the config see it as one run. Raises InvalidQuestion."""
        return self._call_with_config(self._ask, input, config, run_type="chain", **kwargs)

    def events(self, asked: Ask) -> Iterator[Event]:
        """Retrieved, Delta… and Done for one question, as they happen."""
        return AnswerEvents(self._pipeline).stream(asked)

    def _ask(self, asked: Ask) -> Answer:
        question, history = _parts(asked)
        return self._pipeline.ask(question, history)


class AnswerEvents(Runnable[Ask, Event]):
    """Question in, what leads to the answer out, as it happens: `stream` and `astream`; `invoke` gives the last event.

    Text that was streamed may be withdrawn: fold Delta and Withdrawn, or take the text of Done.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def invoke(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Event:  # noqa: ANN401
        """Done, with the answer. Raises InvalidQuestion."""
        *_, last = self.stream(input, config, **kwargs)
        return last

    def stream(
        self,
        input: Ask,
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Iterator[Event]:
        """Retrieved, then Delta and Withdrawn, then Done; callbacks and tracing see one run. Raises InvalidQuestion."""
        yield from self._transform_stream_with_config(iter([input]), self._events, config, run_type="chain", **kwargs)

    async def astream(
        self,
        input: Ask,
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> AsyncIterator[Event]:
        """As stream; each event is drawn in a thread."""
        events = self.stream(input, config, **kwargs)
        while (event := await run_in_executor(config, next, events, None)) is not None:
            yield event

    def _events(self, asked: Iterator[Ask]) -> Iterator[Event]:
        for one in asked:
            yield from self._pipeline.stream(*_parts(one))


def document_from(hit: Hit) -> Document:
    """A hit as LangChain's Document: the passage's text, with all that is known of it as metadata."""
    source = hit.source
    return Document(
        id=hit.passage.id,
        page_content=hit.passage.text,
        metadata={
            "passage_id": hit.passage.id,
            "source_id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "published": source.published,
            "heading": hit.passage.heading,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
            "rank": hit.rank,
        },
    )


def _parts(asked: Ask) -> tuple[str, tuple[Turn, ...]]:
    if isinstance(asked, str):
        return asked, ()
    turns = tuple(Turn(question=turn["question"], answer=turn["answer"]) for turn in asked.get("history", ()))
    return asked["question"], turns
