"""How long it took, and how often it broke."""

from evals.items import Item, Metric, Score, Sources, yes_no
from evals.records import Reply


def _wall(_item: Item, reply: Reply, _sources: Sources) -> Score:
    return Score(reply.wall_ms)


def _failed(_item: Item, reply: Reply, _sources: Sources) -> Score:
    return yes_no(reply.failure is not None)


METRICS = (
    Metric(
        name="errors", title="Errors", better="lower", applies=lambda _item: True, score=_failed,
        about="Questions on which the system raised an error; each counts as a failure in every share.",
    ),
    Metric(
        name="latency_p50", title="Latency, median", better="lower", applies=lambda _item: True, score=_wall,
        unit="ms", quantile=0.5, about="Milliseconds from question to finished reply, measured around the call.",
    ),
    Metric(
        name="latency_p95", title="Latency, 95th percentile", better="lower", applies=lambda _item: True,
        score=_wall, unit="ms", quantile=0.95, about="Milliseconds that 95 in 100 replies stay under.",
    ),
)  # fmt: skip
