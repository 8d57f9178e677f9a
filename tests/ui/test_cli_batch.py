"""`wmai batch`: every question once, written whole or not at all."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ui_sample import MEIF_QUESTION

Run = Callable[..., subprocess.CompletedProcess[str]]


def lines(*items: object) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_answers_come_in_order_with_their_ids_and_use_the_history(run_wmai: Run, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    history = [{"question": "What is PIONEER?", "answer": "A health data hub."}]
    questions.write_text(
        lines(
            {"id": "one", "question": MEIF_QUESTION, "split": "ignored"},
            {"id": 2, "question": "Who directs it?", "history": history},
        )
        + "\n",
        encoding="utf-8",
    )
    done = run_wmai("batch", str(questions), "-o", str(answers))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    first, second = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert list(first)[:2] == ["id", "question"]
    assert (first["id"], second["id"]) == ("one", 2)
    assert "British Business Bank" in first["text"]
    assert "PIONEER" in second["standalone_question"]
    assert list(tmp_path.iterdir()) == [questions, answers] or {*tmp_path.iterdir()} == {questions, answers}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b'{"id": "b", "question": \n', "line 2: not JSON"),
        (b'{"id": "b"}\n', "line 2: question: Field required"),
        (b'["b"]\n', "line 2: line:"),
        (b'{"id": "b", "question": 7}\n', "line 2: question:"),
        (b'{"id": "a", "question": "Who?"}\n', "line 2: id 'a' is already used on line 1"),
        (b'{"id": "b", "question": "\xff"}\n', "line 2: not UTF-8"),
        (b'{"id": "b", "question": "Who?", "history": [{"question": "x"}]}\n', "line 2: history.0.answer"),
        (b"[" * 100_000 + b"\n", "line 2: not JSON"),
    ],
    ids=["cut", "no question", "list", "number", "twice", "latin-1", "history", "deep"],
)
def test_a_bad_line_is_named_and_nothing_is_overwritten(run_wmai: Run, tmp_path: Path, bad: bytes, said: str) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_bytes(b'{"id": "a", "question": "Who?"}\n' + bad)
    answers.write_text("kept\n", encoding="utf-8")
    done = run_wmai("batch", str(questions), "-o", str(answers))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert answers.read_text(encoding="utf-8") == "kept\n"
    assert {*tmp_path.iterdir()} == {questions, answers}


def test_a_question_that_cannot_be_used_fails_alone(run_wmai: Run, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text(lines({"id": "a", "question": " "}, {"id": "b", "question": MEIF_QUESTION}), encoding="utf-8")
    done = run_wmai("batch", str(questions), "-o", str(answers))
    assert done.returncode == 1
    assert "'a'" in done.stderr
    first, second = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert (first["outcome"], first["reason"], first["citations"]) == ("error", "invalid_question", [])
    assert second["outcome"] == "answered"


def test_pipes_work(run_wmai: Run) -> None:
    done = run_wmai("batch", "-", "-o", "-", stdin=lines({"id": "a", "question": MEIF_QUESTION}))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "a"


def test_places_that_cannot_be_written_or_read_are_named_before_any_work(run_wmai: Run, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(lines({"id": "a", "question": "Who?"}), encoding="utf-8")
    for file, output in (
        (str(tmp_path / "none.jsonl"), str(tmp_path / "a.jsonl")),
        (str(questions), str(tmp_path / "none" / "a.jsonl")),
        (str(questions), str(tmp_path)),
        (str(questions), str(questions)),
    ):
        done = run_wmai("batch", file, "-o", output)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    assert json.loads(questions.read_text(encoding="utf-8"))["id"] == "a"
