"""`wmai eval ablate`: what each part of the guide's search is worth."""

from pathlib import Path
from typing import Annotated

import typer

from evals.ablation import TABLE, ablate, table
from evals.adapters import open_suite
from evals.errors import SuiteError
from evals.rundir import DEFAULT_PARENT
from evals.systems.variants import VARIANTS
from evals.table import console
from ingest.progress import progress_bar
from rag.config import Settings


def ablate_suite(
    suite: Annotated[str, typer.Option(help="A suite, or a JSONL file of cases.")] = "golden",
    split: Annotated[str | None, typer.Option(help="train, test or all; by default what the suite names.")] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help=f"Of {', '.join(VARIANTS)}; repeat it. By default all of them.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the runs; a stopped ablation in it goes on.")] = None,
    store: Annotated[Path | None, typer.Option(help="The store to answer from.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the runs that --out holds and begin anew.")
    ] = False,
) -> None:
    """Run the guide with one part of its search off at a time; print a Markdown table of what each part is worth.

    Example: wmai eval ablate --suite golden --split train > ablation.md
    """
    variants = tuple(dict.fromkeys(variant or VARIANTS))
    unknown = sorted(set(variants) - set(VARIANTS))
    if unknown:
        raise SuiteError(f"There is no variant {unknown[0]!r}.", f"Name one of: {', '.join(VARIANTS)}.")
    chosen = open_suite(suite, split)
    folder = out or DEFAULT_PARENT / "-".join(part for part in ("ablation", chosen.name, chosen.split) if part)
    settings = Settings() if store is None else Settings(store=store)
    with progress_bar() as progress:
        found = ablate(chosen, settings, folder, variants, replace=replace, progress=progress)
    typer.echo(table(found))
    console(stderr=True).print(f"Runs: {folder}  Table: {folder / TABLE}", soft_wrap=True)
