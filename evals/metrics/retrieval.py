"""Is the right source among what was found? Computed by ir-measures over sources.

Hits are passages; a source stands at the rank of its best passage among the distinct sources found. hit@k looks at
the first k passages as they are shown.
"""

from functools import lru_cache

import ir_measures
from ir_measures import RR, R, nDCG

from evals.items import Item, Metric, Score, Sources, found, yes_no
from evals.records import RecordedHit, Reply

_MEASURES = {
    "recall@5": R @ 5, "recall@10": R @ 10, "recall@100": R @ 100, "mrr@10": RR @ 10, "ndcg@10": nDCG @ 10,
}  # fmt: skip
_QUERY = "question"


def ranked_sources(hits: tuple[RecordedHit, ...]) -> tuple[str, ...]:
    """Distinct sources by the rank of their best passage."""
    ordered = sorted(hits, key=lambda hit: hit.rank)
    return tuple(dict.fromkeys(hit.source_id for hit in ordered))


@lru_cache(maxsize=4096)
def measured(ranked: tuple[str, ...], grades: tuple[tuple[str, int], ...]) -> dict[str, float]:
    """Every measure for one question; `grades` are (source id, relevance) of the gold sources."""
    judged = [ir_measures.Qrel(_QUERY, source, grade) for source, grade in grades]
    run = [ir_measures.ScoredDoc(_QUERY, source, float(-place)) for place, source in enumerate(ranked)]
    values = ir_measures.calc_aggregate(list(_MEASURES.values()), judged, run)
    return {name: float(values[measure]) for name, measure in _MEASURES.items()}


def _measure(name: str, item: Item, reply: Reply) -> Score:
    ranked = ranked_sources(found(reply))
    if not ranked:
        return Score(0.0, 1.0, "nothing was found")
    return Score(measured(ranked, tuple(sorted(item.grades().items())))[name])


def _hit(depth: int, item: Item, reply: Reply) -> Score:
    first = sorted(found(reply), key=lambda hit: hit.rank)[:depth]
    return yes_no(any(hit.source_id in item.step.source_ids for hit in first))


def _applies(item: Item) -> bool:
    return bool(item.step.source_ids) and (item.wants_answer or item.case.task == "search")


def _deep(item: Item) -> bool:
    return _applies(item) and item.case.task == "search"


def _make_hit(depth: int) -> Metric:
    def score(item: Item, reply: Reply, _sources: Sources) -> Score:
        return _hit(depth, item, reply)

    about = f"Questions with an expected source among the first {depth} passages."
    return Metric(name=f"hit@{depth}", title=f"Retrieval hit@{depth}", about=about, applies=_applies, score=score)


def _make(name: str, title: str, about: str) -> Metric:
    def score(item: Item, reply: Reply, _sources: Sources) -> Score:
        return _measure(name, item, reply)

    applies = _deep if name == "recall@100" else _applies
    return Metric(name=name, title=title, about=about, applies=applies, score=score)


METRICS = (
    _make_hit(1),
    _make_hit(5),
    _make("mrr@10", "MRR@10", "Reciprocal rank of the first expected source among the first ten sources."),
    _make("ndcg@10", "nDCG@10", "Normalised discounted cumulative gain over the first ten sources (Järvelin 2002)."),
    _make("recall@5", "Recall@5", "Share of the expected sources among the first five sources."),
    _make("recall@10", "Recall@10", "Share of the expected sources among the first ten sources."),
    _make("recall@100", "Recall@100", "Share of the expected sources among the first hundred; searches only."),
)
