"""Who is logged in, and how often a password may be guessed. Kept in memory: a restart logs everyone out."""

import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

IDLE_S = 60 * 60.0
"""A session ends so long after its last request."""
LONGEST_S = 12 * 60 * 60.0
SESSIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is logged in."""

    id: str
    """Random, in the cookie alone."""
    csrf: str
    """Random, in every form: a page of another site cannot know it."""
    begun: float
    used: float

    def allows(self, token: str) -> bool:
        """Whether a form carries this session's own token."""
        return hmac.compare_digest(self.csrf.encode(), token.encode("utf-8", "surrogatepass"))


class Sessions:
    """The sessions of one server; safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[str, Session] = {}
        self._lock = threading.Lock()

    def begin(self) -> Session:
        """A new session; the one unused for longest makes room where there are too many."""
        now = self._clock()
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now, now)
        with self._lock:
            if len(self._held) >= SESSIONS_MAX:
                del self._held[min(self._held, key=lambda id_: self._held[id_].used)]
            self._held[session.id] = session
        return session

    def find(self, id_: str) -> Session | None:
        """The session of a cookie, if it has not ended; it counts as used."""
        now = self._clock()
        with self._lock:
            session = self._held.get(id_)
            if session is None:
                return None
            if now - session.used > IDLE_S or now - session.begun > LONGEST_S:
                del self._held[id_]
                return None
            self._held[id_] = replace(session, used=now)
            return session

    def end(self, id_: str) -> None:
        """Log out."""
        with self._lock:
            self._held.pop(id_, None)


class Attempts:
    """Counts failed logins: a few from one address and some from everywhere in a stretch of time, then none."""

    WINDOW_S = 300.0
    OF_ONE_MAX = 5
    OF_ALL_MAX = 50

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def wait_s(self, client: str) -> float:
        """Seconds until this client may try again; 0 where it may now."""
        now = self._clock()
        with self._lock:
            while self._failures and now - self._failures[0][0] >= self.WINDOW_S:
                self._failures.popleft()
            own = [moment for moment, who in self._failures if who == client]
            if len(own) >= self.OF_ONE_MAX:
                return own[-self.OF_ONE_MAX] + self.WINDOW_S - now
            if len(self._failures) >= self.OF_ALL_MAX:
                return self._failures[-self.OF_ALL_MAX][0] + self.WINDOW_S - now
        return 0.0

    def begin(self, client: str) -> None:
        """Count an attempt as failed before it is checked, so that many at once cannot all slip through."""
        with self._lock:
            self._failures.append((self._clock(), client))

    def succeed(self, client: str) -> None:
        """The last attempt of this client was right: forget its failures."""
        with self._lock:
            self._failures = deque(item for item in self._failures if item[1] != client)
