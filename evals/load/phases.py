"""The phases of a run: readers in conversation, too many questions at once, and the first question after that."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from evals.load.reader import TIMEOUT_S, Reply, ask, converse
from evals.load.talks import talks
from evals.served import Served

HEALTH = "/healthz"
HEALTH_EVERY_S = 0.1
CONNECT_S = 30.0
KEEP_S = 2.0
"""Seconds for which an idle connection is used again: fewer than the server keeps it, so that the two do not cross."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What one phase came to."""

    replies: Sequence[Reply]
    wall_s: float
    resident_mb: Sequence[float] = ()
    """Memory of the server meanwhile; see Served.watch."""
    health_s: Sequence[float] = ()
    """Seconds that the server took to say that it is well, asked again and again meanwhile."""


async def conversations(served: Served, users: int, seconds: float, think_s: tuple[float, float]) -> Phase:
    """So many readers at the same time; they come one after the other within the longest time that one reads."""
    async with _client(served, users) as client:
        for question in next(talks(seed=0)):
            # The first answers of a process are slower than all others and are nobody's wait here.
            await ask(client, question)
        begun_s = time.monotonic()
        until_s = begun_s + seconds

        async def reader(number: int) -> list[Reply]:
            await asyncio.sleep(min(seconds / 2, think_s[1]) * number / users)
            return await converse(client, talks(number), until_s, think_s, number)

        async with _meanwhile(served.watch()):
            replies = await asyncio.gather(*map(reader, range(1, users + 1)))
        taken_s = time.monotonic() - begun_s
    return Phase([reply for each in replies for reply in each], taken_s, tuple(served.resident_mb))


async def burst(served: Served, questions: int) -> Phase:
    """So many questions at the same moment, each over a connection of its own that stands already."""
    asked = [talk[0] for talk, _ in zip(talks(seed=0), range(questions), strict=False)]
    health_s: list[float] = []

    async def look(client: httpx.AsyncClient) -> None:
        while True:
            begun_s = time.perf_counter()
            (await client.get(served.address + HEALTH)).raise_for_status()
            health_s.append(time.perf_counter() - begun_s)
            await asyncio.sleep(HEALTH_EVERY_S)

    async with _client(served, questions) as client, _client(served, 1) as other, _meanwhile(look(other)):
        # What is measured is the server's answer and not how fast this process opens connections.
        await asyncio.gather(*(client.get(HEALTH) for _ in asked))
        begun_s = time.monotonic()
        replies = await asyncio.gather(*(ask(client, question) for question in asked))
        taken_s = time.monotonic() - begun_s
    return Phase(replies, taken_s, health_s=health_s)


async def recovery(served: Served) -> Reply:
    """The first question after a burst."""
    async with _client(served, 1) as client:
        return await ask(client, next(talks(seed=0))[0])


@asynccontextmanager
async def _client(served: Served, connections: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=KEEP_S)
    timeout = httpx.Timeout(TIMEOUT_S, connect=CONNECT_S)
    # Nothing of the caller's environment, proxies above all, comes between this machine and itself.
    async with httpx.AsyncClient(base_url=served.address, limits=limits, timeout=timeout, trust_env=False) as client:
        yield client


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
