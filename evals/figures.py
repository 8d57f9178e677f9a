"""From scores to figures: value, 95 % interval, n scored and n asked, over all items and by stratum."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.items import Metric
from evals.metrics import ALL, BY_NAME
from evals.scores import ScoredItem
from evals.statistics import Interval, Sample, quantile_interval, ratio_interval

ALL_ITEMS = "all"
DIMENSIONS = ("kind", "answerable", "theme", "split")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a report. `value` is None where nothing was scored, which is not zero."""

    system: str
    metric: str
    dimension: str
    """all, or kind, theme, answerable, split."""
    stratum: str
    value: float | None
    interval: Interval | None
    n_scored: int
    n_asked: int


def sample_of(metric: str, items: Sequence[ScoredItem]) -> Sample:
    """The metric's numerators and denominators over items that it applies to."""
    scores = [item.scores[metric] for item in items]
    return Sample.of([(score.numerator, score.denominator) for score in scores], [item.cluster for item in items])


def _measure(metric: Metric, items: Sequence[ScoredItem]) -> tuple[float | None, Interval | None]:
    if metric.quantile is None:
        sample = sample_of(metric.name, items)
        return sample.value, ratio_interval(sample, share=metric.unit == "share")
    scored = [item for item in items if item.scores[metric.name].denominator]
    values = [item.scores[metric.name].numerator for item in scored]
    found = quantile_interval(values, [item.cluster for item in scored], metric.quantile)
    return found if found is not None else (None, None)


def figure(metric: Metric, items: Sequence[ScoredItem], system: str, dimension: str, stratum: str) -> Figure | None:
    """One figure; None where the metric applies to none of the items."""
    asked = [item for item in items if metric.name in item.scores]
    if not asked:
        return None
    value, interval = _measure(metric, asked)
    scored = sum(1 for item in asked if item.scores[metric.name].denominator)
    return Figure(
        system=system, metric=metric.name, dimension=dimension, stratum=stratum,
        value=value, interval=interval, n_scored=scored, n_asked=len(asked),
    )  # fmt: skip


def _strata(items: Sequence[ScoredItem]) -> Iterable[tuple[str, str, list[ScoredItem]]]:
    yield ALL_ITEMS, ALL_ITEMS, list(items)
    for dimension in DIMENSIONS:
        groups: dict[str, list[ScoredItem]] = {}
        for item in items:
            groups.setdefault(item.strata()[dimension], []).append(item)
        named = {stratum: members for stratum, members in sorted(groups.items()) if stratum}
        if len(named) > 1:
            yield from ((dimension, stratum, members) for stratum, members in named.items())


def figures(scored: Sequence[ScoredItem]) -> tuple[Figure, ...]:
    """Every metric over every stratum of every system, in the order of the metrics."""
    found = []
    for system in dict.fromkeys(item.system for item in scored):
        own = [item for item in scored if item.system == system]
        for dimension, stratum, members in _strata(own):
            found += [figure(metric, members, system, dimension, stratum) for metric in ALL]
    return tuple(one for one in found if one is not None)


def is_shown(metric: str, held: Iterable[Figure | None]) -> bool:
    """Whether a table has a row for the metric: shares that were asked for, and all else that was scored somewhere."""
    found = [one for one in held if one is not None]
    return any(one.value is not None for one in found) or (bool(found) and BY_NAME[metric].unit == "share")


def overall(all_figures: Iterable[Figure], system: str) -> dict[str, Figure]:
    """The figures of one system over all items, by metric."""
    return {one.metric: one for one in all_figures if one.system == system and one.dimension == ALL_ITEMS}
