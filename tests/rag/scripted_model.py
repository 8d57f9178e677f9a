"""A server on loopback that gives scripted replies as OpenAI's chat completions, and keeps what it was sent."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Scripted:
    """One reply: pieces of text, streamed as they stand here or joined where no stream was asked for."""

    pieces: tuple[str, ...] = ()
    status: int = 200
    raw: bytes | None = None
    """Sent as the whole body in place of the pieces."""
    cut: bool = False
    """Close the connection after the pieces, without the end of the stream."""
    endless: bool = False
    """Repeat the pieces until the client goes away."""
    wait_s: float = 0.0
    """Before the first piece."""
    gate: threading.Event | None = None
    """Waited for before the last piece."""


def said(*pieces: str) -> Scripted:
    return Scripted(pieces=pieces)


@dataclass
class ModelServer:
    """The server's address, what it will say and what it was asked."""

    url: str = ""
    replies: list[Scripted] = field(default_factory=list)
    """The last one is given again and again."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def next_reply(self) -> Scripted:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Handler(BaseHTTPRequestHandler):
    script: ModelServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.script.requests.append(body)
        self.script.headers.append({name.lower(): value for name, value in self.headers.items()})
        reply = self.script.next_reply()
        time.sleep(reply.wait_s)
        try:
            self._send(reply, stream=bool(body.get("stream")))
        except OSError:
            return  # the client went away, as some tests mean it to

    def _send(self, reply: Scripted, *, stream: bool) -> None:
        if reply.status != 200 or reply.raw is not None or not stream:
            body = reply.raw if reply.raw is not None else _whole(reply)
            self.send_response(reply.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for number, piece in enumerate(self._filled(reply)):
            if reply.gate and number == len(reply.pieces) - 1:
                reply.gate.wait(20)
            self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}]})
        if not reply.cut:
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self._event({"choices": [], "usage": _usage()})
            self.wfile.write(b"data: [DONE]\n\n")

    def _filled(self, reply: Scripted) -> Iterator[str]:
        """The pieces, in which {id:WORD} stands for the id of the first passage sent that holds the word."""
        sent = str(self.script.requests[-1]["messages"][-1]["content"])
        blocks = re.findall(r'<passage id="(\w+)"[^>]*>(.*?)</passage>', sent, re.DOTALL)
        for piece in _pieces(reply):
            yield re.sub(
                r"\{id:(.*?)\}",
                lambda match: next((id_ for id_, text in blocks if match[1] in text), "p-none"),
                piece,
            )

    def _event(self, data: dict[str, Any]) -> None:
        record = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", **data}
        self.wfile.write(f"data: {json.dumps(record)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read the requests."""


def _pieces(reply: Scripted) -> Iterator[str]:
    while True:
        yield from reply.pieces
        if not reply.endless:
            return


def _usage() -> dict[str, int]:
    return {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def _whole(reply: Scripted) -> bytes:
    if reply.status != 200:
        return json.dumps({"error": {"message": "scripted", "type": "scripted"}}).encode()
    message = {"role": "assistant", "content": "".join(reply.pieces)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    record = {"id": "x", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}
    return json.dumps({**record, "usage": _usage()}).encode()


@contextmanager
def model_server(*replies: Scripted) -> Iterator[ModelServer]:
    script = ModelServer(replies=list(replies))
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
