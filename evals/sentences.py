"""How often a sentence that answers stands first, whatever the guide then does with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.cases import Case
from evals.errors import SuiteError
from evals.items import Item
from evals.statistics import Interval, Sample, ratio_interval
from evals.stores import settings_for
from evals.suites import Suite
from evals.text import holds
from ingest.progress import Progress, Silent
from rag.config import Settings
from rag.fitted import load_fitted
from rag.models import load_embedder
from rag.models.sentence_reader import SentenceReader
from rag.reader import Reader
from rag.retrieve import Retriever
from rag.sentences import split_sentences
from rag.store import Store, View

DEPTHS = (1, 5)
"""First, and among the first five."""

Placed = tuple[str, str]
"""The id of a source and the words of one of its sentences."""


@dataclass(frozen=True, slots=True)
class Rank:
    """Where the reader put the first of the sentences that answer a case."""

    item: Item
    rank: int | None
    """From 1; None where none of them was read."""


@dataclass(frozen=True, slots=True)
class Share:
    """Questions with such a sentence among the first `depth`, of the `n` that have one."""

    depth: int
    value: float
    interval: Interval
    n: int


def right_sentences(view: View, case: Case) -> tuple[Placed, ...]:
    """The sentences of the expected sources that hold most groups of what a right answer must; none where none does."""
    counted: list[tuple[int, Placed]] = []
    for source_id in case.source_ids:
        text = view.source_text(source_id)
        for start, end in split_sentences(text):
            quote = text[start:end]
            counted.append((sum(holds(group, quote) for group in case.must_include), (source_id, quote)))
    most = max((count for count, _ in counted), default=0)
    return tuple(placed for count, placed in counted if count == most > 0)


def sentence_ranks(suite: Suite, settings: Settings, progress: Progress | None = None) -> tuple[Rank, ...]:
    """Ask each case of one question that a sentence of its sources answers; refusals and rules have no say in it.

    Raises SuiteError where there is no such case, and what opening the store or the model raises.
    """
    progress = progress or Silent()
    own = settings_for(suite, settings, progress)
    embedder = load_embedder(own)
    retriever = Retriever(embedder, own)
    reader = Reader(SentenceReader(own.embed_threads), load_fitted(), own.read_sentences)
    found: list[Rank] = []
    with Store.open(own) as store:
        store.manifest.check_embedder(embedder.revision, embedder.dimension)
        view = store.view()
        asked = [Item(case, 0) for case in suite.cases if not case.turns]
        progress.begin("Asking", len(asked))
        for item in asked:
            right = right_sentences(view, item.case) if item.wants_answer else ()
            if right:
                found.append(Rank(item, _rank(item.step.question, right, retriever, reader, view)))
            progress.advance()
    if not found:
        raise SuiteError(
            f"No case of {suite.name!r} says by must_include and source_ids which sentence answers it.",
            "Name a suite that does, such as golden.",
        )
    return tuple(found)


def _rank(question: str, right: tuple[Placed, ...], retriever: Retriever, reader: Reader, view: View) -> int | None:
    found = retriever.find(question, view)
    judged = reader.read(found.question, found.candidates).judged
    places = ((one.candidate.source.id, one.candidate.text) for one in judged)
    return next((rank for rank, place in enumerate(places, start=1) if place in right), None)


def shares(found: Sequence[Rank]) -> tuple[Share, ...]:
    """For each depth the share of the questions and its 95 % interval, resampled by cluster."""
    clusters = [one.item.cluster for one in found]
    stated: list[Share] = []
    for depth in DEPTHS:
        hits = [(float(one.rank is not None and one.rank <= depth), 1.0) for one in found]
        sample = Sample.of(hits, clusters)
        interval = ratio_interval(sample)
        if sample.value is not None and interval is not None:
            stated.append(Share(depth, sample.value, interval, len(found)))
    return tuple(stated)
