"""What each part of the guide's search is worth: the guide with one part off, against the whole guide, case by case."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.compare import Change, Comparison, compare, load_side
from evals.evaluate import evaluate
from evals.metrics import BY_NAME
from evals.records import write_lines
from evals.rundir import Json, heading, remove_run
from evals.statistics import holm
from evals.suites import Suite
from evals.systems.variants import VARIANTS
from evals.table import change_row
from ingest.progress import Progress
from rag.config import Settings

WHOLE = "wmai"
METRICS = ("handled", "right", "false_refusal", "hit@5", "mrr@10")
"""The columns of the table."""
DECISIVE = "handled"
"""The metric whose McNemar test is corrected for the number of parts."""
TABLE = "ablation.md"


@dataclass(frozen=True, slots=True)
class Ablation:
    """The whole guide's run, and how each variant compares with it."""

    folder: Path
    run: Json
    comparisons: dict[str, Comparison]
    """By variant; the baseline is the whole guide, so that a loss is what the part was worth."""


def ablate(
    suite: Suite,
    settings: Settings,
    folder: Path,
    variants: Sequence[str] = tuple(VARIANTS),
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Ablation:
    """Run the whole guide and each variant into a folder of its own below `folder`, and write the table there.

    What has been run by the same commit with the same settings is not asked again, so a stopped ablation goes on.
    Raises as evaluate does.
    """
    held = {}
    for variant in ("", *variants):
        name = f"{WHOLE}:{variant}" if variant else WHOLE
        own = folder / (variant or WHOLE)
        if replace:
            remove_run(own)
        held[variant] = evaluate(suite, [name], settings, own, reuse=True, progress=progress)
    whole = load_side(held[""].folder)
    found = Ablation(
        folder, held[""].run, {variant: compare(whole, load_side(held[variant].folder)) for variant in variants}
    )
    write_lines(folder / TABLE, table(found).split("\n"))
    return found


def table(found: Ablation) -> str:
    """Markdown: a row a variant with the difference to the whole guide, its interval and McNemar's test."""
    titles = [BY_NAME[name].title for name in METRICS]
    lines = [
        f"### What each part is worth: {heading(found.run)}",
        "",
        "| | " + " | ".join(titles) + " | Times, median | p (Holm) |",
        "|---|" + "---:|" * (len(METRICS) + 2),
        "| **the whole guide** | " + " | ".join(_whole(found, name) for name in METRICS) + " | | |",
    ]
    tests = [_p_value(comparison) for comparison in found.comparisons.values()]
    for (variant, comparison), p_value in zip(found.comparisons.items(), holm(tests), strict=True):
        cells = [_cell(comparison.change(name)) for name in METRICS]
        lines.append(f"| {variant} | " + " | ".join([*cells, _times(comparison), f"{p_value:.3f}"]) + " |")
    commit = str(found.run["commit"])[:12] + (" with changes" if found.run.get("changes") else "")
    note = (
        f"Difference to the whole guide in points, with its paired 95 % bootstrap interval, cases gained and lost, and "
        f"McNemar's exact p. Holm: p of “{BY_NAME[DECISIVE].title}” for {len(tests)} parts tried at once. Nothing is "
        f"fitted anew for a variant. Commit {commit}, build {found.run['index'].get('build_id', 'unknown')}."
    )
    return "\n".join([*lines, "", note, ""])


def _whole(found: Ablation, metric: str) -> str:
    change = next(iter(found.comparisons.values())).change(metric)
    return "–" if change is None or change.baseline is None else f"**{change_row(change)[1]}**"


def _cell(change: Change | None) -> str:
    if change is None or change.difference is None:
        return "–"
    _, _, value, difference, interval, n, flips, p_value = change_row(change)
    tested = f", {flips}, p {p_value}" if p_value else ""
    return f"{value}: {difference} ({interval}{tested}, n {n})"


def _times(comparison: Comparison) -> str:
    change = comparison.change("latency_p50")
    if change is None or change.ratio is None or change.ratio_interval is None:
        return "–"
    return f"×{change.ratio:.2f} ({change.ratio_interval.low:.2f} to {change.ratio_interval.high:.2f})"


def _p_value(comparison: Comparison) -> float:
    change = comparison.change(DECISIVE)
    return 1.0 if change is None or change.p_value is None else change.p_value
