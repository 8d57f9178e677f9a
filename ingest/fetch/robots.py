"""What a site asks of programs in its robots.txt (RFC 9309), read by protego."""

from collections.abc import Callable

from protego import Protego

from ingest.fetch.errors import (
    BodyTooLarge,
    FetchError,
    FetchTimeout,
    HttpFailure,
    NameUnresolved,
    RedirectRefused,
    RobotsRefused,
    TransferBroken,
)
from ingest.fetch.url import Target

PATH = "/robots.txt"
BYTES_MAX = 512 * 1024
"""RFC 9309 asks for at least 500 kibibytes."""
DELAY_MAX_S = 10.0
"""A longer crawl delay would let one page hold up an index run for minutes."""


class Robots:
    """The rules of each site, read once. `read` fetches a robots.txt; it raises FetchError."""

    def __init__(self, user_agent: str, read: Callable[[str], bytes]) -> None:
        self._product = user_agent.split("/", 1)[0].strip()
        self._read = read
        self._rules: dict[str, Protego | FetchError | None] = {}

    def check(self, target: Target) -> float:
        """Seconds that the site wants between requests. Raises RobotsRefused where it does not want this one.

        A robots.txt that is not there allows everything; one that the server fails to give, nothing. Where the server
        cannot be reached at all, that is raised, here and for every further page of the site.
        """
        rules = self._of(target)
        if rules is None:
            raise RobotsRefused(
                target.url,
                f"{target.origin}{PATH} cannot be read, so nothing of the site is fetched.",
                "Try again later, or save the page and index the file.",
            )
        if not rules.can_fetch(target.url, self._product):
            raise RobotsRefused(
                target.url,
                f"{target.origin}{PATH} asks programs not to read {target.url}.",
                "Ask the site for leave, save the page and index the file.",
            )
        return min(rules.crawl_delay(self._product) or 0.0, DELAY_MAX_S)

    def _of(self, target: Target) -> Protego | None:
        if target.origin not in self._rules:
            try:
                self._rules[target.origin] = self._load(f"{target.origin}{PATH}")
            except (FetchTimeout, NameUnresolved, TransferBroken) as error:
                # Each further page would otherwise wait for the same dead server.
                self._rules[target.origin] = error
        rules = self._rules[target.origin]
        if isinstance(rules, FetchError):
            raise rules
        return rules

    def _load(self, url: str) -> Protego | None:
        try:
            return Protego.parse(self._read(url).decode("utf-8", "replace"))
        except HttpFailure as error:
            return Protego.parse("") if 400 <= error.status < 500 and error.status != 429 else None
        except RedirectRefused:
            return Protego.parse("")  # RFC 9309, 2.3.1.2: as if there were none
        except BodyTooLarge:
            return None
