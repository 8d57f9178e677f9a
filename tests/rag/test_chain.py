"""The guide inside LangChain: its documents lose nothing, its runnable composes, streams and traces."""

import asyncio
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableLambda

from rag.chain import AnswerChain, PassageRetriever
from rag.pipeline import Pipeline
from rag.types import Answer, Done

QUESTION = "Who heads Minerva Business Angels?"


def test_a_document_says_all_that_the_hit_says(guide: Pipeline) -> None:
    documents = PassageRetriever(pipeline=guide, k=3).invoke(QUESTION)
    for document, hit in zip(documents, guide.search(QUESTION, 3), strict=True):
        assert document.page_content == hit.passage.text
        (passage,) = guide.store.passages([document.metadata["passage_id"]])
        assert passage == hit.passage
        assert document.metadata["url"] == hit.source.url
        assert (document.metadata["score"], document.metadata["rank"]) == (hit.score, hit.rank)


def test_the_runnable_composes_and_batches(guide: Pipeline) -> None:
    chain = AnswerChain(guide) | RunnableLambda(lambda answer: answer.text)
    alone = chain.invoke(QUESTION)
    assert "Toft" in alone
    assert chain.batch([QUESTION, {"question": QUESTION, "history": []}]) == [alone, alone]
    assert asyncio.run(chain.ainvoke(QUESTION)) == alone


def test_events_end_with_the_answer(guide: Pipeline) -> None:
    last = list(AnswerChain(guide).events(QUESTION))[-1]
    assert isinstance(last, Done)


def test_callbacks_see_the_run(guide: Pipeline) -> None:
    class Seen(BaseCallbackHandler):
        def __init__(self) -> None:
            self.outputs: list[Any] = []

        def on_chain_end(self, outputs: Any, **_: Any) -> None:
            self.outputs.append(outputs)

    seen = Seen()
    answer = AnswerChain(guide).invoke(QUESTION, {"callbacks": [seen]})
    assert isinstance(answer, Answer)
    assert any(isinstance(output, Answer) and output.text == answer.text for output in seen.outputs)
