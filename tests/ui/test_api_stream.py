"""Streams that fall silent, break off and are taken up again."""

import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from loops import run_async
from scripted import ScriptedPipeline
from server_sent import events

from rag.config import Settings
from rag.errors import StoreBroken
from rag.types import Delta, Event, Retrieved
from ui.api_stream import HEARTBEAT, Streams
from ui.turnstile import AnswerTimeout


def streams(**settings: float) -> Streams:
    return Streams(Settings.model_validate({"stream_heartbeat_s": 0.05, **settings}))


async def drawn(frames: AsyncIterator[str]) -> list[str]:
    return [frame async for frame in frames]


def test_a_silent_stream_gives_signs_of_life_until_the_answer_goes_on() -> None:
    async def follow() -> list[str]:
        pipeline = ScriptedPipeline()
        seen: list[str] = []
        async for frame in await streams().start(pipeline.stream("slow question"), ""):
            seen.append(frame)
            if seen.count(HEARTBEAT) == 3:
                pipeline.go_on.set()
        return seen

    seen = run_async(follow())
    assert seen.count(HEARTBEAT) >= 3
    assert [told.name for told in events("".join(seen))] == ["retrieved", "delta", "delta", "done"]


def test_a_broken_stream_goes_on_after_the_last_event_that_arrived() -> None:
    async def follow() -> tuple[list[str], list[str]]:
        pipeline = ScriptedPipeline()
        held = streams()
        first: list[str] = []
        frames = await held.start(pipeline.stream("slow question"), "https://a.example")
        async for frame in frames:
            first.append(frame)
            if "First part" in frame:
                break
        last = events("".join(first))[-1].id
        pipeline.go_on.set()
        for owner, identifier in (
            ("https://b.example", last),
            ("https://a.example", "x.1"),
            ("https://a.example", "x"),
        ):
            assert held.resume(identifier, owner) is None
        rest = held.resume(last, "https://a.example")
        assert rest is not None
        return first, await drawn(rest)

    first, rest = run_async(follow())
    told = events("".join([*first, *(frame for frame in rest if frame != HEARTBEAT)]))
    assert [event.name for event in told] == ["retrieved", "delta", "delta", "done"]
    assert [event.id.rpartition(".")[2] for event in told] == ["1", "2", "3", "4"]
    assert len({event.id.rpartition(".")[0] for event in told}) == 1


def test_an_answer_that_takes_too_long_ends_with_an_error() -> None:
    async def follow() -> list[str]:
        pipeline = ScriptedPipeline()
        try:
            return await drawn(await streams(request_timeout_s=0.3).start(pipeline.stream("slow question"), ""))
        finally:
            pipeline.go_on.set()

    last = events("".join(run_async(follow())))[-1]
    assert (last.name, last.data["error"]["code"]) == ("error", "answer_timeout")


def test_a_fault_that_nobody_foresaw_ends_the_stream_as_an_error_too() -> None:
    def faulty() -> Iterator[Event]:
        yield Retrieved(())
        raise ZeroDivisionError("division by zero")

    async def follow() -> list[str]:
        return await drawn(await streams().start(faulty(), ""))

    last = events("".join(run_async(follow())))[-1]
    assert (last.name, last.data["error"]["code"]) == ("error", "internal")
    assert "division" not in str(last.data)


def test_what_fails_before_the_first_event_is_no_stream() -> None:
    waiting = threading.Event()

    def broken() -> Iterator[Event]:
        raise StoreBroken("The store cannot be read.")
        yield Delta("")

    def late() -> Iterator[Event]:
        waiting.wait(30)
        yield Retrieved(())

    with pytest.raises(StoreBroken):
        run_async(streams().start(broken(), ""))
    with pytest.raises(AnswerTimeout):
        run_async(_start_and_free(streams(request_timeout_s=0.2), late(), waiting))


async def _start_and_free(held: Streams, answer: Iterator[Event], waiting: threading.Event) -> None:
    try:
        await held.start(answer, "")
    finally:
        waiting.set()
