"""The types load nothing heavy; the JSON contract has exactly the fields that it promises."""

import subprocess
import sys

import pytest

from rag.pipeline import Pipeline
from rag.wire import answer_to_json

HEAVY = {"torch", "chromadb", "langchain", "langchain_core", "gradio", "numpy", "pydantic", "onnxruntime"}


@pytest.mark.parametrize("module", ["rag.types", "rag.errors", "rag.wire", "rag.cite", "rag.words", "rag.condense"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_json_of_an_answer(guide: Pipeline) -> None:
    record = answer_to_json(guide.ask("Who heads Minerva Business Angels?"))
    assert list(record) == [
        "question", "standalone_question", "outcome", "reason", "text", "sentences", "citations", "hits",
        "confidence", "suggestions", "timings_ms", "answerer", "index_build", "usage", "notice",
    ]  # fmt: skip
    assert set(record["sentences"][0]) == {"text", "markers", "support"}
    assert set(record["citations"][0]) == {"marker", "passage_id", "quote", "start", "end", "page", "source"}
    assert set(record["citations"][0]["source"]) == {"id", "title", "publisher", "url", "published", "homes"}
    assert set(record["hits"][0]) == {"passage_id", "source_id", "score", "rank", "text"}
    assert set(record["timings_ms"]) == {"condense", "retrieve", "answer", "total"}
