"""From the question to the answer on the whole corpus: the promises, whatever is asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.asked import checked_question
from rag.cite import marked, unmatched
from rag.config import Settings
from rag.errors import InvalidQuestion, StoreMissing
from rag.pipeline import Pipeline
from rag.types import Answer, Delta, Done, Outcome, Retrieved, Turn


def assert_promises(answer: Answer) -> None:
    assert not unmatched(answer.text, answer.citations)
    for citation in answer.citations:
        assert citation.passage.text[citation.start : citation.end] == citation.quote
    if answer.outcome.is_answer:
        assert answer.sentences
        assert all(sentence.markers and marked(sentence) in answer.text for sentence in answer.sentences)
    else:
        assert answer.citations == ()
        assert answer.reason
    assert "total" in answer.timings_ms
    assert answer.confidence is None or 0.0 <= answer.confidence <= 1.0


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who heads Minerva Business Angels?", "Toft"),
        ("what was techwm called before", "Birmingham Tech"),
        ("How big is Enterprise Wharf?", "120,000"),
        ("Who is Alex Toft?", "Minerva"),
    ],
)
def test_a_plain_question_gets_a_cited_answer(guide: Pipeline, question: str, words: str) -> None:
    answer = guide.ask(question)
    assert answer.outcome is Outcome.ANSWERED
    assert words in answer.text
    assert_promises(answer)


def test_confidence_is_told_where_passages_were_looked_for(guide: Pipeline) -> None:
    answered = guide.ask("Who heads Minerva Business Angels?").confidence
    refused = guide.ask("What is the boiling point of molybdenum?").confidence
    assert answered is not None
    assert refused is not None
    assert refused < answered
    assert guide.ask("Hello!").confidence is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200))
def test_the_promises_hold_for_any_text(guide: Pipeline, question: str) -> None:
    try:
        answer = guide.ask(question)
    except InvalidQuestion:
        return
    assert_promises(answer)


def test_the_stream_is_hits_then_text_then_the_answer(guide: Pipeline) -> None:
    events = list(guide.stream("Who heads Minerva Business Angels?"))
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Done)
    answer = events[-1].answer
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text
    assert events[0].hits == answer.hits


def test_figures_of_sources_that_differ_stand_side_by_side(guide: Pipeline) -> None:
    answer = guide.ask("What share of West Midlands firms use AI according to the Lloyds Business Barometer?")
    assert {"67%", "83%"} <= {word.strip(".,") for word in answer.text.split()}
    assert len({citation.source.id for citation in answer.citations}) >= 2


def test_what_is_not_known_is_refused_and_logged(guide: Pipeline) -> None:
    question = "What is Bharat Bhushan's email address?"
    answer = guide.ask(question)
    assert answer.outcome is Outcome.NOT_IN_SOURCES
    assert answer.hits
    assert question in {entry.question for entry in guide.store.unanswered(50)}
    assert_promises(answer)


def test_private_details_are_neither_kept_nor_repeated(guide: Pipeline) -> None:
    answer = guide.ask("my card number is 4111 1111 1111 1111, book me on a bootcamp")
    assert answer.outcome is Outcome.DECLINED
    assert "4111" not in repr(answer)
    assert not any("4111" in entry.question for entry in guide.store.unanswered(1000))


def test_a_follow_up_is_answered_for_what_was_talked_about(guide: Pipeline) -> None:
    first = guide.ask("Who heads Minerva Business Angels?")
    second = guide.ask("and since when?", [Turn(question=first.question, answer=first.text)])
    assert "Minerva" in second.standalone_question
    assert_promises(second)


@pytest.mark.parametrize("question", ["", "   ", "\u200b\u202e", "\x00\x07"])
def test_an_empty_question_is_named_as_such(question: str) -> None:
    with pytest.raises(InvalidQuestion, match="empty"):
        checked_question(question, 1000)


def test_a_question_that_is_too_long_says_by_how_much() -> None:
    with pytest.raises(InvalidQuestion, match="10,000 characters; at most 1,000"):
        checked_question("a" * 10_000, 1000)


def test_invisible_characters_do_not_reach_the_search() -> None:
    assert checked_question("who\u202e heads\u200b\n\tMinerva\x00?", 1000) == "who heads Minerva?"


def test_without_a_store_the_remedy_is_the_command(exported_models: object, tmp_path: object) -> None:
    with pytest.raises(StoreMissing, match="wmai index"):
        Pipeline.open(Settings.model_validate({"store": f"{tmp_path}/none"}))
