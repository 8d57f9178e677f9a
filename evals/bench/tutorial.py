"""What `langchain-tutorial` is timed at: HuggingFaceEmbeddings and langchain-chroma with their defaults.

Run in a process of its own; see worker.py. The tutorial's language model is left out: its answer is the best passage.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from evals.bench.clock import memory_mb, timed
from evals.bench.materials import WARM_UP, Materials, Text
from evals.bench.process import Record
from rag.models.bundled import bundled_folder

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

NEAREST = 4
"""Passages that the tutorial asks for."""
BATCH = 5_000


def cold(folder: str, question: str) -> Record:
    """Open what was indexed and answer once."""
    return {"text": _answer(_opened(folder), question), "cpu_s": time.process_time()}


def latency(folder: str, materials: str) -> Record:
    """Milliseconds of each question: finding passages, the embedding of the question included, and answering."""
    index = _opened(folder)
    questions = Materials.read(Path(materials)).questions
    return {
        **timed("retrieval", lambda question: index.similarity_search(question, k=NEAREST), questions, WARM_UP),
        **timed("answer", lambda question: _answer(index, question), questions, WARM_UP),
    }


def memory(folder: str, materials: str) -> Record:
    """Memory after answering all questions."""
    index = _opened(folder)
    for question in Materials.read(Path(materials)).questions:
        _answer(index, question)
    return memory_mb()


def indexing(folder: str, materials: str) -> Record:
    """Seconds to embed the texts and put them into Chroma; imports and the loading of the model are not counted."""
    model = _model()
    index = _new(folder, model)
    texts = Materials.read(Path(materials)).texts
    model.embed_documents([text.text for text in texts[:WARM_UP]])
    begun, worked = time.perf_counter(), time.process_time()
    _add(index, texts)
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_s": time.process_time() - worked,
        "passages": len(texts),
    }


def growth(folder: str, materials: str) -> Record:
    """Milliseconds of finding passages in an index that was grown."""
    index = _opened(folder)
    questions = Materials.read(Path(materials)).questions
    found = timed("retrieval", lambda question: index.similarity_search(question, k=NEAREST), questions, WARM_UP)
    return {**found, "passages": index._collection.count(), **memory_mb()}


def grow(store: str, folder: str, count: int) -> Record:
    """Write an index of so many passages made from those of the guide's store `store`."""
    from evals.bench.growth import grown_passages
    from rag.config import Settings

    begun = time.perf_counter()
    index = _new(folder, embeddings=None)
    for first, last, passages in grown_passages(Settings(store=Path(store)), count, BATCH):
        # Straight into the collection, as its own method would embed everything a second time.
        index._collection.upsert(
            ids=[f"{number:08d}" for number in range(first, last)],
            embeddings=passages.vectors,
            documents=list(passages.texts),
            metadatas=[{"source": source_id} for source_id in passages.source_ids],
        )
    return {"seconds": time.perf_counter() - begun}


def _add(index: "Chroma", texts: tuple[Text, ...]) -> None:
    from langchain_core.documents import Document

    index.add_documents([Document(text.text, metadata={"source": text.source_id}) for text in texts])


def _answer(index: "Chroma", question: str) -> str:
    found = index.similarity_search(question, k=NEAREST)
    return found[0].page_content if found else ""


def _opened(folder: str) -> "Chroma":
    return _new(folder, _model())


def _model() -> "HuggingFaceEmbeddings":
    from langchain_huggingface import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=str(bundled_folder()))


def _new(folder: str, embeddings: "HuggingFaceEmbeddings | None") -> "Chroma":
    from langchain_chroma import Chroma

    return Chroma(collection_name="tutorial", persist_directory=folder, embedding_function=embeddings)
