"""Sources that have been read and not published: held in memory until someone says yes or no, or an hour has gone."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.fetch.prepared import Prepared
from ui.staff.errors import NothingHere

DRAFTS_MAX = 20
LIFE_S = 60 * 60.0


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page or file would be as a source."""

    prepared: Prepared
    replaces: bool
    """Whether a source of that identifier is held."""
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))


class Drafts:
    """The drafts of one server; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[float, Draft]] = {}
        self._lock = threading.Lock()

    def put(self, draft: Draft) -> Draft:
        """Keep a draft, in place of one with its id; the oldest makes room."""
        with self._lock:
            self._held[draft.id] = (self._clock(), draft)
            while len(self._held) > DRAFTS_MAX:
                del self._held[min(self._held, key=lambda id_: self._held[id_][0])]
        return draft

    def find(self, id_: str) -> Draft:
        """The draft. Raises NothingHere."""
        with self._lock:
            moment, draft = self._held.get(id_, (0.0, None))
            if draft is None or self._clock() - moment > LIFE_S:
                self._held.pop(id_, None)
                raise NothingHere("This preview is not there any more.", "Add the page or file again.")
            return draft

    def drop(self, id_: str) -> None:
        """Forget a draft."""
        with self._lock:
            self._held.pop(id_, None)
