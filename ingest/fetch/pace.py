"""At most one request to a server in so many seconds, whoever asks."""

import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class Pace:
    """Remembers for each host when it may be asked again; safe to use from several threads."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, interval_s: float = 0.0) -> None:
        """Sleep until the host may be asked; `interval_s` is what the host itself asks for, if that is longer."""
        with self._lock:
            now = time.monotonic()
            begin = max(now, self._next.get(host, now))
            self._next[host] = begin + max(self._interval_s, interval_s)
        time.sleep(max(0.0, begin - now))

    def rest(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), time.monotonic() + seconds)


def retry_after_s(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date (RFC 9110, 10.2.3); None for neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**9))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
