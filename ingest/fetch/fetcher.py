"""Fetching one page: checked address, robots.txt, pace, redirects by hand, limits of size and time."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import httpx

from ingest.fetch.errors import HttpFailure, NameUnresolved, PageMissing, RedirectRefused, Throttled, TransferBroken
from ingest.fetch.pace import Pace, retry_after_s
from ingest.fetch.resolve import Resolver, SystemResolver
from ingest.fetch.robots import BYTES_MAX, Robots
from ingest.fetch.transport import Exchange
from ingest.fetch.unpack import read_body, too_large
from ingest.fetch.url import Target, parse_url
from rag.config import Settings

REDIRECTS_MAX = 5
TRIES_MAX = 3
"""Requests made for one page to a server that answers with 429 or 503 and a time to wait."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,text/plain;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a server tells whether a page has changed; all empty where it gave none."""

    url: str = ""
    """The address that gave them: they mean nothing to another."""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page as it came."""

    url: str
    """As asked for, normalised."""
    final_url: str
    """Where redirects led."""
    body: bytes
    """Unpacked; empty where the page was not modified."""
    content_type: str
    """The header as sent, with any charset; may be empty."""
    validators: Validators
    not_modified: bool = False
    """Whether the server said that the page is still the one with the validators that were sent (304)."""


class Fetcher:
    """Fetches pages with the limits of the settings. Keeps robots.txt and the pace of each site as long as it lives."""

    def __init__(self, settings: Settings, resolver: Resolver | None = None) -> None:
        self._settings = settings
        self._resolver = resolver or SystemResolver()
        self._pace = Pace(settings.fetch_interval_s)
        self._robots = Robots(settings.fetch_user_agent, self._read_robots)

    def fetch(self, url: str, held: Validators = Validators()) -> Fetched:
        """The page at an address; with the validators of the copy that is held, perhaps only word that it still holds.

        Raises one of ingest.fetch.errors.
        """
        first = parse_url(url)
        reply = self._follow(first, held, self._settings.fetch_bytes_max, obey_robots=True)
        return replace(reply, url=first.url)

    def _read_robots(self, url: str) -> bytes:
        return self._follow(parse_url(url), Validators(), BYTES_MAX, obey_robots=False).body

    def _follow(self, target: Target, held: Validators, bytes_max: int, *, obey_robots: bool) -> Fetched:
        for _ in range(REDIRECTS_MAX + 1):
            reply = self._patiently(target, held, bytes_max, obey_robots=obey_robots)
            if isinstance(reply, Fetched):
                return reply
            target = reply
        raise RedirectRefused(
            target.url, f"{target.url} is the {REDIRECTS_MAX + 1}th redirect in a row.", "Give the page's own address."
        )

    def _patiently(self, target: Target, held: Validators, bytes_max: int, *, obey_robots: bool) -> Fetched | Target:
        """One hop, asked again where the server names a bearable time to wait."""
        delay_s = self._robots.check(target) if obey_robots else 0.0
        for tries_left in reversed(range(TRIES_MAX)):
            self._pace.wait(target.host, delay_s)
            try:
                return self._once(target, held, bytes_max)
            except Throttled as error:
                if not tries_left or error.retry_after_s > self._settings.fetch_retry_after_max_s:
                    raise
                self._pace.rest(target.host, error.retry_after_s)
        raise AssertionError("the last try returns or raises")

    def _once(self, target: Target, held: Validators, bytes_max: int) -> Fetched | Target:
        headers = {"User-Agent": self._settings.fetch_user_agent, "Accept": _ACCEPT}
        if held.url == target.url:
            headers |= {"If-None-Match": held.etag} if held.etag else {}
            headers |= {"If-Modified-Since": held.last_modified} if held.last_modified else {}
        exchange = Exchange(
            target.url,
            headers,
            self._resolver,
            timeout_s=self._settings.fetch_timeout_s,
            allow_loopback=self._settings.fetch_allow_loopback,
        )
        try:
            with exchange as response:
                return self._taken(target, held, response, bytes_max)
        except NameUnresolved as error:
            raise NameUnresolved(target.url, error.message, error.remedy) from error

    def _taken(self, target: Target, held: Validators, response: httpx.Response, bytes_max: int) -> Fetched | Target:
        status, url = response.status_code, target.url
        if status in _REDIRECTS:
            return _next(target, response)
        if status == 304 and held.url == url:
            return Fetched(url=url, final_url=url, body=b"", content_type="", validators=held, not_modified=True)
        if status != 200:
            raise _failure(url, response)
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced[:20]) > bytes_max:
            raise too_large(url, bytes_max)
        body = read_body(response.iter_raw(), response.headers.get("Content-Encoding", ""), bytes_max, url)
        if not body:
            raise TransferBroken(url, f"{url} is empty.", "Try again later.")
        validators = Validators(url, _short(response, "ETag"), _short(response, "Last-Modified"))
        content_type = _short(response, "Content-Type")
        return Fetched(url=url, final_url=url, body=body, content_type=content_type, validators=validators)


def _next(target: Target, response: httpx.Response) -> Target:
    """Where a redirect leads; an address that is not asked is refused here, one that leads inside on connecting."""
    location = response.headers.get("Location", "")
    if not location:
        raise RedirectRefused(target.url, f"{target.url} redirects to nowhere.", "Give the page's own address.")
    return parse_url(location, base=target.url)


def _failure(url: str, response: httpx.Response) -> HttpFailure:
    status = response.status_code
    if status in (404, 410):
        what = "is not there (404)" if status == 404 else "was taken away (410)"
        return PageMissing(url, status, f"{url} {what}.", "Check the address.")
    wait_s = retry_after_s(response.headers.get("Retry-After", ""), datetime.now(UTC))
    if status in (429, 503) and wait_s is not None:
        return Throttled(url, status, wait_s)
    return HttpFailure(url, status, f"{url} answers with status {status}.", "Try again later, or check the address.")


def _short(response: httpx.Response, name: str) -> str:
    """A header's value; one that is absurdly long is left out."""
    value = str(response.headers.get(name, ""))
    return value if len(value) <= 500 else ""
