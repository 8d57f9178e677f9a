"""Both readers are trained from questions to exported files by a few steps, and what comes out is served."""

from pathlib import Path

import numpy as np
import pytest

from evals.fit.questions import training_questions
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


def test_a_smoke_run_never_takes_the_place_of_the_shipped_weights(capsys: pytest.CaptureFixture[str]) -> None:
    before = (WEIGHTS / "reader.json").read_bytes()
    with pytest.raises(SystemExit) as ended:
        main(["--smoke"])
    assert ended.value.code == 2
    assert "--out" in capsys.readouterr().err
    assert (WEIGHTS / "reader.json").read_bytes() == before
