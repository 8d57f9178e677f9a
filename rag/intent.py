"""What whoever asks wants: an answer about the sector, or something that no search should be made for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.models import Vectors


class Intent(StrEnum):
    """What a question is for."""

    IN_SCOPE = "in_scope"
    CHITCHAT = "chitchat"
    INJECTION = "injection"
    PRIVACY = "privacy"
    PERSONAL_ADVICE = "personal_advice"
    OTHER_TOPIC = "other_topic"
    ELSEWHERE = "elsewhere"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Multinomial logistic regression on the question's vector; made by `make fit` for one embedding model."""

    revision: str
    """Of the embedding model; another model's vectors mean nothing to it."""
    weights: NDArray[np.float64]
    """Shape (len(Intent), dimension)."""
    biases: NDArray[np.float64]
    floor: float
    """Least probability, in [0, 1], that a question is out of scope at which it is taken to be."""

    def outside(self, vector: Vectors) -> Intent | None:
        """What is wanted where it is not an answer about the sector, surely enough; None for all other questions.

        `vector` is the question's, shape (dimension,).
        """
        scores = self.weights @ vector + self.biases
        odds = np.exp(scores - scores.max())
        shares: Mapping[Intent, float] = dict(zip(Intent, odds / odds.sum(), strict=True))
        if 1.0 - shares[Intent.IN_SCOPE] < self.floor:
            return None
        return max((intent for intent in Intent if intent is not Intent.IN_SCOPE), key=lambda intent: shares[intent])


@cache
def load_intents(revision: str) -> IntentModel | None:
    """The model that ships with the guide; None for an embedding model other than the one that it was fitted on."""
    record = json.loads(files("rag").joinpath("intents.json").read_text(encoding="utf-8"))
    if record["revision"] != revision:
        return None
    rows = record["intents"]
    return IntentModel(
        revision=revision,
        weights=np.array([rows[intent]["weights"] for intent in Intent], dtype=np.float64),
        biases=np.array([rows[intent]["bias"] for intent in Intent], dtype=np.float64),
        floor=record["floor"],
    )
