"""Intervals and tests. Everything is resampled by cluster and seeded, so a figure can be had again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binomtest, wilcoxon

RESAMPLES = 4000
SEED = 20261122
CONFIDENCE = 0.95

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, low <= high."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Numerators and denominators of one metric over items, and the cluster that each item belongs to."""

    numerators: Floats
    denominators: Floats
    clusters: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]], clusters: Sequence[str]) -> "Sample":
        """From (numerator, denominator) pairs and the clusters' names, one for each pair."""
        if len(pairs) != len(clusters):
            raise ValueError(f"Number of pairs ({len(pairs)}) must match number of clusters ({len(clusters)})")
        table = np.asarray(pairs, dtype=np.float64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1], cluster_codes(clusters))

    @property
    def value(self) -> float | None:
        """Sum of numerators over sum of denominators; None where nothing was scored."""
        total = float(self.denominators.sum())
        return float(self.numerators.sum()) / total if total else None


def cluster_codes(clusters: Sequence[str]) -> NDArray[np.int64]:
    """A number from 0 for each name, the same for the same name."""
    codes = np.unique(np.asarray(clusters, dtype=object).astype(str), return_inverse=True)[1]
    return codes.astype(np.int64)


@lru_cache(maxsize=64)
def cluster_weights(clusters: int, seed: int, resamples: int) -> Floats:
    """How often each cluster is drawn in each resample, shape (resamples, clusters)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=resamples).astype(np.float64)


def _by_cluster(values: Floats, clusters: NDArray[np.int64]) -> Floats:
    return np.bincount(clusters, weights=values, minlength=int(clusters.max()) + 1).astype(np.float64)


def percentiles(values: Floats) -> Interval:
    """The 95 % interval of what resampling gave; NaN is left out."""
    low, high = np.nanquantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(low), float(high))


def _ratios(sample: Sample, weights: Floats) -> Floats:
    tops = weights @ _by_cluster(sample.numerators, sample.clusters)
    bottoms = weights @ _by_cluster(sample.denominators, sample.clusters)
    return np.divide(tops, bottoms, out=np.full_like(tops, np.nan), where=bottoms > 0)


def ratio_interval(
    sample: Sample, *, share: bool = True, seed: int = SEED, resamples: int = RESAMPLES
) -> Interval | None:
    """Percentile bootstrap over clusters (Efron & Tibshirani 1993, ch. 13) of a ratio of sums; a `share` in [0, 1].

    Where resampling shows no spread at all, because every cluster agrees or there is but one, the exact interval for
    a share of that many clusters is given: agreement of a few is no certainty. Of a mean that is no share nothing is
    known then but the value. None where nothing was scored.
    """
    value = sample.value
    if value is None:
        return None
    weights = cluster_weights(int(sample.clusters.max()) + 1, seed, resamples)
    found = percentiles(_ratios(sample, weights))
    if found.high - found.low > 1e-12 or not share:
        return found
    clusters = int(np.unique(sample.clusters[sample.denominators > 0]).size)
    return exact_interval(value * clusters, clusters)


def exact_interval(successes: float, trials: int) -> Interval:
    """Interval of a share after Clopper & Pearson (1934); `successes` need not be whole."""
    tail = (1 - CONFIDENCE) / 2
    low = beta.ppf(tail, successes, trials - successes + 1) if successes > 0 else 0.0
    high = beta.ppf(1 - tail, successes + 1, trials - successes) if successes < trials else 1.0
    return Interval(float(low), float(high))


def quantile_interval(
    values: Sequence[float], clusters: Sequence[str], quantile: float, *, seed: int = SEED, resamples: int = 1000
) -> tuple[float, Interval] | None:
    """A quantile (0 to 1) of the values and its bootstrap interval over clusters; None for no values."""
    if not values:
        return None
    table = np.asarray(values, dtype=np.float64)
    codes = cluster_codes(clusters)
    weights = cluster_weights(int(codes.max()) + 1, seed, resamples)[:, codes]
    return float(np.quantile(table, quantile)), percentiles(_weighted_quantiles(table, weights, quantile))


def _weighted_quantiles(values: Floats, weights: Floats, quantile: float) -> Floats:
    """The quantile of the values in each resample; `weights` has shape (resamples, values)."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[:, order], axis=1) >= quantile * weights.sum(axis=1, keepdims=True)
    drawn: Floats = values[order][np.argmax(reached, axis=1)]
    return drawn


@dataclass(frozen=True, slots=True)
class Difference:
    """Run minus baseline for one metric over the items that both scored, with its interval."""

    value: float
    interval: Interval
    n: int


def paired_difference(
    baseline: Sample, run: Sample, *, seed: int = SEED, resamples: int = RESAMPLES
) -> Difference | None:
    """Paired bootstrap: both samples must hold the same items in the same order, and are drawn together.

    An item counts where either side scored it. None where one side has no score at all.
    """
    if not np.array_equal(baseline.clusters, run.clusters):
        raise ValueError("The two samples must hold the same items in the same order")
    before, after = baseline.value, run.value
    if before is None or after is None:
        return None
    weights = cluster_weights(int(run.clusters.max()) + 1, seed, resamples)
    drawn = _ratios(run, weights) - _ratios(baseline, weights)
    n = int(((baseline.denominators > 0) | (run.denominators > 0)).sum())
    return Difference(after - before, percentiles(drawn), n)


@dataclass(frozen=True, slots=True)
class QuantileChange:
    """Run against baseline for one quantile over the items that both timed."""

    difference: Difference
    """Run minus baseline."""
    ratio: float
    """Run over baseline."""
    ratio_interval: Interval


def paired_quantiles(
    baseline: Sequence[float],
    run: Sequence[float],
    clusters: Sequence[str],
    quantile: float,
    *,
    seed: int = SEED,
    resamples: int = 1000,
) -> QuantileChange:
    """Paired bootstrap of a quantile (0 to 1): the same items are drawn on both sides.

    The values are above 0 and in the same order on both sides; there must be one at least.
    """
    before, after = np.asarray(baseline, dtype=np.float64), np.asarray(run, dtype=np.float64)
    codes = cluster_codes(clusters)
    weights = cluster_weights(int(codes.max()) + 1, seed, resamples)[:, codes]
    old, new = (_weighted_quantiles(values, weights, quantile) for values in (before, after))
    at_first, at_last = float(np.quantile(before, quantile)), float(np.quantile(after, quantile))
    difference = Difference(at_last - at_first, percentiles(new - old), len(before))
    return QuantileChange(difference, at_last / at_first, percentiles(new / old))


def wilcoxon_signed_rank(baseline: Sequence[float], run: Sequence[float]) -> float:
    """Two-sided p-value of Wilcoxon's signed-rank test (1945) on the logarithms of the ratios; 1.0 for no change.

    Logarithms, because times differ by factors. It takes every item by itself, whatever its cluster.
    """
    ratios = np.log(np.asarray(run, dtype=np.float64) / np.asarray(baseline, dtype=np.float64))
    return float(wilcoxon(ratios).pvalue) if np.any(ratios) else 1.0


def mcnemar_exact(gained: int, lost: int) -> float:
    """Two-sided exact p-value of McNemar's test (1947): could the changed cases be a coin's work? 1.0 for no change."""
    changed = gained + lost
    return float(binomtest(gained, changed, 0.5).pvalue) if changed else 1.0


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values made fit for as many tests as there are, in the same order (Holm 1979); each at most 1."""
    adjusted = [0.0] * len(p_values)
    worst = 0.0
    for place, at in enumerate(sorted(range(len(p_values)), key=lambda number: p_values[number])):
        worst = max(worst, min(1.0, (len(p_values) - place) * p_values[at]))
        adjusted[at] = worst
    return tuple(adjusted)
