"""The door to chat models: settings, retries, deadlines, and a local server that ends with the guide."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from scripted_model import Scripted, model_server, said

from rag.config import Settings
from rag.errors import ChatBusy, ChatFailed, ConfigError, ModelUnavailable
from rag.models.chat import open_chat_model


def settings_for(url: str, **fields: object) -> Settings:
    return Settings.model_validate({"llm": "openai:scripted", "llm_base_url": url, "llm_timeout_s": 10, **fields})


def test_settings_reach_the_server_and_the_key_is_never_shown() -> None:
    with model_server(said("Hello.")) as server:
        settings = settings_for(server.url, llm_api_key="sk-secret", llm_temperature=0.5, llm_answer_tokens=77)
        reply = open_chat_model(settings).invoke("Hi")
    assert reply.content == "Hello."
    assert server.requests[0]["temperature"] == 0.5
    assert 77 in server.requests[0].values()
    assert server.requests[0]["messages"] == [{"role": "user", "content": "Hi"}]
    assert server.headers[0]["authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in f"{settings!r} {settings.model_dump_json()}"


def test_a_stream_comes_in_pieces_with_its_usage() -> None:
    with model_server(said("One ", "two.")) as server:
        chunks = list(open_chat_model(settings_for(server.url)).stream([("system", "Be brief."), ("user", "Hi")]))
    assert [str(chunk.content) for chunk in chunks if chunk.content] == ["One ", "two."]
    assert any(chunk.usage_metadata and chunk.usage_metadata["output_tokens"] == 20 for chunk in chunks)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with model_server(Scripted(status=status), said("There.")) as server:
        assert open_chat_model(settings_for(server.url)).invoke("Hi").content == "There."
        assert len(server.requests) == 2


def test_what_stays_busy_is_given_up() -> None:
    with model_server(Scripted(status=429)) as server:
        with pytest.raises(ChatBusy):
            list(open_chat_model(settings_for(server.url)).stream("Hi"))
        assert len(server.requests) == 3


@pytest.mark.parametrize("reply", [Scripted(status=401), Scripted(status=400), Scripted(raw=b"{not json")])
def test_what_does_not_pass_is_not_tried_again(reply: Scripted) -> None:
    with model_server(reply) as server:
        with pytest.raises(ChatFailed):
            open_chat_model(settings_for(server.url)).invoke("Hi")
        assert len(server.requests) == 1


def test_a_slow_model_is_given_up_in_time() -> None:
    with model_server(Scripted(pieces=("Late.",), wait_s=30)) as server, pytest.raises(ChatFailed, match="longer"):
        open_chat_model(settings_for(server.url, llm_timeout_s=0.5)).invoke("Hi")


def test_a_stream_that_is_cut_ends_with_an_error_or_with_what_came() -> None:
    with model_server(Scripted(pieces=("Half",), cut=True)) as server:
        pieces: list[str] = []
        for chunk in open_chat_model(settings_for(server.url)).stream("Hi"):
            pieces.append(str(chunk.content))
    assert "".join(pieces) == "Half"


@pytest.mark.parametrize("name", ["gpt", "openai:", ":x", "nobody:model"])
def test_a_name_that_is_no_model_says_what_is_wanted(name: str) -> None:
    with pytest.raises((ConfigError, ModelUnavailable), match="provider"):
        open_chat_model(Settings.model_validate({"llm": name}))


_WITHOUT_PACKAGES = """
import sys
from rag.config import Settings
from rag.errors import ModelUnavailable
from rag.models.chat import open_chat_model
for package in ("langchain_openai", "langchain_anthropic", "langchain_ollama", "xllamacpp"):
    sys.modules[package] = None
for name in ("openai:gpt", "anthropic:claude", "ollama:llama", "local:smollm2"):
    try:
        open_chat_model(Settings.model_validate({"llm": name, "llm_api_key": "k"}))
    except ModelUnavailable as error:
        print(error.remedy)
"""


def test_a_missing_package_names_its_extra() -> None:
    # In a process of its own: LangChain remembers the providers that it has loaded.
    done = subprocess.run([sys.executable, "-c", _WITHOUT_PACKAGES], check=True, capture_output=True, text=True)
    extras = ("openai", "anthropic", "ollama", "local")
    assert done.stdout.splitlines() == [f"Run: pip install '.[{extra}]'" for extra in extras]


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ModelUnavailable, match=r"no model file .*none\.gguf"):
        open_chat_model(Settings.model_validate({"llm": "local:none.gguf"}))


def test_a_file_that_is_no_model_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "broken.gguf"
    file.write_bytes(b"GGUF nothing")
    with pytest.raises(ModelUnavailable, match="could not serve"):
        open_chat_model(Settings.model_validate({"llm": f"local:{file}"}))


_HOLDER = """
import sys, time
from rag.config import Settings
from rag.models.chat import open_chat_model
model = open_chat_model(Settings.model_validate({"llm": "local:smollm2", "llm_threads": 1}))
print(model.local_pid, flush=True)
time.sleep(120)
"""


def test_the_local_server_dies_with_a_killed_guide() -> None:
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    server = psutil.Process(int(holder.stdout.readline()))
    assert server.is_running()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    deadline = time.monotonic() + 20
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_the_local_server_answers_streams_and_stops_when_closed() -> None:
    with open_chat_model(
        Settings.model_validate({"llm": "local:smollm2", "llm_threads": 1, "llm_answer_tokens": 16})
    ) as model:
        assert model.local_pid is not None
        server = psutil.Process(model.local_pid)
        assert str(model.invoke("What is the capital of France?").content).strip()
        assert len([chunk for chunk in model.stream("Count to twenty.") if chunk.content]) > 3
        assert {connection.laddr.ip for connection in server.net_connections(kind="inet")} == {"127.0.0.1"}
    assert not server.is_running()
