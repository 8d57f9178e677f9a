"""The pair reader prefers what answers, and says the same of a sentence in any company."""

import numpy as np
import pytest

from rag.models.sentence_reader import SentenceReader

QUESTION = "How many people does Acme Robotics employ in Coventry?"
ANSWER = "Acme Robotics. Acme Robotics employs 140 people at its Coventry works, the council said."
OTHERS = (
    "Acme Robotics. Acme Robotics was set up in 2015 by two engineers.",
    "Coventry. The city has two universities.",
    "Acme Robotics. " + "Its robots are sold in many countries and are known for their arms. " * 12,
)


@pytest.fixture(scope="module")
def network() -> SentenceReader:
    return SentenceReader(threads=2)


def test_the_sentence_that_answers_scores_highest(network: SentenceReader) -> None:
    logits = network.pairs.logits(QUESTION, [*OTHERS, ANSWER])
    assert logits.shape == (len(OTHERS) + 1,)
    assert logits.argmax() == len(OTHERS)


def test_a_sentence_scores_alike_alone_and_beside_others(network: SentenceReader) -> None:
    together = network.pairs.logits(QUESTION, [ANSWER, *OTHERS])
    alone = [network.pairs.logits(QUESTION, [text])[0] for text in (ANSWER, *OTHERS)]
    np.testing.assert_allclose(together, alone)


def test_another_name_in_the_question_lowers_the_same_sentence(network: SentenceReader) -> None:
    asked = (QUESTION, QUESTION.replace("Acme", "Bolt"))
    named, other = (network.pairs.logits(question, [ANSWER])[0] for question in asked)
    assert other < named
