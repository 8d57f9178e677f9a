"""The pair reader prefers what answers, says the same of a sentence in any company, and takes any question."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from rag.models.bundled import bundled_folder
from rag.models.pieces import WordPieces
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


def test_a_question_that_fills_the_input_alone_still_leaves_room_for_the_sentence(network: SentenceReader) -> None:
    long = "I have wondered for years, and so has my neighbour in Dudley, " * 16 + QUESTION
    other, answer = network.pairs.logits(long, [OTHERS[1], ANSWER])
    assert np.isfinite([other, answer]).all()
    assert other != answer


def test_pieces_are_cut_as_the_model_was_taught() -> None:
    usual = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    usual.no_padding()
    pieces = WordPieces(bundled_folder() / "tokenizer.json")
    texts = [QUESTION, "", "£12.5m 🤖 ਕੋਵੈਂਟਰੀ", OTHERS[2], "long " * 300]
    usual.enable_truncation(48)
    assert pieces.of(texts, 48) == [encoding.ids for encoding in usual.encode_batch(texts)]
    usual.enable_truncation(64, strategy="only_second")
    wanted = usual.encode_batch([(QUESTION, text) for text in texts])
    assert pieces.of_pairs(QUESTION, texts, 64) == [encoding.ids for encoding in wanted]
