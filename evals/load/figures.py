"""From replies to figures, and from figures to lines of a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from http import HTTPStatus

import numpy as np

from evals.load.phases import Phase
from evals.load.reader import Reply

PERCENTS = (50, 95, 99)
STEADY_SHARE = 0.05
"""Memory is steady where it grows by no more than this share over the second half of a run."""

Row = tuple[str, str]
"""What a figure is, and the figure in words."""


def errors_of(phase: Phase) -> Counter[str]:
    """Replies that were no whole answer, by status and code."""
    return Counter(f"{reply.status} {reply.error}" for reply in phase.replies if reply.error)


def conversation_rows(phase: Phase) -> list[Row]:
    """The figures of readers in conversation."""
    answered = [reply for reply in phase.replies if not reply.error]
    errors = errors_of(phase)
    told = f"{errors.total()}" + (f" ({_counted(errors)})" if errors else "")
    count = len(phase.replies)
    return [
        ("questions asked", f"{count} in {phase.wall_s:.0f} s, {count / phase.wall_s:.1f} a second"),
        ("errors", told),
        ("first words", _percentiles(reply.first_s for reply in answered)),
        ("whole answer", _percentiles(reply.total_s for reply in answered)),
        ("server's memory", _memory(phase.resident_mb)),
    ]


def burst_rows(phase: Phase) -> list[Row]:
    """The figures of many questions at the same moment."""
    made = [("questions at once", f"{len(phase.replies)}, over in {phase.wall_s:.1f} s")]
    by_kind: dict[tuple[int, str], list[Reply]] = {}
    for reply in phase.replies:
        by_kind.setdefault((reply.status, reply.error), []).append(reply)
    for (status, error), replies in sorted(by_kind.items()):
        name = f"{status} {error}" if error else "answered"
        waits = sorted({reply.retry_after_s for reply in replies if reply.retry_after_s is not None})
        later = f"; Retry-After {waits[0]}–{waits[-1]} s" if waits else ""
        made.append((name, f"{len(replies)}: {_percentiles(reply.total_s for reply in replies)}{later}"))
    return [*made, ("`/healthz` meanwhile", f"{len(phase.health_s)}: {_percentiles(phase.health_s)}")]


def recovery_row(reply: Reply) -> Row:
    """The first question after a burst."""
    return ("a question right after it", f"{reply.error or 'answered'} in {_time(reply.total_s)}")


def fell_over(phase: Phase) -> Counter[str]:
    """What a burst may not lead to: anything but an answer or a refusal that says when to come again."""
    polite = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    return Counter(
        f"{reply.status} {reply.error}"
        for reply in phase.replies
        if reply.error and not (reply.status in polite and reply.retry_after_s)
    )


def steady(resident_mb: Sequence[float]) -> bool:
    """Whether the last tenth of the samples is no more than STEADY_SHARE above the middle tenth."""
    _, middle, end = _thirds(resident_mb)
    return end <= middle * (1 + STEADY_SHARE)


def table(rows: Iterable[Row]) -> str:
    """Lines of a Markdown table."""
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _memory(resident_mb: Sequence[float]) -> str:
    start, middle, end = _thirds(resident_mb)
    told = "steady" if steady(resident_mb) else "growing"
    return f"{start:.0f} MB at the start, {middle:.0f} in the middle, {end:.0f} at the end: {told}"


def _thirds(samples: Sequence[float]) -> tuple[float, float, float]:
    """Medians of the first, the middle and the last tenth."""
    width = max(1, len(samples) // 10)
    middle = (len(samples) - width) // 2
    parts = (samples[:width], samples[middle : middle + width], samples[-width:])
    first, second, third = (float(np.median(part)) for part in parts)
    return first, second, third


def _percentiles(seconds: Iterable[float | None]) -> str:
    known = [value for value in seconds if value is not None]
    if not known:
        return "none"
    values = (f"p{percent} {_time(float(np.percentile(known, percent)))}" for percent in PERCENTS)
    return ", ".join(values) + f", longest {_time(max(known))}"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _counted(errors: Counter[str]) -> str:
    return ", ".join(f"{count} × {name}" for name, count in errors.most_common())
