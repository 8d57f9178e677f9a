"""What was read lately, kept in memory: a build never changes, so nothing in it can go stale."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by key, the least lately used given up first. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        """`most` is how many values are kept."""
        self._most = most
        self._held: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Sequence[Key], load: Callable[[Sequence[Key]], dict[Key, Value]]) -> dict[Key, Value]:
        """The values of the keys; `load` is called once for all that are not kept, and may leave some out."""
        wanted = dict.fromkeys(keys)
        with self._lock:
            found = {key: self._held[key] for key in wanted if key in self._held}
        lacking = [key for key in wanted if key not in found]
        if lacking:
            found |= load(lacking)
        with self._lock:
            for key, value in found.items():
                self._held[key] = value
                self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return found
