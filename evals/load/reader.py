"""One reader: asks over the API's event stream, reads for a while, asks again with the conversation so far."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from evals.load.talks import Talk
from rag.answer import NAME as EXTRACTIVE

STREAM = "/api/v1/ask/stream"
TIMEOUT_S = 90.0
"""Longer than the server gives an answer: it is the server that should say that one took too long."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one question."""

    status: int
    """Of HTTP; 0 where the connection failed."""
    error: str
    """Code of what went wrong; empty where the whole answer came, be it that the sources do not know."""
    total_s: float
    """From sending the question to the end of the reply."""
    first_s: float | None = None
    """From sending the question to the first words; None where none came."""
    text: str = ""
    by_model: bool = False
    """Whether words of a chat model were shown, be they withdrawn later."""
    retry_after_s: int | None = None


async def ask(client: httpx.AsyncClient, question: str, history: Sequence[tuple[str, str]] = ()) -> Reply:
    """Put one question, with the questions and answers that went before."""
    body = {"question": question, "history": [{"question": asked, "answer": told} for asked, told in history]}
    begun_s = time.perf_counter()
    first_s, text, by_model, error = None, "", False, "broken_stream"
    try:
        async with client.stream("POST", STREAM, json=body) as reply:
            if reply.status_code != httpx.codes.OK:
                problem = json.loads(await reply.aread())
                wait = reply.headers.get("retry-after")
                refused_s = time.perf_counter() - begun_s
                code = problem["error"]["code"]
                return Reply(reply.status_code, code, refused_s, retry_after_s=int(wait) if wait else None)
            async for name, data in events(reply):
                if name == "delta" and first_s is None:
                    first_s = time.perf_counter() - begun_s
                elif name == "withdrawn":
                    by_model = True
                elif name == "done":
                    error, text, by_model = "", data["text"], by_model or data["answerer"] != EXTRACTIVE
                elif name == "error":
                    error = data["error"]["code"]
    except httpx.HTTPError as failure:
        return Reply(0, type(failure).__name__, time.perf_counter() - begun_s, first_s)
    return Reply(httpx.codes.OK, error, time.perf_counter() - begun_s, first_s, text, by_model)


async def converse(
    client: httpx.AsyncClient, talks: Iterator[Talk], until_s: float, think_s: tuple[float, float], seed: int
) -> list[Reply]:
    """Hold conversations until the monotonic time `until_s`; between questions a reader reads, within `think_s`."""
    dice = random.Random(seed)  # noqa: S311 - for choosing, not for hiding
    replies: list[Reply] = []
    for talk in talks:
        history: list[tuple[str, str]] = []
        for question in talk:
            if time.monotonic() >= until_s:
                return replies
            reply = await ask(client, question, history)
            replies.append(reply)
            history.append((question, reply.text))
            await asyncio.sleep(min(dice.uniform(*think_s), max(0.0, until_s - time.monotonic())))
    return replies


async def events(reply: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """Name and data of every event; comment lines are left out."""
    name = ""
    async for line in reply.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
