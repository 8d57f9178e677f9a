import pytest

from evals.metrics.span import span_scores, spans_hit, union


def test_overlapping_spans_are_joined() -> None:
    assert union([(5, 9), (0, 3), (3, 4), (8, 12)]) == ((0, 4), (5, 12))


@pytest.mark.parametrize(
    ("chunks", "gold", "recall", "precision", "iou"),
    [
        # Half of ten gold characters in a chunk of twenty: 5/10, 5/20, 5/(20+10-5).
        ([("d", 0, 20)], {"d": ((15, 25),)}, 0.5, 0.25, 0.2),
        # Two chunks that overlap: the gold counts once, the chunks count whole.
        ([("d", 0, 20), ("d", 10, 30)], {"d": ((12, 18),)}, 1.0, 6 / 40, 6 / 40),
        # The right offsets of the wrong source are nothing.
        ([("e", 0, 20)], {"d": ((0, 20),)}, 0.0, 0.0, 0.0),
        # Gold in two sources, one found.
        ([("d", 0, 10)], {"d": ((0, 10),), "e": ((0, 10),)}, 0.5, 1.0, 0.5),
        ([], {"d": ((0, 10),)}, 0.0, 0.0, 0.0),
    ],
)
def test_recall_precision_and_iou_by_hand(
    chunks: list[tuple[str, int, int]],
    gold: dict[str, tuple[tuple[int, int], ...]],
    recall: float,
    precision: float,
    iou: float,
) -> None:
    found = span_scores(chunks, gold)
    assert (found["recall"], found["precision"], found["iou"]) == pytest.approx((recall, precision, iou))


@pytest.mark.parametrize(
    ("chunks", "hit"),
    [
        ([("d", 0, 20)], False),
        ([("d", 0, 20), ("d", 20, 30)], True),
        ([("e", 0, 30)], False),
        ([("d", 16, 24)], False),
        ([("x", 0, 1), ("d", 10, 40)], True),
        ([], False),
    ],
)
def test_a_span_is_hit_where_it_lies_whole_in_what_was_found(chunks: list[tuple[str, int, int]], hit: bool) -> None:
    assert spans_hit(chunks, {"d": ((15, 25),), "f": ((0, 9),)}) is hit
