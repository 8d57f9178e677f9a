"""The network as the fetcher sees it: names are resolved and checked here, and only what was checked is dialled.

TLS still asks for the certificate of the name (SNI) and the Host header still carries it, because httpcore opens the
connection through this back end and does the rest itself.
"""

import ssl
import time
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import httpcore

from ingest.fetch.address import Address, refusal
from ingest.fetch.errors import AddressRefused, FetchTimeout, TransferBroken
from ingest.fetch.resolve import Resolver


class Deadline:
    """The moment by which one request must be over, however slowly the other side drips."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url = url
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, limit_s: float | None) -> float:
        """Seconds until then, at most `limit_s`. Raises FetchTimeout when none is left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchTimeout(
                self._url,
                f"{self._url} was not read within {self._seconds:g} s.",
                "Try again later, or raise WMAI_FETCH_TIMEOUT_S.",
            )
        return left if limit_s is None else min(left, limit_s)


class TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write ends with the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """See httpcore.NetworkStream."""
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """See httpcore.NetworkStream."""
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """See httpcore.NetworkStream."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """See httpcore.NetworkStream."""
        return TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  as httpcore declares it
        """See httpcore.NetworkStream."""
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses only."""

    def __init__(self, resolver: Resolver, deadline: Deadline, url: str, *, allow_loopback: bool) -> None:
        self._resolver = resolver
        self._deadline = deadline
        self._url = url
        self._allow_loopback = allow_loopback
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every address, then dial them in turn. Raises AddressRefused before anything is dialled."""
        failure: Exception | None = None
        for address in self._checked(host, timeout):
            try:
                stream = self._system.connect_tcp(
                    str(address), port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: no page lies behind a file."""
        raise TransferBroken(self._url, "A local socket is not a web server.")

    def _checked(self, host: str, timeout: float | None) -> tuple[Address, ...]:
        try:
            addresses: tuple[Address, ...] = (ip_address(host),)
        except ValueError:
            addresses = self._resolver.addresses(host, self._deadline.left(timeout))
        for address in addresses:
            reason = refusal(address, allow_loopback=self._allow_loopback)
            if reason is not None:
                raise AddressRefused(
                    self._url,
                    f"{self._url} leads to {address}, which is not on the public internet ({reason}).",
                    "Only public pages are fetched; save the page and index the file instead.",
                )
        return addresses
