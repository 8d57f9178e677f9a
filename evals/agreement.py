"""How far a judge and the deterministic score agree, and on which cases they differ. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.calibration import Judged
from evals.judge import Judgement
from evals.statistics import (
    RESAMPLES,
    SEED,
    Floats,
    Interval,
    Sample,
    cluster_codes,
    cluster_weights,
    percentiles,
    ratio_interval,
)

METRIC = "handled"
"""The deterministic score that the judge is held against; it is 0 or 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Over the items of one system on which both spoke."""

    judge: str
    system: str
    share: float | None
    """How often they say the same, in [0, 1]."""
    interval: Interval | None
    kappa: float | None
    """Cohen's kappa (1960), at most 1; 0 is what chance would give. None where one of them always says the same."""
    kappa_interval: Interval | None
    n_scored: int
    n_asked: int
    failed: int
    """Items for which the judge gave no reply at all."""
    differing: tuple[str, ...]
    """Ids of the items on which they differ: these are worth reading."""


def agreements(judgements: Sequence[Judgement], judged: Mapping[str, Judged]) -> tuple[Agreement, ...]:
    """One for each judge and system, in the order of the judgements."""
    pairs = dict.fromkeys((one.judge, one.system) for one in judgements)
    return tuple(
        agreement([one for one in judgements if (one.judge, one.system) == pair], judged[pair[1]])
        for pair in pairs
        if pair[1] in judged
    )


def agreement(judgements: Sequence[Judgement], judged: Judged) -> Agreement:
    """Of one judge with the score, over one system."""
    scored = {item.id: (scores.scores[METRIC].value == 1.0, item.cluster) for item, _, scores in judged}
    both = [(one.item, one.verdict, *scored[one.item]) for one in judgements if one.verdict is not None]
    sample = Sample.of([(float(verdict == right), 1.0) for _, verdict, right, _ in both], [row[3] for row in both])
    kappa, interval = _kappa([(bool(verdict), right) for _, verdict, right, _ in both], [row[3] for row in both])
    return Agreement(
        judge=judgements[0].judge,
        system=judgements[0].system,
        share=sample.value,
        interval=ratio_interval(sample),
        kappa=kappa,
        kappa_interval=interval,
        n_scored=len(both),
        n_asked=len(judgements),
        failed=sum(bool(one.failure) for one in judgements),
        differing=tuple(name for name, verdict, right, _ in both if verdict != right),
    )


def _kappa(pairs: Sequence[tuple[bool, bool]], clusters: Sequence[str]) -> tuple[float | None, Interval | None]:
    if not pairs:
        return None, None
    judge, score = (np.array([pair[side] for pair in pairs], dtype=np.float64) for side in (0, 1))
    # Of each item: both right, judge right, score right, one. Their sums are all that kappa needs.
    counts = np.stack([judge * score, judge, score, np.ones(len(pairs))], axis=1)
    codes = cluster_codes(clusters)
    by_cluster = np.zeros((int(codes.max()) + 1, counts.shape[1]))
    np.add.at(by_cluster, codes, counts)
    value = float(_kappas(counts.sum(axis=0)[None, :])[0])
    if np.isnan(value):
        return None, None
    return value, percentiles(_kappas(cluster_weights(len(by_cluster), SEED, RESAMPLES) @ by_cluster))


def _kappas(sums: Floats) -> Floats:
    """Kappa of each row of sums; NaN where one of the two always says the same."""
    both, judge, score, n = sums.T
    observed = (n - judge - score + 2 * both) / n
    expected = (judge * score + (n - judge) * (n - score)) / n**2
    # One that always says the same agrees as often as chance would have it: there is nothing to measure.
    constant = (judge == 0) | (judge == n) | (score == 0) | (score == n)
    found: Floats = np.divide(observed - expected, 1 - expected, out=np.full_like(n, np.nan), where=~constant)
    return found


def agreement_lines(found: Sequence[Agreement]) -> list[str]:
    """Each in a sentence, for the terminal, the Markdown and the page."""
    lines = []
    for one in found:
        line = f"{one.system}: {one.judge} agrees with “handled rightly” on "
        if one.share is None or one.interval is None:
            line += f"nothing (n 0/{one.n_asked})"
        else:
            line += f"{100 * one.share:.1f} % ({100 * one.interval.low:.1f}–{100 * one.interval.high:.1f})"
            line += f" n {one.n_scored}/{one.n_asked}, Cohen's kappa "
            line += (
                f"{one.kappa:.2f} ({one.kappa_interval.low:.2f} to {one.kappa_interval.high:.2f})"
                if one.kappa is not None and one.kappa_interval is not None
                else "undefined, as one of the two always says the same"
            )
        line += f"; {one.failed} replies failed" if one.failed else ""
        line += f"; they differ on {', '.join(one.differing)}" if one.differing else ""
        lines.append(line + ".")
    return lines
