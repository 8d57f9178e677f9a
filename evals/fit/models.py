"""From examples to the fitted numbers, in the order in which the guide applies them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.fit.examples import Example
from evals.fit.optimise import calibrate, fit_probability, fit_ranking
from rag.answerable import ANSWERABLE_FEATURES, answerable_features
from rag.fitted import LinearModel


@dataclass(frozen=True, slots=True)
class Models:
    """The three linear models."""

    preselect: LinearModel
    reader: LinearModel
    answerable: LinearModel
    depth: int
    """Sentences that the neural reader looks at."""

    def columns(self, example: Example) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What is known of the preselected sentences, and which of them are right."""
        order = np.argsort(-self.preselect.score(example.features), kind="stable")[: self.depth]
        return np.hstack([example.features[order], example.evidence[order]]), example.right[order]

    def ranked(self, example: Example) -> NDArray[np.bool_]:
        """Which of the sentences are right, best first by the reader."""
        matrix, right = self.columns(example)
        return right[np.argsort(-self.reader.score(matrix), kind="stable")]

    def confidence(self, example: Example) -> float:
        """Probability that the best sentence answers."""
        matrix, _ = self.columns(example)
        row = answerable_features(example.question, matrix, self.reader.score(matrix))
        return float(1.0 / (1.0 + np.exp(-self.answerable.score(row)[0])))


_TAKEN_EVERY = 4
"""One answerable question in so many is also shown with its answer taken away; they would drown the near-misses."""
_DECLINE_WEIGHT = 5
"""How often a question about something else entirely counts: there are few, and they anchor the low end."""
_AGAINST = frozenset({"best_rarest_missing", "best_rarest_missing_context", "unknown_share"})
"""More of these never makes an answer more likely."""
_EITHER_WAY = frozenset({"term_count", "list", "comparison", "yes_no"})
_LEFT_OUT = frozenset(
    f"best_{name}"
    for name in ("lexical", "fused", "density", "publisher_match", "title_coverage", "length", "position", "opening")
) | {"best_similarity_x_coverage", "best_recency"}
"""What helps to choose among sentences but says nothing of whether any answers."""


def fit_models(train: Sequence[Example], held_out: Sequence[Example], depth: int) -> Models:
    """Weights from `train`; the probability is then calibrated on `held_out`, which the network never saw either."""
    readable = [example for example in train if example.right.any()]
    preselect = fit_ranking([e.features for e in readable], [e.right for e in readable])
    blank = LinearModel(np.zeros(1), np.ones(1), np.zeros(1), 0.0)
    models = Models(preselect, blank, blank, depth)
    pairs = [pair for pair in map(models.columns, readable) if pair[1].any()]
    models = replace(models, reader=fit_ranking([matrix for matrix, _ in pairs], [right for _, right in pairs]))
    unlike = [example for example in train if example.item.kind == "decline"] * _DECLINE_WEIGHT
    taken = [without_answer(example) for example in readable[::_TAKEN_EVERY]]
    rows, labels = _probability_rows(models, [*_searched(train), *taken, *unlike])
    models = replace(models, answerable=fit_probability(rows, labels, [_bound(name) for name in ANSWERABLE_FEATURES]))
    rows, labels = _probability_rows(models, _searched(held_out))
    return replace(models, answerable=calibrate(models.answerable, rows, labels))


def without_answer(example: Example) -> Example:
    """The question as it would be if no source answered it: its right sentences are taken away."""
    item = example.item.model_copy(update={"gold": ()})
    wrong = ~example.right
    return replace(
        example,
        item=item,
        features=example.features[wrong],
        evidence=example.evidence[wrong],
        right=example.right[wrong],
    )


def _searched(examples: Sequence[Example]) -> list[Example]:
    """Without those to decline: most of them get a fixed reply before any search."""
    return [example for example in examples if example.item.kind != "decline"]


def _bound(name: str) -> tuple[float | None, float | None]:
    if name in _LEFT_OUT:
        return 0.0, 0.0
    if name in _EITHER_WAY:
        return None, None
    return (None, 0.0) if name in _AGAINST else (0.0, None)


def _probability_rows(models: Models, examples: Sequence[Example]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Features and labels of the examples that have a sentence."""
    rows, labels = [], []
    for example in examples:
        if len(example.features):
            matrix, _ = models.columns(example)
            rows.append(answerable_features(example.question, matrix, models.reader.score(matrix))[0])
            labels.append(example.answerable)
    return np.array(rows), np.array(labels, dtype=np.bool_)
