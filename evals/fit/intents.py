"""The model of what is wanted: fitted on questions by intent, beside all training questions as in scope."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.fit.optimise import fit_intents
from evals.fit.questions import intent_questions, training_questions
from rag.intent import Intent
from rag.models import Embedder

FALSE_ALARMS_MAX = 0.01
"""Share of held-out in-scope questions that may be taken to be out of scope."""
_L2 = 3e-4
_BATCH = 64


def fit_scope(embedder: Embedder) -> dict[str, Any]:
    """The record that rag.intent reads: weights by intent, and the floor, with what it reaches on held-out questions.

    Held-out questions are about other subjects than those that were learnt from.
    """
    labelled = [(item.question, item.intent, item.split) for item in intent_questions()]
    labelled += [(q.question, Intent.IN_SCOPE, q.split) for q in training_questions() if q.kind != "decline"]
    vectors = _embedded(embedder, [question for question, _, _ in labelled])
    places = np.array([list(Intent).index(intent) for _, intent, _ in labelled])
    train = np.array([split == "train" for _, _, split in labelled])
    in_scope = places == list(Intent).index(Intent.IN_SCOPE)
    # The many questions in scope count half, as much together as all others.
    say = np.where(in_scope, 0.5, 1.0)[train]
    weights, biases = fit_intents(vectors[train], list(places[train]), len(Intent), say / say.sum(), _L2)
    outside = _outside(vectors[~train] @ weights.T + biases)
    floor = round(float(np.quantile(outside[in_scope[~train]], 1.0 - FALSE_ALARMS_MAX)), 4)
    held_out = places[~train]
    note = {
        intent.value: {
            "held_out": int((held_out == number).sum()),
            "taken_to_be_outside": int(((outside >= floor) & (held_out == number)).sum()),
        }
        for number, intent in enumerate(Intent)
    }
    rows = {
        intent.value: {"bias": round(float(bias), 4), "weights": [round(float(weight), 4) for weight in line]}
        for intent, line, bias in zip(Intent, weights, biases, strict=True)
    }
    return {"command": "make fit", "note": note, "revision": embedder.revision, "floor": floor, "intents": rows}


def _outside(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability that the question is not in scope, shape (questions,)."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    share: NDArray[np.float64] = odds[:, list(Intent).index(Intent.IN_SCOPE)] / odds.sum(axis=1)
    return 1.0 - share


def _embedded(embedder: Embedder, questions: Sequence[str]) -> NDArray[np.float64]:
    parts = [embedder.embed_queries(questions[begin : begin + _BATCH]) for begin in range(0, len(questions), _BATCH)]
    return np.concatenate(parts).astype(np.float64)
