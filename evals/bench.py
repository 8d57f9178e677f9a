"""`make bench`: the guide and the usual tutorial pipeline on the same questions, side by side in one run."""

import sys
import time

import numpy as np
from numpy.typing import NDArray

from evals.suites import load_suite
from evals.systems.registry import open_system
from rag.config import Settings

SYSTEMS = ("wmai", "langchain-tutorial")
WARM_UP = 5
"""Questions asked first and not counted."""


def main() -> None:
    """Print for each system the seconds to open and answer once, and the milliseconds a question, with ratios."""
    questions = [case.question for case in load_suite("golden", split="train").cases if not case.turns]
    measured = {name: _measure(name, questions) for name in SYSTEMS}
    ours, theirs = (measured[name] for name in SYSTEMS)
    lines = [f"{len(questions) - WARM_UP} questions, warm; first answer in this process, model imports included"]
    lines += [
        f"{name:20} first answer {first_s:6.2f} s   p50 {np.median(ms):7.1f} ms   p95 {np.percentile(ms, 95):7.1f} ms"
        for name, (first_s, ms) in measured.items()
    ]
    lines.append(
        f"{SYSTEMS[1]} / {SYSTEMS[0]}: first answer {theirs[0] / ours[0]:.2f}, "
        f"p50 {np.median(theirs[1]) / np.median(ours[1]):.2f}, "
        f"p95 {np.percentile(theirs[1], 95) / np.percentile(ours[1], 95):.2f}"
    )
    sys.stdout.write("\n".join(lines) + "\n")


def _measure(name: str, questions: list[str]) -> tuple[float, NDArray[np.float64]]:
    """Seconds from opening to the first answer, and milliseconds of each question after the warm-up."""
    begun = time.perf_counter()
    system = open_system(name, Settings())
    system.ask(questions[0])
    first_s = time.perf_counter() - begun
    taken_ms = []
    for question in questions:
        begun = time.perf_counter()
        system.ask(question)
        taken_ms.append((time.perf_counter() - begun) * 1000.0)
    system.close()
    return first_s, np.array(taken_ms[WARM_UP:])


if __name__ == "__main__":
    main()
