"""`wmai eval`: run suites, compare runs, gate a release on them, write reports."""

import webbrowser
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer

from evals.adapters import open_suite
from evals.agreement import agreement_lines
from evals.cli_ablate import ablate_suite
from evals.cli_compare import compare_runs
from evals.cli_sentences import rank_sentences
from evals.errors import EvalError, SuiteError
from evals.evaluate import Evaluation, evaluate, score_folder
from evals.figures import DIMENSIONS, overall
from evals.judge import judge_run, open_judge
from evals.metrics import ALL
from evals.run import failures
from evals.rundir import REPORT, heading, keep_baseline, published_of
from evals.suites import load_suite, registry
from evals.systems.registry import FAMILIES, all_names
from evals.table import calibration_table, console, escaped, figure_table, published_table, stratum_table
from ingest.progress import progress_bar
from rag.config import Settings
from rag.errors import WmaiError

app = typer.Typer(
    help="Measure the guide: run suites, compare runs, gate a release.", no_args_is_help=True, add_completion=False
)
BY_STRATUM = {
    "ask": ("handled", "groups", "false_refusal", "citation_precision", "hit@5"),
    "search": ("hit@5", "ndcg@10", "span_recall@5", "span_iou@5"),
}
"""Columns of the tables by stratum, for suites that are answered and suites that are searched."""

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")


def _plainly(command: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
    """Errors that the project raises on purpose become one line and an exit code: 2 for the harness's own, else 1."""

    @wraps(command)
    def wrapped(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
        try:
            return command(*args, **kwargs)
        except WmaiError as error:
            console(stderr=True).print(f"[red]error:[/red] {escaped(str(error))}", soft_wrap=True)
            raise typer.Exit(2 if isinstance(error, EvalError) else 1) from error

    return wrapped


@app.command()
@_plainly
def run(
    suite: Annotated[
        str, typer.Option(help="A suite, a JSONL file of cases, or a BEIR, SQuAD or span set.")
    ] = "golden",
    system: Annotated[
        list[str] | None, typer.Option(help="What to measure; repeat it to set several side by side.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="train, test or all; by default what the suite names.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the run; a stopped run in it is taken up.")] = None,
    store: Annotated[Path | None, typer.Option(help="The store to answer from.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Remove the run that --out holds and begin anew.")] = False,
    judge: Annotated[
        str | None, typer.Option(help="A chat model, provider:model, that says right or wrong too; none by default.")
    ] = None,
) -> None:
    """Ask every case, keep the records, score them, print the figures.

    Example: wmai eval run --suite golden --system wmai --system bm25
    """
    chosen = open_suite(suite, split)
    settings = Settings() if store is None else Settings(store=store)
    systems = system or ["wmai"]
    with ExitStack() as stack, progress_bar() as progress:
        # Opened first: that there is no such model must not be found out after an hour of answers.
        model = stack.enter_context(closing(open_judge(settings, judge))) if judge else None
        evaluation = evaluate(chosen, systems, settings, out, replace=replace, progress=progress)
        if model is not None:
            judge_run(evaluation.folder, evaluation.judged, model, model.name, progress)
            evaluation = score_folder(evaluation.folder)
    show(evaluation)


@app.command()
@_plainly
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished run.")],
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    by: Annotated[list[str] | None, typer.Option(help=f"Tables by {', '.join(DIMENSIONS)}; repeat it.")] = None,
) -> None:
    """Score a run again from its records and write its report; nothing is asked again.

    Example: wmai eval report evals/runs/golden-test-wmai --open
    """
    show(score_folder(folder), _dimensions(by))
    if open_it:
        webbrowser.open((folder / REPORT).resolve().as_uri())


@app.command()
@_plainly
def accept(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a finished run.")]) -> None:
    """Make a run its suite's baseline under evals/baselines, to be committed and gated against.

    Example: wmai eval accept .wmai/smoke
    """
    console(stderr=True).print(f"Baseline: {keep_baseline(folder)}")


@app.command(name="list")
@_plainly
def list_all() -> None:
    """Print the suites, the systems and the metrics."""
    out = console()
    for name in registry():
        suite = load_suite(name, "all")
        default = load_suite(name)
        note = f", {len(default.cases)} of them by default (--split {default.split})" if default.split != "all" else ""
        out.print(f"[bold]{name}[/bold]  {len(suite.cases)} cases{note}\n  {suite.about}")
    out.print(f"\n[bold]systems[/bold]  {', '.join(all_names())}")
    for name, family in FAMILIES.items():
        out.print(f"  {name}: {family.about}")
    out.print()
    for metric in ALL:
        out.print(f"[bold]{metric.name}[/bold]  {metric.about}")


app.command(name="compare")(_plainly(compare_runs))
app.command(name="ablate")(_plainly(ablate_suite))
app.command(name="sentences")(_plainly(rank_sentences))


def _dimensions(by: Sequence[str] | None) -> Sequence[str]:
    unknown = sorted(set(by or ()) - set(DIMENSIONS))
    if unknown:
        raise SuiteError(f"There is no dimension {unknown[0]!r}.", f"Name one of: {', '.join(DIMENSIONS)}.")
    return by or DIMENSIONS[:2]


def show(evaluation: Evaluation, by: Sequence[str] = ("kind", "answerable")) -> None:
    """Print figures to stdout, and errors and places to stderr."""
    out = console()
    systems = evaluation.systems
    out.print(figure_table(evaluation.figures, systems, heading(evaluation.run)))
    searched = not any(one.metric == "handled" for one in evaluation.figures)
    for system in systems:
        for dimension in by:
            columns = BY_STRATUM["search" if searched else "ask"]
            table = stratum_table(evaluation.figures, system, dimension, columns)
            if table is not None:
                out.print(table)
    stated = calibration_table(evaluation.calibrations, systems)
    if stated is not None:
        out.print(stated)
    for line in agreement_lines(evaluation.agreements):
        out.print(escaped(line), soft_wrap=True)
    published = published_of(evaluation.run)
    if published:
        out.print(published_table(published, {name: overall(evaluation.figures, name) for name in systems}))
        out.print(f"Mean passage here: {evaluation.run['index'].get('passage_tokens_mean', 'unknown')} tokens.")
    side = console(stderr=True)
    broken = failures(evaluation.records)
    for place, failure in broken:
        side.print(
            f"[red]failed:[/red] {escaped(place)}: {escaped(f'{failure.type}: {failure.message}')}", soft_wrap=True
        )
    side.print(f"{len(broken)} errors. Run: {evaluation.folder}  Report: {evaluation.folder / REPORT}", soft_wrap=True)
