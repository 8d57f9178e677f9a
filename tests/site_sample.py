"""A real web server on loopback that answers as a test says, byte by byte where it wants, and remembers who asked."""

import socket
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import TracebackType
from typing import Self

from ingest.fetch.address import Address
from ingest.fetch.errors import NameUnresolved


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    socket: socket.socket
    """For replies that no server should give."""


Handler = Callable[[Request], "bytes | None"]
"""The whole reply; None where the handler has written to the socket itself."""


def reply(body: bytes | str = b"", status: int = 200, content_type: str = "text/html", **headers: str) -> bytes:
    """A correct HTTP reply; underscores in header names stand for hyphens."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": content_type, "Content-Length": str(len(data))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Status\r\n{head}Connection: close\r\n\r\n".encode() + data


def redirect(location: str, status: int = 302) -> bytes:
    return reply(status=status, Location=location)


@dataclass
class Site:
    """Serves `pages` by path; what is not there is a 404."""

    pages: dict[str, bytes | Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Self:
        site = self

        class Answer(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                line = self.rfile.readline(65_536).decode("latin-1").split(" ")
                headers: dict[str, str] = {}
                while (text := self.rfile.readline(65_536).decode("latin-1").strip()) != "":
                    name, _, value = text.partition(":")
                    headers[name.lower()] = value.strip()
                if len(line) < 2:
                    return
                request = Request(line[1], headers, self.request)
                site.requests.append(request)
                page = site.pages.get(request.path, reply("Not here.", 404))
                try:
                    data = page if isinstance(page, bytes) else page(request)
                    if data is not None:
                        self.request.sendall(data)
                except OSError:
                    pass  # the client has had enough, which is what several tests want

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]


class Names:
    """A resolver whose answers are written down: each name has a list, one entry for each time it is asked."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def addresses(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        self.asked.append(host)
        answers = self._answers.get(host.split(".")[0])
        if not answers:
            raise NameUnresolved(host, f"The name {host} is not known.")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return tuple(ip_address(text) for text in answer)
