"""Milliseconds of calls, and the memory of this process."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")


def milliseconds(call: Callable[[Item], object], items: Iterable[Item], warm_up: int) -> list[float]:
    """How long the call takes for each item; the first `warm_up` are called and not counted."""
    taken = []
    for item in items:
        begun = time.perf_counter()
        call(item)
        taken.append((time.perf_counter() - begun) * 1000.0)
    return taken[warm_up:]


def memory_mb() -> dict[str, float]:
    """Resident memory of this process in megabytes (10^6 bytes): now, and at most so far."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    held = {line.split(":")[0]: float(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Vm")}
    return {"resident_mb": held["VmRSS"], "peak_mb": held["VmHWM"]}
