"""A line of the benchmark's table, and the figures in it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Found = Mapping[str, Sequence[Mapping[str, Any]]]
"""Records of one part, as parts.Records."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over the repeats of a part."""

    median: float
    least: float
    most: float
    n: int
    """Repeats."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a figure of both sides, and how many times better the guide is."""

    name: str
    unit: str
    guide: Spread
    tutorial: Spread | None
    """None where the tutorial has no such thing."""
    ratio: Spread | None
    """Above 1 where the guide is better, whether the figure should be low or high."""
    bar: str
    """What is asked for, in words; empty where nothing is."""
    met: bool | None
    """Whether the median meets the bar; None where there is none."""
    ratio_min: float = 0.0
    """The ratio asked for; 0 where none is."""


def spread(values: Sequence[float]) -> Spread:
    """Median and extremes of the repeats."""
    return Spread(float(np.median(values)), min(values), max(values), len(values))


def pick(found: Found, side: str, *path: str) -> list[float]:
    """One figure of a side, repeat by repeat."""
    values = []
    for record in found[side]:
        value: Any = record
        for step in path:
            value = value[step]
        values.append(float(value))
    return values
