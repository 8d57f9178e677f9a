"""Follow-ups are completed from what was said, and only when they lean on it."""

import pytest

from rag.condense import condense, leans
from rag.types import Turn

PALANTIR = Turn(
    question="What is Coventry City Council doing with Palantir?",
    answer="Coventry City Council signed a £500,000 contract with Palantir. [1]",
)
FUND = Turn(
    question="Tell me about the West Midlands Co-Investment Fund",
    answer="The West Midlands Co-Investment Fund offers up to £1m of equity. [1]",
)


@pytest.mark.parametrize(
    "question",
    [
        "Who heads Minerva Business Angels?",
        "Which accelerators are in Dudley and who runs them?",
        "How many AI firms are there in the West Midlands?",
        "and Birmingham's council, what does it do with AI?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert condense(question, [PALANTIR]) == question


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("how long is that contract for?", "Palantir"),
        ("and how much was that?", "Coventry City Council"),
        ("who runs it?", "Coventry City Council"),
        ("why?", "Palantir"),
    ],
)
def test_a_question_that_leans_is_completed_with_what_was_talked_about(question: str, named: str) -> None:
    completed = condense(question, [PALANTIR])
    assert completed.startswith(question.rstrip("?"))
    assert named in completed


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what about Wolverhampton?", "What is Wolverhampton doing with Palantir?"),
        ("and Dudley?", "What is Dudley doing with Palantir?"),
    ],
)
def test_what_about_asks_the_same_of_something_else(question: str, expected: str) -> None:
    assert condense(question, [PALANTIR]) == expected


def test_a_preposition_says_which_name_gives_way() -> None:
    history = [Turn(question="Does Innovate UK fund firms in Coventry?", answer="It does. [1]")]
    assert condense("and in Solihull?", history) == "Does Innovate UK fund firms in Solihull?"


def test_names_of_the_answer_can_be_pointed_at() -> None:
    history = [FUND, Turn(question="Which company did it back first?", answer="Medmin was the first. [1]")]
    assert "Medmin" in condense("how much was that?", history)


def test_without_history_nothing_changes() -> None:
    assert condense("and how much was that?", []) == "and how much was that?"


def test_a_name_after_the_pronoun_does_not_make_a_question_stand_alone() -> None:
    assert leans("does it work in Solihull?")


MINERVA = Turn(
    question="Who heads Minerva Business Angels?", answer="Alex Toft has headed Minerva Business Angels since 2017. [1]"
)
LISTED = Turn(
    question="Which accelerators are in the West Midlands?",
    answer="BetaDen is an accelerator in Malvern. [1] Serendip works from Birmingham. [2]",
)


def test_a_place_in_a_list_is_taken_from_the_sentences_that_were_shown() -> None:
    assert "Serendip" in condense("where is the second one?", [LISTED])
    assert "BetaDen" in condense("and the first?", [LISTED])


def test_a_kind_of_thing_is_looked_for_further_back() -> None:
    completed = condense("back to the fund, who manages it?", [FUND, MINERVA])
    assert "Co-Investment Fund" in completed
    assert "Minerva" not in completed


def test_a_comparison_names_what_the_last_two_turns_were_about() -> None:
    completed = condense("which of them is bigger?", [FUND, MINERVA])
    assert "Minerva" in completed
    assert "Co-Investment Fund" in completed


@pytest.mark.parametrize(
    "question",
    [
        "how many start-ups in coventry",
        "what funding is there for start-ups",
        "Where does iCentrum stand?",
        "What is nuom's turnover and how many staff has it got?",
        "How drastically did the phone giant mean to shrink its number of sites?",
        "Will it rain in Wolverhampton on Saturday?",
    ],
)
def test_a_new_topic_does_not_drag_the_old_one_along(question: str) -> None:
    assert condense(question, [PALANTIR]) == question


def test_a_place_named_first_does_not_stand_for_what_was_talked_about() -> None:
    history = [Turn(question="Which hospital introduced RapidAI?", answer="Queen Elizabeth Hospital did. [1]")]
    assert "RapidAI" in condense("and in Worcestershire, how many patients has it helped?", history)
