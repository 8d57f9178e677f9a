"""So many questions at once, so many waiting, the rest turned away."""

import threading
from collections.abc import Iterator
from typing import cast

import pytest
from scripted import ScriptedPipeline

from rag.pipeline import Pipeline
from rag.types import Delta, Done, Event, Retrieved
from ui.turnstile import WAITING_PER_PLACE, AnswerTimeout, ServerBusy, Turnstile


def test_questions_beyond_those_that_may_wait_are_turned_away_at_once_and_begun_ones_never() -> None:
    pipeline = ScriptedPipeline()
    turnstile = Turnstile(cast(Pipeline, pipeline), places=1)
    begun = [turnstile.stream("slow question") for _ in range(WAITING_PER_PLACE + 3)]
    for stream in begun:
        assert isinstance(next(stream), Retrieved)
        assert isinstance(next(stream), Delta)
    new = [turnstile.stream(f"new question {number}") for number in range(WAITING_PER_PLACE + 1)]
    ended: list[Event] = []
    refused: list[ServerBusy] = []
    one_refused = threading.Event()

    def finish(stream: Iterator[Event]) -> None:
        try:
            ended.append(list(stream)[-1])
        except ServerBusy as error:
            refused.append(error)
            one_refused.set()

    # More have begun than may wait, and all want their next event: one is at work on it, the others wait for its place.
    # Of the new ones so many may wait behind them, and one is too many.
    threads = [threading.Thread(target=finish, args=(stream,)) for stream in (*begun, *new)]
    for thread in threads:
        thread.start()
    assert one_refused.wait(30)
    pipeline.go_on.set()
    for thread in threads:
        thread.join(timeout=30)
    asked = [event.answer.question for event in ended if isinstance(event, Done)]
    assert len(asked) == len(ended) == len(begun) + WAITING_PER_PLACE
    assert asked.count("slow question") == len(begun)
    assert [(error.retryable, bool(error.remedy)) for error in refused] == [(True, True)]
    # Every place is free again.
    assert isinstance(list(turnstile.stream("quick question"))[-1], Done)


def test_a_reader_that_is_slow_to_take_its_events_holds_no_place() -> None:
    turnstile = Turnstile(cast(Pipeline, ScriptedPipeline()), places=1)
    slow = turnstile.stream("quick question")
    next(slow)
    for _ in range(3):
        assert isinstance(list(turnstile.stream("quick question"))[-1], Done)
    assert isinstance(list(slow)[-1], Done)


def test_a_failure_gives_the_place_back() -> None:
    from rag.errors import StoreBroken

    pipeline = ScriptedPipeline()
    pipeline.go_on.set()
    turnstile = Turnstile(cast(Pipeline, pipeline), places=1)
    for _ in range(WAITING_PER_PLACE + 3):
        with pytest.raises(StoreBroken):
            list(turnstile.stream("broken question"))
    assert isinstance(list(turnstile.stream("quick question"))[-1], Done)


def test_whoever_waits_too_long_leaves_the_line_and_makes_room() -> None:
    pipeline = ScriptedPipeline()
    turnstile = Turnstile(cast(Pipeline, pipeline), places=1, waiting_s=0.05)
    at_work = turnstile.stream("slow question")
    next(at_work)
    next(at_work)
    finishing = threading.Thread(target=list, args=(at_work,))
    finishing.start()
    pipeline.entered.wait(30)
    for _ in range(WAITING_PER_PLACE + 1):
        with pytest.raises(AnswerTimeout):
            next(turnstile.stream("question"))
    pipeline.go_on.set()
    finishing.join(timeout=30)
    assert isinstance(list(turnstile.stream("question"))[-1], Done)
