import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from evals.statistics import (
    Sample,
    exact_interval,
    holm,
    mcnemar_exact,
    paired_difference,
    paired_quantiles,
    quantile_interval,
    ratio_interval,
    wilcoxon_signed_rank,
)


def sample(values: NDArray[np.float64], clusters: list[str] | None = None) -> Sample:
    names = clusters or [str(number) for number in range(len(values))]
    return Sample.of([(float(value), 1.0) for value in values], names)


def test_a_mean_s_interval_agrees_with_scipy_s_percentile_bootstrap() -> None:
    values = np.random.default_rng(1).beta(2, 3, size=80)
    ours = ratio_interval(sample(values))
    theirs = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=4000, rng=2).confidence_interval
    assert ours is not None
    assert ours.low == pytest.approx(theirs.low, abs=0.006)
    assert ours.high == pytest.approx(theirs.high, abs=0.006)


def test_the_interval_is_the_same_every_time() -> None:
    values = np.random.default_rng(1).random(50)
    assert ratio_interval(sample(values)) == ratio_interval(sample(values))


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        interval = ratio_interval(sample((generator.random(100) < 0.7).astype(float)), resamples=1000)
        assert interval is not None
        covered += interval.low <= 0.7 <= interval.high
    assert 0.91 <= covered / 400 <= 0.985


def test_cases_about_one_fact_widen_the_interval() -> None:
    values = np.repeat((np.random.default_rng(4).random(20) < 0.5).astype(float), 5)
    alone = ratio_interval(sample(values))
    together = ratio_interval(sample(values, [str(number // 5) for number in range(100)]))
    assert alone is not None
    assert together is not None
    assert together.high - together.low > 1.7 * (alone.high - alone.low)


def test_a_ratio_weighs_items_by_their_denominators() -> None:
    # 1 of 1 and 1 of 9: two of ten in all, not the mean of 1 and 0.11.
    assert Sample.of([(1, 1), (1, 9)], ["a", "b"]).value == pytest.approx(0.2)


def test_nothing_scored_is_none_and_not_zero() -> None:
    empty = Sample.of([(0, 0), (0, 0)], ["a", "b"])
    assert empty.value is None
    assert ratio_interval(empty) is None
    assert quantile_interval([], [], 0.5) is None


def test_all_right_still_has_an_interval() -> None:
    interval = ratio_interval(sample(np.ones(20)))
    assert interval == exact_interval(20, 20)
    assert interval.low == pytest.approx(0.8316, abs=1e-4)  # 0.025 ** (1 / 20)
    assert interval.high == 1.0


def test_one_fact_alone_says_little_however_often_it_is_asked() -> None:
    interval = ratio_interval(sample(np.array([1.0, 1, 1, 1, 0]), ["a"] * 5))
    assert interval is not None
    assert interval.high - interval.low > 0.9


@pytest.mark.parametrize(("successes", "trials"), [(0, 9), (3, 9), (9, 9), (1, 1)])
def test_the_exact_interval_is_scipy_s(successes: int, trials: int) -> None:
    theirs = stats.binomtest(successes, trials).proportion_ci(0.95, method="exact")
    ours = exact_interval(successes, trials)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_quantiles_agree_with_scipy() -> None:
    values = np.random.default_rng(5).lognormal(3, 0.5, size=200)
    found = quantile_interval(list(values), [str(n) for n in range(200)], 0.5)
    theirs = stats.bootstrap((values,), np.median, method="percentile", n_resamples=2000, rng=2).confidence_interval
    assert found is not None
    value, interval = found
    assert value == pytest.approx(float(np.median(values)))
    assert interval.low == pytest.approx(theirs.low, rel=0.03)
    assert interval.high == pytest.approx(theirs.high, rel=0.03)


def test_the_paired_difference_agrees_with_scipy_s_paired_bootstrap() -> None:
    generator = np.random.default_rng(6)
    before = (generator.random(100) < 0.7).astype(float)
    after = np.where(generator.random(100) < 0.15, 1 - before, before)
    ours = paired_difference(sample(before), sample(after))
    theirs = stats.bootstrap(
        (after - before,), np.mean, method="percentile", n_resamples=4000, rng=2
    ).confidence_interval
    assert ours is not None
    assert ours.value == pytest.approx(float((after - before).mean()))
    assert ours.interval.low == pytest.approx(theirs.low, abs=0.011)
    assert ours.interval.high == pytest.approx(theirs.high, abs=0.011)


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (0, 10), (3, 13), (7, 7), (1, 0)])
def test_mcnemar_is_scipy_s_sign_test(gained: int, lost: int) -> None:
    expected = stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar_exact(gained, lost) == pytest.approx(float(expected))


def times(seed: int, n: int, factor: float) -> tuple[list[float], list[float], list[str]]:
    """Questions that differ much in cost, asked of two systems that differ by a factor and a little noise."""
    generator = np.random.default_rng(seed)
    cost = generator.lognormal(4, 0.8, size=n)
    before, after = (cost * generator.lognormal(0, 0.05, size=n) for _ in range(2))
    return list(before), list(after * factor), [str(number) for number in range(n)]


def test_paired_medians_agree_with_scipy_s_paired_bootstrap() -> None:
    before, after, names = times(8, 150, 1.2)
    ours = paired_quantiles(before, after, names, 0.5)

    def gap(old: NDArray[np.float64], new: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        return np.asarray(np.median(new, axis=axis) - np.median(old, axis=axis))

    theirs = stats.bootstrap(
        (np.array(before), np.array(after)), gap, paired=True, method="percentile", n_resamples=3000, rng=2
    ).confidence_interval
    assert ours.difference.value == pytest.approx(float(np.median(after) - np.median(before)))
    assert ours.difference.interval.low == pytest.approx(theirs.low, rel=0.2, abs=0.4)
    assert ours.difference.interval.high == pytest.approx(theirs.high, rel=0.2, abs=0.4)
    assert ours.ratio == pytest.approx(float(np.median(after) / np.median(before)))


def test_pairing_sees_a_slowdown_that_two_separate_intervals_cannot() -> None:
    before, after, names = times(9, 76, 1.15)
    paired = paired_quantiles(before, after, names, 0.5)
    assert paired.difference.interval.low > 0
    assert paired.ratio_interval.low > 1
    alone = [quantile_interval(side, names, 0.5) for side in (before, after)]
    assert alone[0] is not None
    assert alone[1] is not None
    assert alone[1][1].low < alone[0][1].high


def test_wilcoxon_is_scipy_s_on_log_ratios_and_rarely_cries_wolf() -> None:
    before, after, _ = times(10, 40, 1.05)
    expected = stats.wilcoxon(np.log(after) - np.log(before)).pvalue
    assert wilcoxon_signed_rank(before, after) == pytest.approx(float(expected))
    assert wilcoxon_signed_rank(before, before) == 1.0
    alarms = sum(wilcoxon_signed_rank(*times(seed, 60, 1.0)[:2]) < 0.05 for seed in range(100, 400))
    assert alarms / 300 <= 0.08


def test_holm_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.04 times 3, 2, 1, and never less than the one before.
    assert holm([0.04, 0.01, 0.02]) == pytest.approx((0.04, 0.03, 0.04))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()
