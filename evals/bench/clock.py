"""Milliseconds of calls, and the memory of this process."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")


def timed(name: str, call: Callable[[Item], object], items: Iterable[Item], warm_up: int) -> dict[str, list[float]]:
    """How long the call takes for each item: `{name}_ms` by the clock, `{name}_cpu_ms` of the process's processor time.

    The first `warm_up` items are called and not counted. Processor time is what a busy machine leaves unchanged.
    """
    by_clock, of_processor = [], []
    for item in items:
        begun, worked = time.perf_counter(), time.process_time()
        call(item)
        by_clock.append((time.perf_counter() - begun) * 1000.0)
        of_processor.append((time.process_time() - worked) * 1000.0)
    return {f"{name}_ms": by_clock[warm_up:], f"{name}_cpu_ms": of_processor[warm_up:]}


def memory_mb() -> dict[str, float]:
    """Resident memory of this process in megabytes (10^6 bytes): now, and at most so far."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    held = {line.split(":")[0]: float(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Vm")}
    return {"resident_mb": held["VmRSS"], "peak_mb": held["VmHWM"]}
