"""A real model behind `wmai serve`: its first words reach the reader while it writes, and its death does not hurt."""

import json

import httpx
import psutil
from widget_fixtures import serving

from rag.config import Settings
from rag.generate.answerer import UNAVAILABLE

QUESTION = "Who delivers the Midlands Engine Investment Fund II?"


def test_words_come_before_the_model_has_ended_and_a_killed_model_leaves_a_cited_answer(ui_settings: Settings) -> None:
    with serving(ui_settings, WMAI_LLM="local:smollm2", WMAI_LLM_THREADS="1", WMAI_LLM_TIMEOUT_S="400") as address:
        (model,) = (one for one in psutil.Process().children(recursive=True) if "local_server" in str(one.cmdline()))
        name = ""
        with httpx.stream("POST", f"{address}/api/v1/ask/stream", json={"question": QUESTION}, timeout=400) as reply:
            for line in reply.iter_lines():
                if line.startswith("event: "):
                    name = line.split()[1]
                if name == "delta" and model.is_running():
                    model.kill()
                if name == "done" and line.startswith("data: "):
                    answer = json.loads(line.removeprefix("data: "))
    # Had the model been done when its first word was here, killing it would have changed nothing.
    assert answer["notice"] == UNAVAILABLE
    assert answer["answerer"] == "extractive"
    assert answer["citations"]
