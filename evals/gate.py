"""A gate: what a run must hold, and how far it may fall below its baseline. It judges intervals, not points."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.compare import Change, Comparison
from evals.errors import GateError
from evals.figures import Figure, figures, overall
from evals.metrics import BY_NAME

SIGNIFICANCE = 0.05


class Gate(BaseModel):
    """What is asked of one metric. Shares in [0, 1], latencies in milliseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low_min: float | None = None
    """The lower end of the run's interval must reach it."""
    high_max: float | None = None
    """The upper end of the run's interval must not pass it."""
    failures_max: int | None = Field(None, ge=0)
    """At most so many items may miss the best value: for promises without exception, where no interval will do."""
    worse_max: float | None = Field(None, ge=0)
    """The change for the worse since the baseline may be so large; it is a breach only when the whole interval of the
    paired difference lies beyond, and for metrics that are 0 or 1 McNemar's test agrees."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One condition of a gate and how it went."""

    metric: str
    condition: str
    found: str
    passed: bool


def read_gates(path: Path, suite: str) -> dict[str, Gate]:
    """The gates of one suite from a TOML file with one table a suite. Raises GateError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GateError(
            f"The gates file {path} cannot be read: {error.strerror}.", "Name another with --gate."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GateError(f"The gates file {path} is not TOML: {error}.", "Mend that line.") from error
    if not isinstance(table.get(suite), Mapping):
        raise GateError(f"The gates file {path} has no table [{suite}].", f"Add one; it has {sorted(table)}.")
    unknown = sorted(set(table[suite]) - set(BY_NAME))
    if unknown:
        raise GateError(f"{path} gates unknown metrics: {', '.join(unknown)}.", "Run: wmai eval list")
    return {name: _gate(path, f"[{suite}] {name}", value) for name, value in table[suite].items()}


def _gate(path: Path, place: str, value: object) -> Gate:
    try:
        return Gate.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise GateError(f"{path}, {place}.{key}: {first['msg']}.", "Mend that entry.") from error


def judge(gates: Mapping[str, Gate], comparison: Comparison) -> tuple[Verdict, ...]:
    """Every condition of every gate. A metric that was not scored passes nothing."""
    items = tuple(comparison.run.items.values())
    held = overall(figures(items), comparison.run.system)
    verdicts: list[Verdict] = []
    for name, gate in gates.items():
        verdicts += _absolute(name, gate, held.get(name))
        if gate.failures_max is not None:
            missed = _missed(name, comparison)
            verdicts.append(
                Verdict(name, f"at most {gate.failures_max} misses", f"{missed}", missed <= gate.failures_max)
            )
        if gate.worse_max is not None:
            verdicts.append(_relative(name, gate.worse_max, comparison.change(name)))
    return tuple(verdicts)


def _absolute(name: str, gate: Gate, figure: Figure | None) -> list[Verdict]:
    verdicts = []
    interval = figure.interval if figure else None
    found = f"{interval.low:.3f} to {interval.high:.3f}" if interval else "not scored"
    if gate.low_min is not None:
        passed = interval is not None and interval.low >= gate.low_min
        verdicts.append(Verdict(name, f"interval from {gate.low_min:g} up", found, passed))
    if gate.high_max is not None:
        passed = interval is not None and interval.high <= gate.high_max
        verdicts.append(Verdict(name, f"interval up to {gate.high_max:g}", found, passed))
    return verdicts


def _missed(name: str, comparison: Comparison) -> int:
    best = 1.0 if BY_NAME[name].better == "higher" else 0.0
    scores = [item.scores[name] for item in comparison.run.items.values() if name in item.scores]
    return sum(score.value is not None and score.value != best for score in scores)


def _relative(name: str, worse_max: float, change: Change | None) -> Verdict:
    condition = f"no worse than baseline by more than {worse_max:g}"
    if change is None or change.difference is None:
        lost_it = change is not None and change.baseline is not None
        return Verdict(name, condition, "not scored", not lost_it)
    interval = change.difference.interval
    higher_is_better = change.metric.better == "higher"
    beyond = interval.high < -worse_max if higher_is_better else interval.low > worse_max
    # Few changed cases make a bootstrap overconfident; the exact test does not suffer from it.
    chance = change.p_value is not None and change.p_value >= SIGNIFICANCE
    found = f"{change.difference.value:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})"
    if change.p_value is not None:
        found += f", p = {change.p_value:.3f}"
    return Verdict(name, condition, found, not beyond or chance)
