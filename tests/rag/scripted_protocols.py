"""A server on loopback that streams one scripted reply in the protocol of Anthropic or of Ollama, by the path asked."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROMPT_TOKENS, REPLY_TOKENS = 101, 21


@dataclass
class ProtocolServer:
    """The server's address, what it says and what it was asked."""

    url: str = ""
    pieces: tuple[str, ...] = ()
    """In which {id:WORD} stands for the id of the first passage sent that holds the word."""
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Path and body."""


class _Handler(BaseHTTPRequestHandler):
    script: ProtocolServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.script.requests.append((self.path, body))
        lines = {"/v1/messages": _as_anthropic, "/api/chat": _as_ollama}[self.path](self._said(body))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if self.path == "/v1/messages" else "application/x-ndjson")
        self.end_headers()
        for line in lines:
            self.wfile.write(line.encode())
            self.wfile.flush()

    def _said(self, body: dict[str, Any]) -> list[str]:
        blocks = re.findall(r'<passage id="(\w+)"[^>]*>(.*?)</passage>', str(body["messages"][-1]), re.DOTALL)
        ids = {word: id_ for word in re.findall(r"\{id:(.*?)\}", "".join(self.script.pieces)) for id_, text in blocks
               if word in text}  # fmt: skip
        return [re.sub(r"\{id:(.*?)\}", lambda match: ids[match[1]], piece) for piece in self.script.pieces]

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read the requests."""


def _as_anthropic(pieces: list[str]) -> Iterator[str]:
    """The events of POST /v1/messages with "stream": true."""
    usage = {"input_tokens": PROMPT_TOKENS, "output_tokens": 1}
    message: dict[str, Any] = {"id": "m", "type": "message", "role": "assistant", "model": "scripted", "content": []}
    message |= {"stop_reason": None, "stop_sequence": None, "usage": usage}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
          for piece in pieces),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
         "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": REPLY_TOKENS}},
        {"type": "message_stop"},
    ]  # fmt: skip
    for event in events:
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"


def _as_ollama(pieces: list[str]) -> Iterator[str]:
    """The lines of POST /api/chat with "stream": true."""
    head = {"model": "scripted", "created_at": "2026-01-01T00:00:00Z"}
    for piece in pieces:
        yield json.dumps({**head, "message": {"role": "assistant", "content": piece}, "done": False}) + "\n"
    end = {"done": True, "done_reason": "stop", "prompt_eval_count": PROMPT_TOKENS, "eval_count": REPLY_TOKENS}
    yield json.dumps({**head, "message": {"role": "assistant", "content": ""}, **end}) + "\n"


@contextmanager
def protocol_server(*pieces: str) -> Iterator[ProtocolServer]:
    script = ProtocolServer(pieces=pieces)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
