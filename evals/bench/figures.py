"""From records to figures: medians over repeats, and ratios with their spread."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evals.bench.machine import operations
from evals.bench.parts import GUIDE, TUTORIAL
from evals.bench.row import Found, Row, pick, spread
from evals.bench.waits import chat_rows, eye_rows

PAGE_ADDED_S_MAX = 2.0
"""Fetching left out."""

GROWN_MS = 60.0
"""Milliseconds asked for at the 95th percentile among 100,000 passages."""
READER_MS = 150.0
"""Milliseconds asked for at the median for thirty sentences."""
WORKED = "processor time"
"""What tells a figure of the processor's time from one of the clock's."""


def summarised(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with each list of milliseconds as its count, median and 95th percentile."""
    return {
        name: {"n": len(value), "p50": _quantile(value, 50), "p95": _quantile(value, 95)}
        if name.endswith("_ms")
        else value
        for name, value in record.items()
    }


def rate(found: Found, side: str, seconds: str = "seconds") -> list[float]:
    """Passages a second, repeat by repeat."""
    return [record["passages"] / record[seconds] for record in found[side]]


def rows(parts: Mapping[str, Found]) -> tuple[Row, ...]:
    """The lines of the table for those parts that were measured."""
    made: list[Row] = []
    for part, make in _MAKERS.items():
        if part in parts:
            made += make(parts[part])
    return tuple(made)


def _compared(
    name: str, unit: str, ours: list[float], theirs: list[float], *, high: bool = False, bar: float = 0.0
) -> Row:
    # Repeats are compared pair by pair: what disturbed one pair does not blur the others.
    ratios = spread([one / other if high else other / one for one, other in zip(ours, theirs, strict=True)])
    wanted = f"≥ {bar:g} times" if bar else ""
    return Row(name, unit, spread(ours), spread(theirs), ratios, wanted, ratios.median >= bar if bar else None, bar)


def _cold(found: Found) -> list[Row]:
    return [
        _compared(name, "s", pick(found, GUIDE, field), pick(found, TUTORIAL, field), bar=bar)
        for name, field, bar in (
            ("start of the process to first answer", "elapsed_s", 4),
            (f"the same, {WORKED}", "cpu_s", 0),
        )
    ]


def _latency(found: Found) -> list[Row]:
    made = []
    for field, name in (("retrieval", "finding passages"), ("answer", "whole answer")):
        for clock, quantile, told in (("ms", "p50", "p50"), ("ms", "p95", "p95"), ("cpu_ms", "p50", f"p50, {WORKED}")):
            ours, theirs = (pick(found, side, f"{field}_{clock}", quantile) for side in (GUIDE, TUTORIAL))
            bar = 2 if (field, told) == ("retrieval", "p50") else 0
            made.append(_compared(f"{name}, {told}", "ms", ours, theirs, bar=bar))
    return made


def _memory(found: Found) -> list[Row]:
    made = []
    for field, name, bar in (("resident_mb", "memory after the questions", 2), ("peak_mb", "memory at its peak", 0)):
        ours, theirs = (pick(found, side, field) for side in (GUIDE, TUTORIAL))
        made.append(_compared(name, "MB", ours, theirs, bar=bar))
    return made


def _reader(found: Found) -> list[Row]:
    ours, worked = (spread(pick(found, GUIDE, field, "p50")) for field in ("reader_ms", "reader_cpu_ms"))
    met = ours.median <= READER_MS
    return [
        Row("reading 30 new sentences, p50", "ms", ours, None, None, f"≤ {READER_MS:g} ms", met),
        Row(f"the same, {WORKED}", "ms", worked, None, None, "", None),
    ]


def _indexing(found: Found) -> list[Row]:
    theirs = rate(found, TUTORIAL)
    worked = [rate(found, side, "cpu_s") for side in (GUIDE, TUTORIAL)]
    return [
        _compared("indexing the same passages", "passages/s", rate(found, GUIDE), theirs, high=True, bar=1.1),
        _compared(f"the same, {WORKED}", "passages/s", *worked, high=True),
        _compared("indexing, each sentence embedded too", "passages/s", rate(found, "sentences"), theirs, high=True),
    ]


def _adding(found: Found) -> list[Row]:
    made = []
    for name, told in (("server", "on a running server"), ("command", "by a process of its own")):
        wall = [value for record in found[name] for value in record.get("seconds", [record["elapsed_s"]])]
        cpu = [value for record in found[name] for value in np.atleast_1d(record["cpu_seconds"]).tolist()]
        for values, kind, bar in ((wall, "wall", "≤ 2 s"), (cpu, "CPU", "")):
            figure = spread(values)
            met = figure.median <= PAGE_ADDED_S_MAX if bar else None
            made.append(Row(f"adding a page to 5,000 passages {told}, {kind}", "s", figure, None, None, bar, met))
    return made


def _limit(found: Found) -> list[Row]:
    gflops = pick(found, "machine", "gflops")
    reached, shares = [], []
    for record, machine in zip(found[GUIDE], gflops, strict=True):
        pieces = record["pieces"]
        done = sum(map(operations, pieces)) / 1e9
        reached.append(len(pieces) / record["seconds"])
        shares.append(100 * done / record["seconds"] / machine)
    possible = [rate_ / share * 100 for rate_, share in zip(reached, shares, strict=True)]
    return [
        Row("multiplying matrices in fp32", "GFLOP/s", spread(gflops), None, None, "", None),
        Row("embedding at that speed", "passages/s", spread(possible), None, None, "", None),
        Row("embedding alone", "passages/s", spread(reached), None, None, "", None),
        Row("share of the machine's limit", "%", spread(shares), None, None, "", None),
    ]


def _growth(found: Found) -> list[Row]:
    sizes = growth_sizes(found)
    first = spread(pick(found, f"{GUIDE} {sizes[0]}", "retrieval_ms", "p95")).median
    made = []
    for size in sizes:
        for clock, quantile, told in (("ms", "p50", "p50"), ("ms", "p95", "p95"), ("cpu_ms", "p95", f"p95, {WORKED}")):
            ours, theirs = (pick(found, f"{side} {size}", f"retrieval_{clock}", quantile) for side in (GUIDE, TUTORIAL))
            row = _compared(f"finding among {size:,} passages, {told}", "ms", ours, theirs)
            if told == "p95" and size >= 100_000:
                met = row.guide.median <= GROWN_MS and row.guide.median <= 3 * first
                bar = f"≤ {GROWN_MS:g} ms and ≤ 3 times that among {sizes[0]:,}"
                row = Row(row.name, row.unit, row.guide, row.tutorial, row.ratio, bar, met)
            made.append(row)
    return made


def int8_told(found: Found) -> str:
    """What int8 costs, in a sentence."""
    (record,) = found[GUIDE]
    return (
        f"Over {record['passages']:,} passages and {record['n']} training questions (vectors alone), int8 keeps"
        f" {100 * record['overlap']:.0f} % of the first ten passages and takes nDCG@10 from {record['ndcg']:.3f} to"
        f" {record['ndcg_int8']:.3f}; the mean cosine between the two vectors of a passage is {record['cosine']:.3f}."
    )


def growth_sizes(found: Found) -> list[int]:
    """The sizes that were measured, smallest first."""
    return sorted({int(name.split()[1]) for name in found})


_MAKERS = {
    "cold": _cold,
    "latency": _latency,
    "memory": _memory,
    "reader": _reader,
    "eye": eye_rows,
    "chat": chat_rows,
    "indexing": _indexing,
    "adding": _adding,
    "limit": _limit,
    "growth": _growth,
}


def _quantile(values: Sequence[float], percent: float) -> float | None:
    return round(float(np.percentile(values, percent)), 3) if values else None
