"""The fits find what was put into synthetic data, keep their bounds, and the shipped numbers fit this version."""

import numpy as np
import pytest

from evals.fit.optimise import calibrate, fit_probability, fit_ranking
from evals.fit.questions import training_questions
from rag.answerable import ANSWERABLE_FEATURES, COLUMNS
from rag.fitted import LinearModel, load_fitted


def test_the_ranking_finds_the_feature_that_decides() -> None:
    generator = np.random.default_rng(0)
    matrices, labels = [], []
    for _ in range(200):
        matrix = generator.normal(size=(10, 3))
        right = np.zeros(10, dtype=np.bool_)
        right[np.argmax(matrix[:, 1] + 0.1 * generator.normal(size=10))] = True
        matrices.append(matrix)
        labels.append(right)
    model = fit_ranking(matrices, labels)
    assert np.argmax(np.abs(model.weights)) == 1
    hits = [right[np.argmax(model.score(matrix))] for matrix, right in zip(matrices, labels, strict=True)]
    assert np.mean(hits) > 0.9


def test_a_bounded_weight_keeps_its_sign_against_the_data() -> None:
    generator = np.random.default_rng(1)
    features = generator.normal(size=(400, 2))
    labels = features[:, 0] - features[:, 1] > 0
    free = fit_probability(features, labels, [(None, None), (None, None)])
    bounded = fit_probability(features, labels, [(0.0, None), (0.0, None)])
    assert free.weights[1] < 0
    assert bounded.weights[1] == 0
    assert bounded.weights[0] > 0


def test_calibration_gives_the_share_that_is_right() -> None:
    generator = np.random.default_rng(2)
    features = generator.normal(size=(4000, 1))
    labels = generator.random(4000) < 1.0 / (1.0 + np.exp(-(2.0 * features[:, 0] + 1.0)))
    overconfident = LinearModel(mean=np.zeros(1), scale=np.ones(1), weights=np.array([9.0]), bias=-3.0)
    model = calibrate(overconfident, features, labels)
    assert model.weights[0] == pytest.approx(2.0, abs=0.25)
    assert model.bias == pytest.approx(1.0, abs=0.2)


def test_the_shipped_numbers_fit_this_version() -> None:
    fitted = load_fitted()
    assert fitted.reader.weights.shape == (len(COLUMNS),)
    assert fitted.answerable.weights.shape == (len(ANSWERABLE_FEATURES),)
    assert 0.0 < fitted.floor < 1.0
    assert fitted.note["command"] == "make fit"


def test_training_and_held_out_questions_share_no_first_source() -> None:
    questions = [question for question in training_questions() if question.gold]
    sources = {
        split: {question.gold[0].source_id for question in questions if question.split == split}
        for split in ("train", "held_out")
    }
    assert sources["train"]
    assert not sources["train"] & sources["held_out"]


def test_there_are_enough_training_questions_of_both_sorts() -> None:
    questions = training_questions()
    assert len(questions) >= 1500
    assert len({question.question for question in questions}) == len(questions)
    assert sum(not question.gold for question in questions) >= 300
