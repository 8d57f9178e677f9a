"""Both readers are trained from questions to exported files by a few steps, and what comes out is served."""

from pathlib import Path

import numpy as np
import pytest
import torch

from evals.fit.questions import training_questions
from evals.training import refine_reader
from evals.training.network import QUESTION_TOKENS, SENTENCE_TOKENS, pair_logits
from evals.training.pair_lessons import PairLesson
from evals.training.refine_pairs import refine
from evals.training.shipped import ShippedLower, shipped_pairs, shipped_reader
from evals.training.train_reader import main, spread, train
from rag.config import Settings
from rag.models.sentence_reader import WEIGHTS, SentenceReader

QUESTION = "Who heads the Coventry robotics fund?"
SENTENCES = ["Ada Marsh has headed the Coventry robotics fund since 2021.", "Dudley lends money to foundries."]


@pytest.fixture(scope="module")
def trained(corpus_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained")
    train(corpus_settings, spread(training_questions(), 120), out, steps_max=2)
    return out


def test_what_is_trained_is_served_like_the_shipped_readers(trained: Path) -> None:
    made, shipped = SentenceReader(2, trained), SentenceReader(2)
    for one in (made, shipped):
        assert one.evidence(QUESTION, SENTENCES)[:, 0].argmax() == 0
        assert one.pairs.logits(QUESTION, SENTENCES).shape == (2,)
    assert not np.allclose(made.evidence(QUESTION, SENTENCES), shipped.evidence(QUESTION, SENTENCES))


def test_files_are_as_small_as_the_shipped_ones(trained: Path) -> None:
    for name in ("reader.onnx", "pairs.onnx"):
        assert (trained / name).stat().st_size == pytest.approx((WEIGHTS / name).stat().st_size, rel=0.05)


def test_the_shipped_pair_reader_is_read_back_as_it_was_and_can_be_taught_further(
    corpus_settings: Settings, tmp_path: Path
) -> None:
    served = SentenceReader(2).pairs.logits(QUESTION, SENTENCES)
    reader, network = ShippedLower(WEIGHTS), shipped_pairs(WEIGHTS).eval()
    with torch.no_grad():
        read = [float(pair_logits(reader, network, [QUESTION], [sentence])[0]) for sentence in SENTENCES]
    assert read == pytest.approx(served, abs=0.5)  # of some ten between the two: int8 rounds between the layers too
    general = [
        *(PairLesson(QUESTION, (SENTENCES[0],), (SENTENCES[1],), held_out=number == 0) for number in range(20)),
        PairLesson("Who heads it in Leeds?", (), tuple(SENTENCES), held_out=True),
    ]
    refine(corpus_settings, spread(training_questions(), 60), tmp_path, general, steps_max=2)
    taught = SentenceReader(2, tmp_path).pairs.logits(QUESTION, SENTENCES)
    assert not np.allclose(taught, served)


def test_the_shipped_sentence_reader_taught_further_leaves_the_pair_reader_fitting(
    corpus_settings: Settings, tmp_path: Path
) -> None:
    before, read = SentenceReader(2), shipped_reader(WEIGHTS).eval()
    with torch.no_grad():
        asked, sentences = read.encode([QUESTION], QUESTION_TOKENS), read.encode(SENTENCES, SENTENCE_TOKENS)
        scores = read.score(asked, sentences)[0].tolist()
    served = before.evidence(QUESTION, SENTENCES)[:, -1].tolist()
    assert scores == pytest.approx(served, abs=0.5)  # of some twelve between the two: int8 rounds between the layers
    refine_reader.refine(corpus_settings, spread(training_questions(), 120), tmp_path, steps_max=2)
    after = SentenceReader(2, tmp_path)
    assert not np.allclose(after.evidence(QUESTION, SENTENCES), before.evidence(QUESTION, SENTENCES))
    assert after.pairs.logits(QUESTION, SENTENCES) == pytest.approx(before.pairs.logits(QUESTION, SENTENCES), abs=0.1)


def test_a_smoke_run_never_takes_the_place_of_the_shipped_weights(capsys: pytest.CaptureFixture[str]) -> None:
    before = (WEIGHTS / "reader.json").read_bytes()
    with pytest.raises(SystemExit) as ended:
        main(["--smoke"])
    assert ended.value.code == 2
    assert "--out" in capsys.readouterr().err
    assert (WEIGHTS / "reader.json").read_bytes() == before
