"""How a chat model over HTTP fares behind the gate: its first words, its last, and a model that dies in mid-answer."""

import asyncio
import time

import httpx
import psutil

from evals.bench.process import BenchError, Record
from evals.load.reader import STREAM, TIMEOUT_S, ask, events
from evals.served import Served, serving
from rag.answer import NAME as EXTRACTIVE
from rag.config import Settings
from rag.models import local_server

MODEL_ENV = {
    "WMAI_LLM": f"local:{local_server.SMALL_NAME}",
    "WMAI_LLM_CACHED_ANSWERS": "0",
    "WMAI_RATE_CLIENT_MINUTE": "0",
}
QUESTIONS = (
    "Tell me about Malvern Hills Science Park.",
    "Who heads Minerva Business Angels?",
    "How big is Enterprise Wharf?",
    "What does STEAMhouse offer?",
    "What is the Midlands Engine Investment Fund?",
    "Where is the Manufacturing Technology Centre?",
)
KILLED_IN = QUESTIONS[0]
"""Its answer is long enough to be cut short."""
DOCTOR = "Run: wmai doctor"


def written(settings: Settings) -> Record:
    """One look at a server with the small model; the model is killed at the end.

    `first_ms` and `total_ms` are of those answers of which words by the model came first, `killed_ms` is from the death
    of the model to the end of the answer. Raises BenchError where a killed model leaves no cited answer.
    """
    with serving(settings, **MODEL_ENV) as served:
        return asyncio.run(_look(served))


async def _look(served: Served) -> Record:
    async with httpx.AsyncClient(base_url=served.address, timeout=TIMEOUT_S, trust_env=False) as client:
        await _timed(client, QUESTIONS[1])
        told = [await _timed(client, question) for question in QUESTIONS]
        streamed = [(first_ms, total_ms) for first_ms, total_ms in told if first_ms is not None]
        killed_ms = await _killed(client, served)
    return {
        "asked": len(told),
        "streamed": len(streamed),
        "first_ms": [first_ms for first_ms, _ in streamed],
        "total_ms": [total_ms for _, total_ms in streamed],
        "all_ms": [total_ms for _, total_ms in told],
        "killed_ms": [killed_ms],
    }


async def _timed(client: httpx.AsyncClient, question: str) -> tuple[float | None, float]:
    """Milliseconds to the first words and to the end; no first ones where the model's answer was not begun."""
    reply = await ask(client, question)
    if reply.error:
        raise BenchError(f"The answer to {question!r} ended with {reply.error}.", DOCTOR)
    # Where no word is the model's the sources' own are shown, at the end.
    return 1000 * reply.first_s if reply.by_model and reply.first_s else None, 1000 * reply.total_s


async def _killed(client: httpx.AsyncClient, served: Served) -> float:
    """Kill the model at the first words of an answer; milliseconds from there to the end of the cited answer."""
    killed_s = 0.0
    async with client.stream("POST", STREAM, json={"question": KILLED_IN}) as reply:
        async for name, data in events(reply):
            if name == "delta" and not killed_s:
                _model_of(served).kill()
                killed_s = time.perf_counter()
            if name == "done":
                if data["answerer"] != EXTRACTIVE or not data["citations"]:
                    raise BenchError(f"The killed model left an answer by {data['answerer']}.", DOCTOR)
                return 1000 * (time.perf_counter() - killed_s)
    raise BenchError(f"The answer to {KILLED_IN!r} broke off when its model was killed.", DOCTOR)


def _model_of(served: Served) -> psutil.Process:
    for child in psutil.Process(served.process_id).children(recursive=True):
        if local_server.__name__ in child.cmdline():
            return child
    raise BenchError("The server has started no model.", "Run: pip install '.[local]'")
