"""Two runs over the same suite, case by case: what was gained, what was lost, and whether chance would do as much."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.errors import RunError
from evals.figures import sample_of
from evals.items import Metric
from evals.metrics import ALL
from evals.rundir import SCORES, Json, finished_run
from evals.scores import ScoredItem, read_scores
from evals.statistics import (
    Difference,
    Interval,
    mcnemar_exact,
    paired_difference,
    paired_quantiles,
    wilcoxon_signed_rank,
)

DECISIVE = "handled"
"""The metric by which a case is right or wrong."""
MEDIAN = 0.5


@dataclass(frozen=True, slots=True)
class Side:
    """One system of one run."""

    folder: Path
    run: Json
    system: str
    items: dict[str, ScoredItem]

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"{self.folder.name} ({self.system})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric on both sides; `difference` is run minus baseline over the items that both were asked."""

    metric: Metric
    baseline: float | None
    run: float | None
    difference: Difference | None
    gained: int | None
    """Items that went from 0 to 1, for metrics that are 0 or 1; None for others."""
    lost: int | None
    p_value: float | None
    """McNemar's exact test, for the same metrics; Wilcoxon's signed-rank test for a median of times."""
    ratio: float | None = None
    """Run over baseline, for times."""
    ratio_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that is right on one side only."""

    before: ScoredItem
    after: ScoredItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs between two runs."""

    baseline: Side
    run: Side
    changes: tuple[Change, ...]
    gained: tuple[Flip, ...]
    lost: tuple[Flip, ...]

    def change(self, metric: str) -> Change | None:
        """The change in one metric; None where neither side measured it."""
        return next((one for one in self.changes if one.metric.name == metric), None)


def load_side(folder: Path, system: str | None = None) -> Side:
    """A system of a finished run; the first where none is named. Raises RunError."""
    run = finished_run(folder)
    name = system or str(run["systems"][0])
    items = {item.id: item for item in read_scores(folder / SCORES) if item.system == name}
    if not items:
        known = ", ".join(run["systems"])
        raise RunError(f"The run in {folder} has no system {name!r}; it has {known}.", "Name one of those.")
    return Side(folder, run, name, items)


def compare(baseline: Side, run: Side) -> Comparison:
    """Pair the two by item. Raises RunError where they were not asked the same questions."""
    before, after = baseline.run["suite"], run.run["suite"]
    if before["digest"] != after["digest"] or baseline.items.keys() != run.items.keys():
        message = (
            f"{baseline.folder} was made over suite {before['name']} {before['digest']}, "
            f"{run.folder} over {after['name']} {after['digest']}."
        )
        raise RunError(message, "Compare runs over the same suite and split.")
    pairs = [(item, run.items[name]) for name, item in baseline.items.items()]
    gained = tuple(Flip(a, b) for a, b in pairs if _right(b) and not _right(a))
    lost = tuple(Flip(a, b) for a, b in pairs if _right(a) and not _right(b))
    changes = (_change(metric, pairs) for metric in ALL)
    found = tuple(change for change in changes if change is not None)
    return Comparison(baseline=baseline, run=run, changes=found, gained=gained, lost=lost)


def _right(item: ScoredItem) -> bool:
    score = item.scores.get(DECISIVE)
    return score is not None and score.value == 1.0


Pairs = Sequence[tuple[ScoredItem, ScoredItem]]


def _change(metric: Metric, pairs: Pairs) -> Change | None:
    asked = [(a, b) for a, b in pairs if metric.name in a.scores and metric.name in b.scores]
    if not asked:
        return None
    if metric.quantile is not None:
        return _quantile_change(metric, metric.quantile, asked)
    before, after = (sample_of(metric.name, [pair[side] for pair in asked]) for side in (0, 1))
    gained, lost = _flips(metric.name, asked) if metric.unit == "share" else (None, None)
    return Change(
        metric=metric,
        baseline=before.value,
        run=after.value,
        difference=paired_difference(before, after),
        gained=gained,
        lost=lost,
        p_value=None if gained is None or lost is None else mcnemar_exact(gained, lost),
    )


def _flips(metric: str, asked: Pairs) -> tuple[int | None, int | None]:
    values = [(a.scores[metric].value, b.scores[metric].value) for a, b in asked]
    known = [pair for pair in values if None not in pair]
    if any(value not in (0.0, 1.0) for pair in known for value in pair):
        return None, None
    return known.count((0.0, 1.0)), known.count((1.0, 0.0))


def _quantile_change(metric: Metric, quantile: float, asked: Pairs) -> Change:
    """Both quantiles over the items that both timed, item against item: easy and hard questions stand on both sides."""
    name = metric.name
    timed = [(a, b) for a, b in asked if a.scores[name].denominator and b.scores[name].denominator]
    if not timed:
        return Change(metric=metric, baseline=None, run=None, difference=None, gained=None, lost=None, p_value=None)
    before, after = ([pair[side].scores[name].numerator for pair in timed] for side in (0, 1))
    change = paired_quantiles(before, after, [b.cluster for _, b in timed], quantile)
    return Change(
        metric=metric,
        baseline=float(np.quantile(before, quantile)),
        run=float(np.quantile(after, quantile)),
        difference=change.difference,
        gained=None,
        lost=None,
        # The test is about the middle: it has no word on the slowest.
        p_value=wilcoxon_signed_rank(before, after) if quantile == MEDIAN else None,
        ratio=change.ratio,
        ratio_interval=change.ratio_interval,
    )
