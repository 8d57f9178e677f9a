"""The command line of the benchmark: `python -m evals.bench`."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.bench.figures import rows, summarised
from evals.bench.materials import gather
from evals.bench.page import PAGE, read_record, stamped, table, write_page
from evals.bench.parts import PARTS, Plan
from rag.config import Settings
from rag.errors import WmaiError

FOLDER = Path("evals/runs/bench")


def run(
    only: Annotated[str, typer.Option(help=f"Parts, separated by commas: {', '.join(PARTS)}.")] = "",
    repeats: Annotated[int, typer.Option(min=1, help="How often each side is measured; the start once more.")] = 3,
    questions: Annotated[int, typer.Option(min=2, help="Questions asked of each side, after ten to warm up.")] = 100,
    texts: Annotated[int, typer.Option(min=30, help="Passages that the indexing part indexes.")] = 250,
    sizes: Annotated[str, typer.Option(help="Passages in the stores of the growth part.")] = "1000,10000,100000",
    out: Annotated[Path, typer.Option(help="Where performance.md, its plot and its figures go.")] = Path("docs"),
    folder: Annotated[Path, typer.Option(help="Folder to work in.")] = FOLDER,
    keep: Annotated[bool, typer.Option(help="Leave the folder for the next run; 2 GB with 100,000 passages.")] = False,
) -> None:
    """Measure the guide and the usual tutorial pipeline in turns, print ratios and write docs/performance.md."""
    console = Console(stderr=True)
    begun = time.monotonic()
    settings = Settings()
    try:
        names = _parts(only)
        plan = Plan(
            settings=settings,
            folder=folder,
            repeats=repeats,
            indexed_texts=texts,
            sizes=tuple(int(size) for size in sizes.split(",")),
            say=lambda text: console.print(f"[dim]{timedelta(seconds=int(time.monotonic() - begun))}[/] {text}"),
        )
        folder.mkdir(parents=True, exist_ok=True)
        gather(settings, questions).write(plan.materials)
        measured = read_record(out)
        for name in names:
            records = {side: [summarised(record) for record in found] for side, found in PARTS[name](plan).items()}
            measured[name] = stamped(records, settings)
            typer.echo(table(rows({name: records})))
            # After every part, so that one that fails loses nothing of those before it.
            write_page({name: measured[name] for name in PARTS if name in measured}, out)
    except WmaiError as error:
        console.print(f"{error.message} {error.remedy}", markup=False)
        raise typer.Exit(1) from error
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    console.print(f"Written: {out / PAGE}")


def _parts(only: str) -> list[str]:
    wanted = [name.strip() for name in only.split(",") if name.strip()] or list(PARTS)
    for name in wanted:
        if name not in PARTS:
            raise typer.BadParameter(f"there is no part {name!r}; known are {', '.join(PARTS)}", param_hint="--only")
    return wanted


if __name__ == "__main__":
    typer.run(run)
