"""What the guide is timed at. Run in a process of its own; see worker.py."""

import time
from pathlib import Path

from evals.bench.clock import memory_mb, timed
from evals.bench.materials import WARM_UP, Materials
from evals.bench.process import Record
from rag.config import Settings
from rag.types import Document

READER_SENTENCES = 30


def cold(store: str, question: str) -> Record:
    """Open and answer once."""
    from rag.pipeline import Pipeline

    answer = Pipeline.open(_settings(store)).ask(question)
    return {"text": answer.text, "cpu_s": time.process_time()}


def latency(store: str, materials: str) -> Record:
    """Milliseconds of each question: finding passages, the embedding of the question included, and answering."""
    from rag.models import load_embedder
    from rag.pipeline import Pipeline
    from rag.retrieve import Retriever

    settings = _settings(store)
    questions = Materials.read(Path(materials)).questions
    with Pipeline.open(settings) as pipeline:
        retriever, view = Retriever(load_embedder(settings), settings), pipeline.store.view()
        return {
            **timed("retrieval", lambda question: retriever.find(question, view), questions, WARM_UP),
            **timed("answer", pipeline.ask, questions, WARM_UP),
        }


def memory(store: str, materials: str) -> Record:
    """Memory after answering all questions."""
    from rag.pipeline import Pipeline

    with Pipeline.open(_settings(store)) as pipeline:
        for question in Materials.read(Path(materials)).questions:
            pipeline.ask(question)
        return memory_mb()


def indexing(store: str, folder: str, materials: str, sentences: bool) -> Record:
    """Seconds to cut up, embed and publish the materials' sources, all but the start of the process.

    `sentences` embeds every sentence by itself too, as `wmai index` does and the tutorial does not.
    """
    from ingest.sync import index_documents
    from rag.models import load_embedder
    from rag.store import Store
    from rag.tokens import count_tokens

    texts = Materials.read(Path(materials)).texts
    with Store.open(_settings(store)) as held:
        wanted = {text.source_id for text in texts}
        documents = [
            Document(source=source, text=held.source_text(source.id))
            for source in held.sources()
            if source.id in wanted
        ]
    # What a process loads once, whatever it indexes, as the tutorial's model is loaded before its clock starts.
    load_embedder(_settings(store)).embed_passages([text.text for text in texts[:WARM_UP]])
    count_tokens(texts[0].text)
    begun, worked = time.perf_counter(), time.process_time()
    report = index_documents(_settings(folder), documents, whole_passages=not sentences)
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_s": time.process_time() - worked,
        "passages": report.passages,
    }


def embedding(store: str, materials: str) -> Record:
    """Seconds to embed the materials' texts and nothing else, with the word pieces of each."""
    from rag.models import load_embedder

    embedder = load_embedder(_settings(store))
    texts = [text.text for text in Materials.read(Path(materials)).texts]
    embedder.embed_passages(texts[:WARM_UP])
    begun = time.perf_counter()
    embedder.embed_passages(texts)
    seconds = time.perf_counter() - begun
    # Two special pieces stand around every text.
    return {"seconds": seconds, "pieces": [len(embedder.tokens(text)) + 2 for text in texts]}


def reader(store: str, materials: str) -> Record:
    """Milliseconds to read sentences that were never read before, so many for each question."""
    from rag.models.sentence_reader import SentenceReader
    from rag.store import Store

    held = Materials.read(Path(materials))
    with Store.open(_settings(store)) as opened:
        passages = opened.passages([text.passage_id for text in held.texts])
        rows = opened.sentences([passage.id for passage in passages])
    text_of = {passage.id: passage.text for passage in passages}
    sentences = list(dict.fromkeys(text_of[row.passage_id][row.start : row.end] for row in rows))
    network = SentenceReader(_settings(store).embed_threads)
    jobs = [
        (held.questions[number % len(held.questions)], sentences[first : first + READER_SENTENCES])
        for number, first in enumerate(range(0, max(1, len(sentences) - READER_SENTENCES + 1), READER_SENTENCES))
    ]
    warm_up = min(2, len(jobs) - 1)
    return timed("reader", lambda job: network.evidence(*job), jobs, warm_up)


def growth(folder: str, materials: str) -> Record:
    """Milliseconds of finding passages, and of its part by word, in a store that was grown."""
    from rag.models import load_embedder
    from rag.question import analyse
    from rag.retrieve import Retriever
    from rag.store import Store

    settings = _settings(folder)
    with Store.open(settings) as store:
        view = store.view()
        retriever = Retriever(load_embedder(settings), settings)
        questions = Materials.read(Path(materials)).questions
        found = timed("retrieval", lambda question: retriever.find(question, view), questions, WARM_UP)
        words = [
            [term.word for term in analyse(question, view.document_frequencies, view.passage_count).terms]
            for question in questions
        ]
        found |= timed("words", lambda some: view.query_text(some, settings.candidate_passages), words, WARM_UP)
        return {**found, "passages": view.passage_count, **memory_mb()}


def grow(store: str, folder: str, count: int) -> Record:
    """Write a store of so many passages made from those of `store`."""
    from evals.bench.growth import grow_store

    begun = time.perf_counter()
    grow_store(_settings(store), _settings(folder), count)
    return {"seconds": time.perf_counter() - begun}


def _settings(store: str) -> Settings:
    return Settings(store=Path(store), log_unanswered=False)
