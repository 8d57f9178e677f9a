"""Are the words that answer among what was found, and how much else? Recall, precision and IoU over characters.

Smith & Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma, 2024), over the first five passages.
"""

from collections.abc import Iterable, Sequence

from evals.cases import GoldSpan
from evals.items import UNSCORED, Item, Metric, Score, Sources, found, yes_no
from evals.records import Reply, SourceText

DEPTH = 5

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans with overlapping and touching ones joined, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def span_scores(chunks: Sequence[tuple[str, int, int]], gold: dict[str, tuple[Span, ...]]) -> dict[str, float]:
    """Recall |gold found| / |gold|, precision |gold found| / sum of |chunk|, IoU |gold found| / |gold or chunk|.

    `chunks` are (source id, start, end); `gold` are spans by source id; the values lie in [0, 1].
    """
    retrieved = sum(end - start for _, start, end in chunks)
    wanted = overlap = 0
    for source_id, spans in gold.items():
        joined = union(spans)
        wanted += _length(joined)
        overlap += _length(
            union(
                (max(start, first), min(end, last))
                for chunk_source, start, end in chunks
                if chunk_source == source_id
                for first, last in joined
                if min(end, last) > max(start, first)
            )
        )
    either = retrieved + wanted - overlap
    return {
        "recall": overlap / wanted if wanted else 0.0,
        "precision": overlap / retrieved if retrieved else 0.0,
        "iou": overlap / either if either else 0.0,
    }


def _start(source: SourceText, span: GoldSpan) -> int:
    if span.start is not None and source.text.startswith(span.quote, span.start):
        return span.start
    return source.text.find(span.quote)


def gold_spans(item: Item, sources: Sources) -> dict[str, tuple[Span, ...]]:
    """Where the gold quotes stand in their sources; a quote that a source does not hold is left out."""
    places: dict[str, list[Span]] = {}
    for span in item.step.spans:
        source = sources.get(span.source_id)
        start = _start(source, span) if source else -1
        if start >= 0:
            places.setdefault(span.source_id, []).append((start, start + len(span.quote)))
    return {source_id: tuple(spans) for source_id, spans in places.items()}


def _make(part: str, title: str, about: str) -> Metric:
    def score(item: Item, reply: Reply, sources: Sources) -> Score:
        gold = gold_spans(item, sources)
        if not gold:
            return UNSCORED
        first = sorted(found(reply), key=lambda hit: hit.rank)[:DEPTH]
        return Score(span_scores([(hit.source_id, hit.start, hit.end) for hit in first], gold)[part])

    name = f"span_{part}@{DEPTH}"
    return Metric(name=name, title=title, about=about, applies=lambda item: bool(item.step.spans), score=score)


def spans_hit(chunks: Sequence[tuple[str, int, int]], gold: dict[str, tuple[Span, ...]]) -> bool:
    """Whether some gold span lies whole in what was found; chunks that touch or overlap count as one stretch."""
    for source_id, spans in gold.items():
        held = union((start, end) for chunk_source, start, end in chunks if chunk_source == source_id)
        if any(start <= first and last <= end for first, last in spans for start, end in held):
            return True
    return False


def _make_hit(depth: int) -> Metric:
    def score(item: Item, reply: Reply, sources: Sources) -> Score:
        gold = gold_spans(item, sources)
        if not gold:
            return UNSCORED
        first = sorted(found(reply), key=lambda hit: hit.rank)[:depth]
        return yes_no(spans_hit([(hit.source_id, hit.start, hit.end) for hit in first], gold))

    return Metric(
        name=f"span_hit@{depth}", title=f"Span hit@{depth}", applies=lambda item: bool(item.step.spans), score=score,
        about=f"Questions of which a gold span lies whole in the first {depth} passages.",
    )  # fmt: skip


METRICS = (
    _make_hit(1),
    _make_hit(DEPTH),
    _make("recall", "Span recall@5", "Share of the gold characters that the first five passages hold."),
    _make("precision", "Span precision@5", "Share of the first five passages' characters that are gold."),
    _make("iou", "Span IoU@5", "Gold characters found, of all gold and retrieved characters."),
)
