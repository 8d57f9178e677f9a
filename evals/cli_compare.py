"""`wmai eval compare`: two runs side by side, case by case, and a gate on what is found."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.compare import Comparison, Flip, compare, load_side
from evals.gate import Verdict, judge, read_gates
from evals.metrics import HEADLINE
from evals.report.page import write_comparison
from evals.table import CHANGE_COLUMNS, change_row, console, escaped

SHOWN_CHARACTERS = 300


def compare_runs(
    baseline: Annotated[Path, typer.Argument(help="Folder of the run to compare with.")],
    run: Annotated[Path, typer.Argument(help="Folder of the run to judge.")],
    gate: Annotated[Path | None, typer.Option(help="Gates file; exit 1 where the run falls short of one.")] = None,
    baseline_system: Annotated[str | None, typer.Option(help="System of the baseline; by default its first.")] = None,
    system: Annotated[str | None, typer.Option(help="System of the run; by default its first.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the comparison as one HTML page.")] = None,
) -> None:
    """Compare two runs case by case: differences with intervals, cases gained and lost with both answers.

    Example: wmai eval compare evals/baselines/smoke evals/runs/smoke-wmai --gate evals/gates.toml
    """
    before, after = load_side(baseline, baseline_system), load_side(run, system)
    found = compare(before, after)
    gates = read_gates(gate, after.run["suite"]["name"]) if gate else {}
    verdicts = judge(gates, found)
    out = console()
    out.print(change_table(found))
    for title, flips in (("gained", found.gained), ("lost", found.lost)):
        for flip in flips:
            _print_flip(out, title, flip)
    out.print(f"{len(found.gained)} cases gained, {len(found.lost)} lost, of {len(after.items)}.")
    if html is not None:
        write_comparison(html, found, verdicts)
    for verdict in verdicts:
        _print_verdict(out, verdict)
    if not all(verdict.passed for verdict in verdicts):
        console(stderr=True).print("[red]The gate is shut.[/red]")
        raise typer.Exit(1)


def change_table(found: Comparison) -> Table:
    """Every metric on both sides with the difference, its interval and the exact test."""
    table = Table(title=f"{found.baseline.label} → {found.run.label}", title_justify="left")
    for column in CHANGE_COLUMNS:
        table.add_column(column, justify="left" if column == "figure" else "right")
    for change in sorted(found.changes, key=lambda one: one.metric.name not in HEADLINE):
        table.add_row(*change_row(change), style="bold" if change.metric.name in HEADLINE else None)
    return table


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN_CHARACTERS else flat[: SHOWN_CHARACTERS - 1] + "…"


def _print_flip(out: Console, title: str, flip: Flip) -> None:
    colour = "green" if title == "gained" else "red"
    out.print(f"[{colour}]{title}[/{colour}] {escaped(flip.after.id)}: {escaped(flip.after.question)}", soft_wrap=True)
    for label, item in (("baseline", flip.before), ("run", flip.after)):
        out.print(f"  {label}, {item.outcome}: {escaped(_clipped(item.text))}", soft_wrap=True)


def _print_verdict(out: Console, verdict: Verdict) -> None:
    word = "[green]holds[/green]" if verdict.passed else "[red]fails[/red]"
    out.print(f"{word}  {verdict.metric}: {verdict.condition}; found {verdict.found}", soft_wrap=True)
