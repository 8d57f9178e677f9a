"""Figures as people read them: on the terminal and in a pull request. Every figure with its interval and its n."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.calibration import KINDS, Calibration
from evals.compare import Change
from evals.figures import Figure, is_shown, overall
from evals.items import Metric
from evals.metrics import ALL, BY_NAME, HEADLINE
from evals.suites import Published

WIDTH = 160
CAPTION = "n: scored/asked. 95 %: bootstrap interval, resampled by the fact asked about. ↓: lower is better."


def console(*, stderr: bool = False) -> Console:
    """A console that wraps to the terminal, and to 160 columns where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else WIDTH)


def escaped(text: str) -> str:
    """Text from a question, an answer or an error, so that rich shows its brackets instead of reading them."""
    return escape(text)


def number(metric: Metric, value: float) -> str:
    """A share as "72.4 %", milliseconds as "38 ms", tokens as "1,204", money as "0.00217"."""
    return _plain(metric, value) + {"share": " %", "ms": " ms", "tokens": "", "money": ""}[metric.unit]


def _plain(metric: Metric, value: float, sign: str = "") -> str:
    """The number without its unit; `sign` "+" writes the plus too, and a true minus."""
    factor, digits = {"share": (100, 1), "ms": (1, 0), "tokens": (1, 0), "money": (1, 5)}[metric.unit]
    written = f"{factor * value:{sign},.{digits}f}"
    return written.replace("-", "−") if sign else written


def shown_value(figure: Figure) -> str:
    """The value alone; a dash where nothing was scored."""
    return "–" if figure.value is None else number(BY_NAME[figure.metric], figure.value)


def shown_interval(figure: Figure) -> str:
    """The interval as "61.0–82.1"; a dash where nothing was scored."""
    if figure.interval is None:
        return "–"
    metric = BY_NAME[figure.metric]
    return f"{_plain(metric, figure.interval.low)}–{_plain(metric, figure.interval.high)}"


def shown_n(figure: Figure) -> str:
    """How many were scored of how many asked, as "62/65"."""
    return f"{figure.n_scored}/{figure.n_asked}"


def figure_table(all_figures: Sequence[Figure], systems: Sequence[str], title: str) -> Table:
    """Every metric over all items, headline first, one block of columns a system."""
    table = Table(title=title, title_justify="left", caption=CAPTION, caption_justify="left")
    table.add_column("figure")
    for system in systems:
        table.add_column(system, justify="right")
        table.add_column("95 %", justify="right", style="dim")
        table.add_column("n", justify="right", style="dim")
    by_system = {system: overall(all_figures, system) for system in systems}
    for section, metrics in (("headline", HEADLINE), ("others", tuple(m.name for m in ALL if m.name not in HEADLINE))):
        for name in metrics:
            if is_shown(name, [held.get(name) for held in by_system.values()]):
                cells = [cell for system in systems for cell in _cells(by_system[system].get(name))]
                table.add_row(_titled(name), *cells, style="bold" if section == "headline" else None)
        table.add_section()
    return table


def _titled(name: str) -> str:
    metric = BY_NAME[name]
    return metric.title + (" ↓" if metric.better == "lower" else "")


def _cells(figure: Figure | None) -> tuple[str, str, str]:
    if figure is None:
        return "", "", ""
    return shown_value(figure), shown_interval(figure), shown_n(figure)


def stratum_table(all_figures: Sequence[Figure], system: str, dimension: str, metrics: Sequence[str]) -> Table | None:
    """Some metrics by the strata of one dimension; None where there is but one stratum."""
    chosen = [one for one in all_figures if one.system == system and one.dimension == dimension]
    if not chosen:
        return None
    shown = [name for name in metrics if any(one.metric == name for one in chosen)]
    table = Table(title=f"{system}, by {dimension}", title_justify="left")
    table.add_column(dimension)
    for name in shown:
        table.add_column(_titled(name), justify="right")
    for stratum in dict.fromkeys(one.stratum for one in chosen):
        held = {one.metric: one for one in chosen if one.stratum == stratum}
        table.add_row(stratum, *(brief(held.get(name)) for name in shown))
    return table


def brief(figure: Figure | None) -> str:
    """A figure in one cell, as "72.4 % (61.0–82.1) n 62/65"; empty for None."""
    if figure is None:
        return ""
    return f"{shown_value(figure)} ({shown_interval(figure)}) n {shown_n(figure)}"


def published_table(published: Sequence[Published], ours: dict[str, dict[str, Figure]]) -> Table:
    """Our figures beside those that others have published for the same data."""
    metrics = list(dict.fromkeys(name for one in published for name in one.values))
    table = Table(title="Beside published figures", title_justify="left")
    table.add_column("")
    for name in metrics:
        table.add_column(_titled(name), justify="right")
    for system, held in ours.items():
        table.add_row(f"here: {system}", *(brief(held.get(name)) for name in metrics), style="bold")
    for one in published:
        cells = (number(BY_NAME[name], one.values[name]) if name in one.values else "" for name in metrics)
        table.add_row(one.label, *cells)
    return table


def calibration_cell(one: Calibration | None) -> str:
    """An expected calibration error in points, as "8.1 (6.0–14.2) n 62, 5.3 by chance"; empty for None."""
    if one is None:
        return ""
    error, low, high = (f"{100 * value:.1f}" for value in (one.error, one.interval.low, one.interval.high))
    return f"{error} ({low}–{high}) n {one.n}, {100 * one.by_chance:.1f} by chance"


def calibration_rows(stated: Sequence[Calibration], systems: Sequence[str]) -> list[list[str]]:
    """A row for each thing that is stated, a cell for each system."""
    rows = []
    for name, title in KINDS.items():
        held = {one.system: one for one in stated if one.name == name}
        if held:
            rows.append([title, *(calibration_cell(held.get(system)) for system in systems)])
    return rows


def calibration_table(stated: Sequence[Calibration], systems: Sequence[str]) -> Table | None:
    """Expected calibration errors; None where nothing was stated."""
    rows = calibration_rows(stated, systems)
    if not rows:
        return None
    table = Table(title="Expected calibration error, in points ↓", title_justify="left")
    for column in ("stated", *systems):
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    return table


def markdown(all_figures: Sequence[Figure], stated: Sequence[Calibration], systems: Sequence[str], heading: str) -> str:
    """The table of all figures for a pull request."""
    by_system = {system: overall(all_figures, system) for system in systems}
    lines = [f"## {heading}", "", "| figure | " + " | ".join(systems) + " |", "|---|" + "---:|" * len(systems)]
    names = (*HEADLINE, *(metric.name for metric in ALL if metric.name not in HEADLINE))
    for name in names:
        if is_shown(name, [held.get(name) for held in by_system.values()]):
            cells = (brief(by_system[system].get(name)) for system in systems)
            mark = "**" if name in HEADLINE else ""
            lines.append(f"| {mark}{_titled(name)}{mark} | " + " | ".join(cells) + " |")
    rows = calibration_rows(stated, systems)
    if rows:
        lines += ["", "| expected calibration error, in points ↓ | " + " | ".join(systems) + " |"]
        lines += ["|---|" + "---:|" * len(systems), *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join([*lines, "", CAPTION, ""])


CHANGE_COLUMNS = ("figure", "baseline", "run", "difference", "95 %", "n", "gained/lost", "p")


def change_row(change: Change) -> tuple[str, ...]:
    """One metric of a comparison, a cell for each of CHANGE_COLUMNS."""
    metric = change.metric
    sides = tuple("–" if value is None else number(metric, value) for value in (change.baseline, change.run))
    flips = "" if change.gained is None else f"+{change.gained}/−{change.lost}"
    p_value = "" if change.p_value is None else f"{change.p_value:.3f}"
    title = _titled(metric.name)
    if change.difference is None:
        return title, *sides, "–", "–", "0", flips, p_value
    interval = change.difference.interval
    value = _plain(metric, change.difference.value, "+")
    shown = f"{_plain(metric, interval.low, '+')} to {_plain(metric, interval.high, '+')}"
    if change.ratio is not None and change.ratio_interval is not None:
        value += f" (×{change.ratio:.2f})"
        shown += f" (×{change.ratio_interval.low:.2f} to ×{change.ratio_interval.high:.2f})"
    return title, *sides, value, shown, f"{change.difference.n}", flips, p_value
