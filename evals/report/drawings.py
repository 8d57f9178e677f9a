"""Which plots stand in a report, each with what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from evals.calibration import KINDS, Calibration
from evals.figures import Figure
from evals.metrics import BY_NAME
from evals.report.curves import trade_off
from evals.report.plots import calibration_plot, latency_plot, strata_plot, trade_off_plot

if TYPE_CHECKING:
    from evals.evaluate import Evaluation

STRATA = (
    ("handled", "kind", "Handled rightly, by kind"),
    ("handled", "answerable", "Handled rightly, by whether the sources answer"),
    ("right", "theme", "Answered right, by theme"),
    ("hit@5", "theme", "Right source among the first five, by theme"),
)
"""Metric, dimension and title of each plot by stratum."""

MEANINGS = {
    "answerable": "Questions looked up, by the probability that the passages answer; the share that is answerable.",
    "right": "Every answer, by the same probability; the share handled rightly.",
    "support": "Every sentence of every answer, by its support; the share that holds an expected fact of an expected "
    "source. A true sentence beside the point counts as a miss, so later sentences of an answer lie low.",
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with what it says."""

    title: str
    caption: str
    svg: Markup
    size: str = ""


def plots(evaluation: "Evaluation") -> Iterable[Plot]:
    """Bars by stratum, latency, refusals over the floor, and the calibration of confidence and support."""
    yield from _strata_plots(evaluation)
    durations = {
        system: [reply.wall_ms for _, reply, _ in judged if reply.failure is None]
        for system, judged in evaluation.judged.items()
    }
    yield Plot(
        "Latency", "Share of replies done within a time; dotted: half, and 95 in 100.", _drawn(latency_plot(durations))
    )
    yield from _trade_off_plot(evaluation)
    for name, title in KINDS.items():
        held = [one for one in evaluation.calibrations if one.name == name]
        if held:
            yield Plot(title, f"{MEANINGS[name]} {_errors(held)}", _drawn(calibration_plot(held)))


def _strata_plots(evaluation: "Evaluation") -> Iterable[Plot]:
    for metric, dimension, title in STRATA:
        chosen: dict[str, list[Figure]] = {}
        for one in evaluation.figures:
            if (one.metric, one.dimension) == (metric, dimension):
                chosen.setdefault(one.system, []).append(one)
        if chosen:
            svg = strata_plot(chosen, f"{dimension}-{metric.replace('@', '-')}", title)
            yield Plot(title, BY_NAME[metric].about, _drawn(svg), "tall")


def _trade_off_plot(evaluation: "Evaluation") -> Iterable[Plot]:
    found = {system: trade_off(judged) for system, judged in evaluation.judged.items()}
    trades = {system: trade for system, trade in found.items() if trade is not None}
    if not trades:
        return
    caption = (
        "What would be refused were the least confidence to answer with another, from 0 to 1, marked at every fifth. "
        "Dot: the system as it is, with its other reasons to refuse; one that states no confidence has a dot alone."
    )
    areas = [
        f"{system}: {trade.area:.3f}" for system, trade in trades.items() if trade.curve and trade.area is not None
    ]
    if areas:
        caption += f" Area under the ROC curve of confidence, over questions looked up: {'; '.join(areas)}."
    yield Plot("Refusals over the floor", caption, _drawn(trade_off_plot(trades)))


def _errors(held: Sequence[Calibration]) -> str:
    said = (
        f"{one.system}: {100 * one.error:.1f} ({100 * one.interval.low:.1f}–{100 * one.interval.high:.1f}, n {one.n}; "
        f"{100 * one.by_chance:.1f} by chance alone)"
        for one in held
    )
    return f"Expected calibration error in points, with 95 % interval: {'; '.join(said)}."


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn by plots.py, where matplotlib escapes every label
