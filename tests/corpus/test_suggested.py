"""The questions that the guide suggests are ones that it answers, from the sources that they name."""

from rag.pipeline import Pipeline

SAMPLE = 30


def test_a_sample_is_answered_from_the_sources_named(guide: Pipeline) -> None:
    prepared = guide.store.questions()
    assert len(prepared) >= SAMPLE
    assert {item.source.theme for item in prepared} == {source.theme for source in guide.store.sources()}
    wrong = []
    for item in prepared[:: len(prepared) // SAMPLE]:
        answer = guide.ask(item.question)
        if not answer.outcome.is_answer or item.source.id not in {cited.source.id for cited in answer.citations}:
            wrong.append(item.question)
    assert not wrong, "choose them anew: python -m evals.training.make_bank"


def test_what_is_suggested_is_answered_and_follows(guide: Pipeline) -> None:
    for question in (
        "Who delivers the Midlands Engine Investment Fund II?",
        "Hello",
        "How many drones has Dudley got?",
    ):
        first = guide.ask(question)
        assert 0 < len(first.suggestions) <= 3, question
        assert question not in first.suggestions
        for suggested in first.suggestions:
            assert guide.ask(suggested).outcome.is_answer, suggested


def test_a_suggestion_is_not_repeated_once_it_was_asked(guide: Pipeline) -> None:
    from rag.types import Turn

    first = guide.ask("Who delivers the Midlands Engine Investment Fund II?")
    follow = first.suggestions[0]
    history = [Turn(question=first.question, answer=first.text)]
    second = guide.ask(follow, history)
    assert not {first.question, follow} & set(second.suggestions)
