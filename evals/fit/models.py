"""From examples to the fitted numbers, in the order in which the guide applies them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.fit.examples import Example
from evals.fit.optimise import calibrate, fit_probability, fit_ranking
from rag.answerable import answerable_features
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


def fit_models(train: Sequence[Example], held_out: Sequence[Example], depth: int) -> Models:
    """Weights from `train`; the probability is then calibrated on `held_out`, which the network never saw either."""
    readable = [example for example in train if example.right.any()]
    preselect = fit_ranking([e.features for e in readable], [e.right for e in readable])
    blank = LinearModel(np.zeros(1), np.ones(1), np.zeros(1), 0.0)
    models = Models(preselect, blank, blank, depth)
    pairs = [pair for pair in map(models.columns, readable) if pair[1].any()]
    models = replace(models, reader=fit_ranking([matrix for matrix, _ in pairs], [right for _, right in pairs]))
    rows, labels = _probability_rows(models, train)
    models = replace(models, answerable=fit_probability(rows, labels))
    rows, labels = _probability_rows(models, held_out)
    return replace(models, answerable=calibrate(models.answerable, rows, labels))


def _probability_rows(models: Models, examples: Sequence[Example]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    searched = [example for example in examples if example.item.kind != "decline"]
    rows = []
    for example in searched:
        matrix, _ = models.columns(example)
        rows.append(answerable_features(example.question, matrix, models.reader.score(matrix))[0])
    return np.array(rows), np.array([example.answerable for example in searched])
