"""Answers are kept by question, index build, settings and model, and by nothing else."""

import pytest

from rag.config import Settings
from rag.generate.cache import AnswerCache, settings_digest
from rag.types import Answer, Outcome

BUILD = "b1"


def answer(text: str) -> Answer:
    return Answer(
        question="q", standalone_question="q", outcome=Outcome.ANSWERED, reason="", text=text, answerer="llm:x",
        index_build=BUILD,
    )  # fmt: skip


def test_the_same_question_in_other_dress_is_one_question_and_another_build_another_answer() -> None:
    cache = AnswerCache(Settings(), "openai:x", 2)
    cache.put("Who heads  MINERVA?", BUILD, answer("one"))
    kept = cache.get("who heads minerva", BUILD)
    assert kept is not None
    assert kept.text == "one"
    assert cache.get("who heads minerva", "b2") is None
    assert cache.get("who heads mercia", BUILD) is None


def test_the_one_not_used_for_longest_makes_room_and_none_are_kept_where_none_are_wanted() -> None:
    cache = AnswerCache(Settings(), "openai:x", 2)
    for question in ("one", "two"):
        cache.put(question, BUILD, answer(question))
    assert cache.get("one", BUILD) is not None
    cache.put("three", BUILD, answer("three"))
    assert cache.get("two", BUILD) is None
    assert len(cache) == 2
    none = AnswerCache(Settings(), "openai:x", 0)
    none.put("one", BUILD, answer("one"))
    assert len(none) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("llm_temperature", 0.7), ("llm_passages", 3), ("llm_prompt", "short"), ("answer_sentences_max", 2)],
)
def test_settings_that_shape_an_answer_change_the_digest(field: str, value: object) -> None:
    assert settings_digest(Settings().model_copy(update={field: value})) != settings_digest(Settings())


@pytest.mark.parametrize(("field", "value"), [("port", 1), ("concurrency", 9), ("log_unanswered", False)])
def test_settings_that_do_not_leave_it(field: str, value: object) -> None:
    assert settings_digest(Settings().model_copy(update={field: value})) == settings_digest(Settings())
