"""Writes the report of a run and of a comparison: one HTML file each that asks for nothing else."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.agreement import agreement_lines
from evals.figures import DIMENSIONS, Figure, is_shown, overall
from evals.metrics import ALL, BY_NAME, HEADLINE
from evals.records import write_lines
from evals.report.drawings import plots
from evals.report.rows import CaseRow, case_row
from evals.run import failures
from evals.rundir import Json, heading, published_of
from evals.table import CHANGE_COLUMNS, brief, change_row, number, shown_interval, shown_n, shown_value

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.evaluate import Evaluation
    from evals.gate import Verdict

TEMPLATES = Path(__file__).parent / "templates"


def write_report(path: Path, evaluation: "Evaluation") -> None:
    """The page of a run: figures, plots, every case, provenance."""
    systems = evaluation.systems
    held = {system: overall(evaluation.figures, system) for system in systems}
    cases = tuple(_cases(evaluation))
    page = _environment().get_template("run.html").render(
        **_frame(heading(evaluation.run), "Evaluation", evaluation.run),
        systems=systems,
        headline=[_figure_row(name, held) for name in HEADLINE if _measured(name, held)],
        others=[_figure_row(m.name, held) for m in ALL if m.name not in HEADLINE and _measured(m.name, held)],
        strata=tuple(_strata(evaluation)),
        failures=failures(evaluation.records),
        agreements=agreement_lines(evaluation.agreements),
        published=_published(evaluation.run, held),
        plots=tuple(plots(evaluation)),
        filters=_filters(cases, systems),
        cases=cases,
        made_with=_made_with(evaluation.run),
        stamp=json.dumps(evaluation.run, indent=1, ensure_ascii=False),
    )  # fmt: skip
    write_lines(path, [page])


def write_comparison(path: Path, comparison: "Comparison", verdicts: "Sequence[Verdict]") -> None:
    """The page of a comparison: gate, differences, cases lost and gained with both answers."""
    baseline, run = comparison.baseline, comparison.run
    page = _environment().get_template("comparison.html").render(
        **_frame(f"{run.label} against {baseline.label}", "Comparison", run.run),
        columns=CHANGE_COLUMNS,
        rows=[change_row(change) for change in comparison.changes],
        gained=comparison.gained,
        lost=comparison.lost,
        verdicts=verdicts,
        gate_open=all(verdict.passed for verdict in verdicts),
    )  # fmt: skip
    write_lines(path, [page])


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )  # fmt: skip


def _own(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of the project


def _frame(title: str, kind: str, run: Json) -> dict[str, object]:
    made = f"{_when(run.get('finished') or run['started'])} · commit {str(run['commit'])[:12] or 'unknown'}"
    made += " with uncommitted changes" if run.get("dirty") else ""
    return {"title": title, "kind": kind, "made": made, "style": _own("report.css"), "script": _own("report.js")}


def _when(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%-d %B %Y, %H:%M} UTC"


Held = Mapping[str, Mapping[str, Figure]]
"""Figures over all items by system and metric."""


def _measured(name: str, held: Held) -> bool:
    return is_shown(name, [figures.get(name) for figures in held.values()])


def _figure_row(name: str, held: Held) -> dict[str, object]:
    metric = BY_NAME[name]
    cells = [_cell(figures.get(name)) for figures in held.values()]
    return {"title": metric.title, "about": metric.about, "lower": metric.better == "lower", "cells": cells}


def _cell(figure: Figure | None) -> dict[str, str] | None:
    if figure is None:
        return None
    return {"value": shown_value(figure), "interval": shown_interval(figure), "n": shown_n(figure)}


BY_STRATUM = ("handled", "right", "groups", "false_refusal", "citation_precision", "hit@5", "ndcg@10", "span_recall@5")
"""The columns of the tables by stratum."""


def _strata(evaluation: "Evaluation") -> Iterable[dict[str, object]]:
    """A table for each system and dimension that has more than one stratum."""
    for system in evaluation.systems:
        for dimension in DIMENSIONS:
            held = [one for one in evaluation.figures if (one.system, one.dimension) == (system, dimension)]
            names = [name for name in BY_STRATUM if any(one.metric == name for one in held)]
            by_cell = {(one.stratum, one.metric): one for one in held}
            strata = list(dict.fromkeys(one.stratum for one in held))
            if names and strata:
                yield {
                    "title": f"{system}, by {dimension}",
                    "columns": [BY_NAME[name].title for name in names],
                    "rows": [(stratum, [brief(by_cell.get((stratum, name))) for name in names]) for stratum in strata],
                }


def _published(run: Json, held: Held) -> dict[str, object] | None:
    published = published_of(run)
    if not published:
        return None
    names = list(dict.fromkeys(name for one in published for name in one.values))
    ours = [
        {"label": f"here: {system}", "ours": True, "values": [brief(figures.get(name)) for name in names]}
        for system, figures in held.items()
    ]
    theirs = [
        {
            "label": one.label,
            "ours": False,
            "values": [number(BY_NAME[name], one.values[name]) if name in one.values else "" for name in names],
        }
        for one in published
    ]
    return {"columns": [BY_NAME[name].title for name in names], "rows": ours + theirs}


def _cases(evaluation: "Evaluation") -> Iterable[CaseRow]:
    for judged in evaluation.judged.values():
        for item, reply, scored in judged:
            yield case_row(item, reply, scored, evaluation.sources)


def _filters(cases: Sequence[CaseRow], systems: Sequence[str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {"name": "verdict", "label": "Verdict", "options": sorted({case.verdict for case in cases})},
        {"name": "kind", "label": "Kind", "options": sorted({case.kind for case in cases})},
        {"name": "outcome", "label": "Outcome", "options": sorted({case.outcome for case in cases})},
    ]
    if len(systems) > 1:
        found.append({"name": "system", "label": "System", "options": list(systems)})
    return found


def _made_with(run: Json) -> list[tuple[str, str]]:
    index, machine = run.get("index", {}), run.get("machine", {})
    rows = [
        ("suite", f"{run['suite']['name']} {run['suite']['digest']}"),
        ("commit", f"{run['commit']}{' + changes ' + run['changes'] if run.get('changes') else ''}"),
        ("settings", run.get("settings_digest", "")),
        ("index build", index.get("build_id", "")),
        ("mean passage", f"{index['passage_tokens_mean']} tokens" if "passage_tokens_mean" in index else ""),
        ("embedding model", f"{index.get('embedder_name', '')} {index.get('embedder_revision', '')}"),
        *((f"{name}, SHA-256", digest[:16]) for name, digest in run.get("models", {}).items()),
        (
            "machine",
            f"{machine.get('system', '')} {machine.get('architecture', '')}, {machine.get('cores', '?')} cores",
        ),
        ("python", machine.get("python", "")),
        ("seed", run.get("statistics", {}).get("seed", "")),
    ]
    return [(name, str(value)) for name, value in rows if str(value).strip()]
