"""What it takes to add one page to a store that holds many. Run in a process of its own; see worker.py.

Fetching is left out: the page is at hand as bytes. All that follows is counted: reading it in the sandbox, looking for
copies, cutting, embedding, and publishing a new build.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from evals.bench.growth import Grown, grown_passages, turned
from evals.bench.process import Record
from evals.children import children_cpu_s
from ingest.candidate import sha256_of, signed
from ingest.copies import signature_of
from rag.config import Settings
from rag.sentences import split_sentences
from rag.store import Store
from rag.store.entries import IndexedDocument, IndexedPassage, IndexedSentence, Origin
from rag.store.writer import Writer
from rag.types import Document, Passage, Source

PASSAGES_A_PAGE = 3
SITES = 40
_BETWEEN = "\n\n"
_TOWNS = ("Ludlow", "Leominster", "Kington", "Knighton", "Clun", "Presteigne")


def page(number: int) -> bytes:
    """A page of some 120 words that no other number gives."""
    facts = "".join(
        f"<p>In {1800 + number} workshop {number} of {town} built {7 * number + place} looms for its weavers. The guild"
        f" paid them £{number + place}.5m, and its board met every month.</p>"
        for place, town in enumerate(_TOWNS)
    )
    return (
        f'<html lang="en"><head><title>Looms of {1800 + number}</title></head><body><nav>Home News</nav><article>'
        f"<h1>Looms of {1800 + number}</h1>{facts}</article></body></html>"
    ).encode()


def server(folder: str, pages: int) -> Record:
    """Wall and CPU seconds of each page that a running server takes in, the first one after its start left out."""
    from ingest.fetch.intake import prepare_bytes, publish
    from ingest.progress import Silent
    from ingest.readers.sandbox import shared_sandbox

    settings = Settings(store=Path(folder))
    seconds, cpu_seconds = [], []
    for number in range(pages + 1):
        begun, cpu_begun = time.perf_counter(), time.process_time()
        prepared = prepare_bytes(settings, page(number), f"looms-{number}.html", "text/html")
        report = publish(settings, (prepared,), Silent())
        seconds.append(time.perf_counter() - begun)
        cpu_seconds.append(time.process_time() - cpu_begun)
        assert report.plan.added, report.summary()  # noqa: S101  else nothing was measured
    shared_sandbox().close()
    return {"seconds": seconds[1:], "cpu_seconds": cpu_seconds[1:], "passages": report.passages}


def command(folder: str, file: str) -> Record:
    """Wall and CPU seconds of `wmai index FILE`, from the start of its process to its end, the sandbox's included."""
    begun = time.perf_counter()
    used = children_cpu_s()
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "ui.cli", "index", file, "--store", folder, "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, cpu_seconds = time.perf_counter() - begun, children_cpu_s() - used
    report = json.loads(done.stdout)
    assert report["added"], done.stdout  # noqa: S101  else nothing was measured
    return {"seconds": [seconds], "cpu_seconds": cpu_seconds, "passages": report["passages"]}


def write_store(store: str, folder: str, count: int) -> Record:
    """Write a store of `count` passages in web pages of three, grown from that of `store`, without the model."""
    with Store.open(Settings(store=Path(store))) as held:
        manifest = held.manifest
    ((_, _, grown),) = grown_passages(Settings(store=Path(store)), count, batch=count)
    dice = np.random.default_rng(count)
    with Writer.open(Settings(store=Path(folder))) as writer:
        writer.add_vectors([_passage_key(number) for number in range(count)], grown.vectors)
        entries = [
            _entry(writer, grown, range(first, min(first + PASSAGES_A_PAGE, count)), dice)
            for first in range(0, count, PASSAGES_A_PAGE)
        ]
        writer.publish(manifest.model_copy(update={"build_id": f"{count:016x}"}), entries, ())
    return {"passages": count}


def _entry(writer: Writer, grown: Grown, numbers: range, dice: np.random.Generator) -> IndexedDocument:
    """A page of those passages; their sentences have vectors near that of the passage."""
    site = f"site-{numbers.start % SITES}.example"
    source = Source(
        id=f"page-{numbers.start:07d}", title=f"Page {numbers.start}", publisher=site,
        url=f"https://{site}/{numbers.start}", recorded="2026-11-22", format="html",
    )  # fmt: skip
    passages, start = [], 0
    for number in numbers:
        text = grown.texts[number]
        spans = split_sentences(text)
        keys = [f"sentence-{number}-{place}" for place in range(len(spans))]
        writer.add_vectors(keys, turned(np.repeat(grown.vectors[number : number + 1], len(spans), axis=0), dice))
        passage = Passage(
            id=f"{number:016x}", source_id=source.id, text=text, start=start, end=start + len(text),
            tokens=len(text.split()),
        )  # fmt: skip
        sentences = tuple(IndexedSentence(*span, key) for span, key in zip(spans, keys, strict=True))
        passages.append(IndexedPassage(passage, _passage_key(number), sentences))
        start += len(text) + len(_BETWEEN)
    text = _BETWEEN.join(grown.texts[number] for number in numbers)
    origin = Origin(path=source.url, text_sha256=sha256_of(text), site=site, signature=signature_of(text))
    return IndexedDocument(signed(Document(source=source, text=text)), origin, tuple(passages))


def _passage_key(number: int) -> str:
    return f"passage-{number}"
