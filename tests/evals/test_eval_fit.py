"""The fits find what was put into synthetic data, and the shipped numbers fit this version."""

import numpy as np
import pytest

from evals.fit.optimise import class_weights, fit_intents, fit_probability, fit_ranking, platt
from evals.fit.questions import intent_questions, newest, training_questions
from rag.answerable import ANSWERABLE_FEATURES, COLUMNS
from rag.fitted import load_fitted
from rag.intent import Intent


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


def test_the_probability_finds_its_feature_and_a_ridge_keeps_it_small() -> None:
    generator = np.random.default_rng(1)
    features = generator.normal(size=(400, 3))
    labels = features[:, 2] + 0.3 * generator.normal(size=400) > 0
    weights = class_weights(labels)
    loose, tight = (fit_probability(features, labels, weights, l2) for l2 in (1e-3, 1.0))
    assert np.argmax(np.abs(loose.weights)) == 2
    assert 0 < tight.weights[2] < loose.weights[2]


def test_both_classes_have_the_same_say_whatever_their_shares() -> None:
    labels = np.array([True] * 90 + [False] * 10)
    weights = class_weights(labels)
    assert weights[labels].sum() == pytest.approx(weights[~labels].sum())
    assert weights.sum() == pytest.approx(1.0)


def test_calibration_gives_the_share_that_is_right() -> None:
    generator = np.random.default_rng(2)
    raw = generator.normal(size=4000)
    labels = generator.random(4000) < 1.0 / (1.0 + np.exp(-(2.0 * raw + 1.0)))
    slope, shift = platt(9.0 * raw - 3.0, labels)
    assert slope * 9.0 == pytest.approx(2.0, abs=0.25)
    assert shift - 3.0 * slope == pytest.approx(1.0, abs=0.2)


def test_intents_are_told_apart_by_what_tells_them_apart() -> None:
    generator = np.random.default_rng(3)
    places = generator.integers(0, 3, size=600)
    vectors = np.eye(3)[places] + 0.3 * generator.normal(size=(600, 3))
    weights, biases = fit_intents(vectors, list(places), 3, np.full(600, 1 / 600), 1e-4)
    assert np.mean((vectors @ weights.T + biases).argmax(axis=1) == places) > 0.9


def test_questions_by_intent_are_all_different_and_every_intent_has_both_splits() -> None:
    questions = intent_questions()
    assert len({item.question.casefold() for item in questions}) == len(questions)
    for intent in Intent:
        assert {item.split for item in questions if item.intent is intent} == {"train", "held_out"}


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


def test_questions_put_before_reading_are_of_both_sorts_and_in_both_splits() -> None:
    found = {(item.split, bool(item.gold)) for item in training_questions() if item.before_reading}
    assert found == {("train", True), ("train", False), ("held_out", True), ("held_out", False)}


def test_there_are_enough_training_questions_of_both_sorts() -> None:
    questions = training_questions()
    assert len(questions) >= 1500
    assert len({question.question for question in questions}) == len(questions)
    assert sum(not question.gold for question in questions) >= 300


def test_the_newest_questions_come_with_as_many_older_ones_from_all_over() -> None:
    questions = training_questions()
    taught = newest(questions, 100)
    assert taught[-100:] == questions[-100:]
    assert len(taught) == len(set(taught)) == 200
    assert taught[0] == questions[0]
    assert taught[99] in questions[len(questions) // 2 : -100]
    assert newest(questions, None) == questions
