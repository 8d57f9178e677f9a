"""The benchmark runs as told, on both sides, and its grown corpora are what they are said to be. Nothing is timed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from evals.bench.figures import rows, summarised
from evals.bench.growth import NOISE_SHARE, TURN, grow_store, grown_passages, noisy_text
from evals.bench.int8 import ndcg
from evals.bench.machine import operations, weight_operations
from evals.bench.page import table
from evals.bench.plot import ratio_plot
from evals.bench.process import BenchError, measure
from ingest.sync import index_documents
from rag.config import Settings
from rag.store import Store
from rag.types import Document, Source

Make = Callable[..., Settings]
TEXTS = (
    "Coventry has a seed fund for robots. It gave £12.5m to 14 firms in 2024.",
    "Dudley lends money to foundries that buy sensors, and asks for 5% in return.",
    "Walsall trains nurses to read scans. Sixty have finished the course. It is free.",
    "Telford hosts a data centre, which heats a swimming pool in winter.",
)


@pytest.fixture(scope="module")
def settings(exported_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    store = tmp_path_factory.mktemp("bench") / "store"
    store.mkdir()
    (store / "models").symlink_to(exported_models)
    made = Settings.model_validate({"store": store})
    documents = [
        Document(
            source=Source(
                id=f"source-{number}", title=f"Report {number}", publisher="Press", url="", recorded="2026-11-22"
            ),
            text=text,
        )
        for number, text in enumerate(TEXTS)
    ]
    index_documents(made, documents)
    return made


def test_a_grown_corpus_begins_with_the_real_one_and_goes_on_with_near_copies(settings: Settings) -> None:
    ((_, _, few),) = grown_passages(settings, 12, batch=100)
    batches = list(grown_passages(settings, 40, batch=7))
    texts = [text for _, _, grown in batches for text in grown.texts]
    vectors = np.concatenate([grown.vectors for _, _, grown in batches])
    assert [(first, last) for first, last, _ in batches] == [(at, min(at + 7, 40)) for at in range(0, 40, 7)]
    assert sorted(texts[: len(TEXTS)]) == sorted(TEXTS)
    assert tuple(texts[:12]) == few.texts
    assert np.array_equal(vectors[:12], few.vectors)
    assert len(set(texts)) > 30
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    real = vectors[: len(TEXTS)]
    for number in range(len(TEXTS), 40):
        middles = real + real[number % len(TEXTS)]
        middles /= np.linalg.norm(middles, axis=1, keepdims=True)
        assert (middles @ vectors[number]).max() == pytest.approx(1 / np.sqrt(1 + TURN**2), abs=0.06)


def test_noise_replaces_the_share_of_words_that_it_says_and_no_figures() -> None:
    text = "alpha beta 12.5m, gamma (delta) £3 " * 400
    words = text.split()
    noisy = noisy_text(text, ["omega"], np.random.default_rng(1)).split()
    replaced = sum(one != other for one, other in zip(words, noisy, strict=True))
    # 12.5m and £3 are no words but for the m.
    assert replaced / (400 * 5) == pytest.approx(NOISE_SHARE, abs=0.03)
    assert [word for word in noisy if word[0] in "1£"][:2] == [noisy[2], "£3"]
    assert noisy_text(text, ["omega"], np.random.default_rng(1)).split() == noisy


def test_a_grown_store_answers_like_any_other(settings: Settings, new_settings: Make) -> None:
    grown = new_settings("grown")
    grow_store(settings, grown, 50)
    with Store.open(grown) as store:
        assert store.passage_count == 50
        assert len(store.sources()) == 50
        ids = [passage.id for source in store.sources() for passage in store.source_passages(source.id)]
        for id_, vector in store.passage_vectors(ids).items():
            assert store.query_vectors(vector, 1)[0][0] == id_
        texts = {passage.id: passage.text for passage in store.passages(ids)}
        for row in store.sentences(ids):
            assert texts[row.passage_id][row.start : row.end].strip()
        assert len(store.query_text(["2024"], 100)) == 13


def test_both_sides_are_measured_and_the_page_is_written(settings: Settings, tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "evals.bench", "--only", "latency,growth", "--repeats", "1", "--questions", "3",
        "--sizes", "9", "--out", str(tmp_path / "out"), "--folder", str(tmp_path / "work"),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "WMAI_STORE": str(settings.store)}
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "work").exists()
    measured = json.loads((tmp_path / "out" / "performance.json").read_text(encoding="utf-8"))
    assert list(measured) == ["latency", "growth"]
    latency = measured["latency"]["records"]
    for side in ("guide", "tutorial"):
        assert latency[side][0]["answer_ms"]["n"] == 3
        assert measured["growth"]["records"][f"{side} 9"][0]["passages"] == 9
    page = (tmp_path / "out" / "performance.md").read_text(encoding="utf-8")
    for line in ("finding passages, p50, processor time", "whole answer, p95", "finding among 9 passages, p95"):
        assert line in page
        assert line in done.stdout
    assert "{" not in page
    for name, held in (("ratios", "finding passages, p50"), ("growth", "asked for at p95: 60 ms")):
        drawing = (tmp_path / "out" / f"performance-{name}.svg").read_text(encoding="utf-8")
        assert f"performance-{name}.svg" in page
        ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing
        assert held in drawing


@pytest.mark.parametrize(
    ("task", "field"), [("memory", "resident_mb"), ("reader", "reader_ms"), ("embedding", "pieces"), ("cold", "text")]
)
def test_the_guide_alone_is_measured(task: str, field: str, settings: Settings, tmp_path: Path) -> None:
    from evals.bench.materials import gather

    gather(settings, 2).write(tmp_path / "materials.json")
    given = {"question": "Who trains nurses?"} if task == "cold" else {"materials": str(tmp_path / "materials.json")}
    record = measure(task, "guide", {"store": str(settings.store), **given})
    assert record[field]
    assert record["elapsed_s"] > 0


def test_a_measurement_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no index"):
        measure("cold", "guide", {"store": str(tmp_path), "question": "Who?"})


def test_a_part_that_is_not_known_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evals.bench", "--only", "colour"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "colour" in done.stderr


def test_ratios_say_how_many_times_better_the_guide_is() -> None:
    parts = {
        "cold": {
            "guide": [{"elapsed_s": 1.0, "cpu_s": 1.0}, {"elapsed_s": 2.0, "cpu_s": 1.0}],
            "tutorial": [{"elapsed_s": 8.0, "cpu_s": 7.0}] * 2,
        },
        "indexing": {
            "guide": [{"passages": 100, "seconds": 2.0, "cpu_s": 4.0}],
            "tutorial": [{"passages": 100, "seconds": 1.0, "cpu_s": 2.0}],
            "sentences": [{"passages": 100, "seconds": 4.0, "cpu_s": 8.0}],
        },
    }
    cold, cold_worked, indexing, indexing_worked, sentences = rows(parts)
    assert [row.ratio.median for row in (cold_worked, indexing_worked) if row.ratio] == [7.0, 0.5]
    assert cold.ratio is not None
    assert (cold.ratio.least, cold.ratio.median, cold.ratio.most, cold.ratio.n) == (4.0, 6.0, 8.0, 2)
    assert cold.met is True
    assert indexing.ratio is not None
    assert (indexing.ratio.median, indexing.met) == (0.5, False)
    assert sentences.met is None
    drawing = ratio_plot([cold, indexing, sentences])
    assert "6.0 × · 1.5 against 8 s" in drawing
    assert "each sentence embedded too" not in drawing
    assert ratio_plot([sentences]) == ""
    shown = table([cold, indexing])
    assert "| 6 (4–8) × | ≥ 4 times | yes |" in shown
    assert "**no**" in shown


def test_what_a_reader_waits_for_is_held_to_its_bars() -> None:
    record = {"usable_ms": [900.0, 1100.0], "words_ms": [200.0, 420.0], "widget_bytes": 24_000, "shift": 0.01}
    found = rows({"eye": {"guide": [summarised(record)]}})
    assert [(row.guide.median, row.met) for row in found] == [
        (1000.0, True), (310.0, False), (409.0, None), (24_000.0, True), (0.01, False),
    ]  # fmt: skip


def test_a_record_keeps_what_its_lists_say() -> None:
    assert summarised({"answer_ms": [1.0, 2.0, 9.0], "passages": 3}) == {
        "answer_ms": {"n": 3, "p50": 2.0, "p95": 8.3},
        "passages": 3,
    }


def test_operations_are_those_of_the_embedding_model() -> None:
    # all-MiniLM-L6-v2 has 10.6 million weights in its layers: two operations each and word piece.
    assert weight_operations(1) == 2 * 10_616_832
    assert operations(100) > 100 * weight_operations(1)


def test_the_gain_of_a_ranking_is_that_of_its_definition() -> None:
    assert ndcg([4, 7], frozenset({4})) == 1.0
    assert ndcg([7, 4], frozenset({4})) == pytest.approx(1 / np.log2(3))
    assert ndcg(range(10), frozenset({10})) == 0.0
    assert ndcg([1, 2], frozenset()) == 0.0


def test_what_a_chat_model_takes_is_told_with_what_was_asked_for() -> None:
    record = {"asked": 6, "streamed": 3, "first_ms": [400.0], "total_ms": [1600.0], "all_ms": [2000.0]}
    records = [summarised({**record, "killed_ms": [killed]}) for killed in (900.0, 5100.0)]
    lines = {row.name: row for row in rows({"chat": {"guide": records}})}
    assert lines["small local model: first words over whole"].guide.median == 0.25
    assert lines["small local model: first words over whole"].met is True
    assert lines["small local model: answers that began with its words"].guide.median == 0.5
    # Every killed model has to leave its answer in time, not half of them.
    assert lines["cited answer after the model is killed"].met is False
