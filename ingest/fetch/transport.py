"""httpx over connections that the checked back end opens; nothing of the environment, no cookies, no redirects."""

import ssl
from collections.abc import Iterable, Iterator
from functools import cache
from types import TracebackType

import httpcore
import httpx

from ingest.fetch.backend import CheckedBackend, Deadline
from ingest.fetch.errors import FetchTimeout, RedirectRefused, TransferBroken, UrlRefused
from ingest.fetch.resolve import Resolver


class CheckedTransport(httpx.BaseTransport):
    """Carries one request; its connection is not kept for another, whose address would have to be checked anew."""

    def __init__(self, backend: CheckedBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(),
            max_connections=1,
            max_keepalive_connections=0,
            http1=True,
            http2=False,
            retries=0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.BaseTransport."""
        reply = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(reply.stream, Iterable)  # noqa: S101  the pool is a synchronous one
        return httpx.Response(reply.status, headers=reply.headers, stream=_Stream(reply.stream))

    def close(self) -> None:
        """See httpx.BaseTransport."""
        self._pool.close()


@cache
def _ssl_context() -> ssl.SSLContext:
    """Reading the certificates takes longer than many a request: once a process will do."""
    return httpx.create_ssl_context(trust_env=False)


class _Stream(httpx.SyncByteStream):
    def __init__(self, inner: Iterable[bytes]) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()


class Exchange:
    """One request and its reply, for as long as the context lasts; what fails inside it is a FetchError."""

    def __init__(
        self, url: str, headers: dict[str, str], resolver: Resolver, *, timeout_s: float, allow_loopback: bool
    ) -> None:
        self._url = url
        self._timeout_s = timeout_s
        backend = CheckedBackend(resolver, Deadline(url, timeout_s), url, allow_loopback=allow_loopback)
        self._client = httpx.Client(
            transport=CheckedTransport(backend),
            headers={**headers, "Accept-Encoding": "gzip", "Connection": "close"},
            timeout=httpx.Timeout(timeout_s),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> httpx.Response:
        """The reply's head; its body is read from `iter_raw`."""
        try:
            return self._client.send(self._client.build_request("GET", self._url), stream=True)
        except BaseException as error:
            self._client.close()
            self._translate(error)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection, whether or not the body was read."""
        self._client.close()
        if error is not None:
            self._translate(error)

    def _translate(self, error: BaseException) -> None:
        """Raise what a library's exception means."""
        url = self._url
        if isinstance(error, httpcore.TimeoutException):
            message = f"{url} did not answer within {self._timeout_s:g} s."
            raise FetchTimeout(url, message, "Try again later, or raise WMAI_FETCH_TIMEOUT_S.") from error
        if isinstance(error, (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, httpx.InvalidURL)):
            raise UrlRefused(url, f"{url} cannot be asked for ({error}).", "Check the address.") from error
        if isinstance(error, httpx.RemoteProtocolError):
            # Errors of the connection are httpcore's own here: this one says that a Location cannot be read.
            message = f"{url} redirects to what is no address ({error})."
            raise RedirectRefused(url, message, "Give the page's own address.") from error
        if isinstance(
            error, (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, httpx.StreamError, OSError)
        ):
            reason = str(error) or type(error).__name__
            raise TransferBroken(url, f"The connection to {url} failed ({reason}).", "Try again later.") from error
