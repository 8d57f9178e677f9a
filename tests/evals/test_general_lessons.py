"""Public questions in SQuAD's format become lessons: what answers, and what stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.adapters import open_suite
from evals.training.general_lessons import general_lessons
from evals.training.pair_lessons import PairLesson

CANALS = "Canals were dug in 1772. They carried coal to the forges. The forges closed long ago."
COAL = "Canals in Dudley. They carried coal to the forges."
BRIDGES = "Bridges are older. Nobody counts them."


def question(text: str, answer: str = "", context: str = CANALS, number: int = 0) -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": context.index(answer)}] if answer else []
    return {"id": f"q{number}", "question": text, "answers": answers, "is_impossible": not answer}


def lessons(folder: Path, *questions: dict[str, Any], left_out: frozenset[str] = frozenset()) -> list[PairLesson]:
    paragraphs = [
        {"context": CANALS, "qas": list(questions)},
        {"context": BRIDGES, "qas": [question("How old are bridges?", "older", BRIDGES, number=99)]},
    ]
    path = folder / "canals.json"
    path.write_text(json.dumps({"data": [{"title": "Canals_in_Dudley", "paragraphs": paragraphs}]}))
    return general_lessons([open_suite(str(path))], left_out)


def test_the_sentence_that_holds_the_answer_is_right_and_its_neighbours_are_wrong(tmp_path: Path) -> None:
    first, other = lessons(tmp_path, question("What did they carry to the forges?", "coal"))
    assert first.right == (COAL,)
    assert [text.removeprefix("Canals in Dudley. ") for text in first.wrong] == [
        "The forges closed long ago.",
        "Canals were dug in 1772.",
    ], "the one that shares a word with the question comes first"
    assert other.right == ("Canals in Dudley. Bridges are older.",)


def test_a_question_that_is_not_answered_has_only_wrong_sentences(tmp_path: Path) -> None:
    lesson, _ = lessons(tmp_path, question("Who carried coal to the forges?"))
    assert lesson.right == ()
    assert lesson.wrong[0] == COAL


@pytest.mark.parametrize(
    ("text", "left_out"),
    [("Why? " * 60, frozenset[str]()), ("What did they carry?", frozenset({CANALS}))],
    ids=["a question without end", "a paragraph that something is measured on"],
)
def test_what_is_not_to_be_taught_is_left_out(tmp_path: Path, text: str, left_out: frozenset[str]) -> None:
    assert [lesson.right for lesson in lessons(tmp_path, question(text, "coal"), left_out=left_out)] == [
        ("Canals in Dudley. Bridges are older.",)
    ]


def test_all_questions_of_a_paragraph_are_taught_or_held_out_together(tmp_path: Path) -> None:
    asked = [question(f"What did they carry in {number}?", "coal", number=number) for number in range(30)]
    *found, _ = lessons(tmp_path, *asked)
    assert len(found) == len(asked)
    assert len({lesson.held_out for lesson in found}) == 1
