"""How many questions one address and one embedding site may ask in a minute and in a day."""

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from rag.config import Settings

_WHO = {"client": "from your network", "origin": "from this website"}


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that was reached."""

    message: str
    """For the reader."""
    wait_s: int
    """Seconds after which another question is let through, at least 1."""


class QuestionLimits:
    """Counts questions in memory; each server process counts its own."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        per_minute, per_day = RateLimitItemPerMinute, RateLimitItemPerDay
        limits = (
            ("client", per_minute, settings.rate_client_minute),
            ("client", per_day, settings.rate_client_day),
            ("origin", per_minute, settings.rate_origin_minute),
            ("origin", per_day, settings.rate_origin_day),
        )
        self._limits: tuple[tuple[str, RateLimitItem], ...] = tuple(
            (who, kind(amount)) for who, kind, amount in limits if amount
        )

    def take(self, address: str, origin: str | None) -> Excess | None:
        """Count one question; what was exceeded, or None. A question that is turned away is not counted.

        `address` is the client's; `origin` is the embedding site, None where there is none.
        """
        keys = {"client": network(address), "origin": origin}
        applying = [(item, who, key) for who, item in self._limits if (key := keys[who]) is not None]
        for item, who, key in applying:
            if not self._limiter.test(item, who, key):
                reset_s = self._limiter.get_window_stats(item, who, key).reset_time - time.time()
                return _excess(item, who, max(1, math.ceil(reset_s)))
        for item, who, key in applying:
            self._limiter.hit(item, who, key)
        return None


def network(address: str) -> str:
    """What stands for one client: an IPv4 address, or the /64 network that an IPv6 address lies in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _excess(item: RateLimitItem, who: str, wait_s: int) -> Excess:
    span = "minute" if item.GRANULARITY.name == "minute" else "day"
    wait = f"{wait_s} seconds" if wait_s < 120 else f"{math.ceil(wait_s / 60)} minutes"
    return Excess(f"Too many questions {_WHO[who]}: at most {item.amount:,} in a {span}. Try again in {wait}.", wait_s)
