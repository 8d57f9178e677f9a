"""The metrics, all deterministic; each file is one family. `ALL` is the order in which they are printed."""

from evals.items import Metric
from evals.metrics import answer, citation, conversation, grounding, latency, refusal, retrieval, span, usage

ALL: tuple[Metric, ...] = (
    *answer.METRICS,
    *refusal.METRICS,
    *citation.METRICS,
    *grounding.METRICS,
    *conversation.METRICS,
    *retrieval.METRICS,
    *span.METRICS,
    *latency.METRICS,
    *usage.METRICS,
)
BY_NAME = {metric.name: metric for metric in ALL}
HEADLINE = (
    "right", "refusal_recall", "false_refusal", "citation_validity", "hit@5", "latency_p50", "latency_p95",
)  # fmt: skip
