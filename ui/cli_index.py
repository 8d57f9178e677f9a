"""`wmai index`: bring the store into line with the briefings on disk."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import JsonOption, StoreOption, load_settings, write_json
from ui.terminal import err, out, printable

if TYPE_CHECKING:
    from ingest.report import Report

_PATHS_HELP = "Folders or files of briefings. Default: the corpus (WMAI_CORPUS, else corpus/)."


def index(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH|URL]...", help=_PATHS_HELP, show_default=False)
    ] = None,
    store: StoreOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and change nothing.")] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Cut and embed every briefing anew, for when the files of the model changed."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Index the briefings: what is new or changed is read into the store, what is gone is taken out.

    It may be stopped at any moment: the index before it stays in use, and running it again finishes the work.
    Exit code 1 when a briefing could not be read; the others are indexed all the same.
    """
    from ingest.progress import progress_bar
    from ingest.sync import index as run_index

    named = tuple(_path(item) for item in paths or ())
    settings = load_settings(store=store)
    with progress_bar() as progress:
        report = run_index(settings, named, dry_run=dry_run, rebuild=rebuild, progress=progress)
    if json:
        write_json(report.to_json())
    else:
        _print(report)
    for problem in report.refused:
        err().print(printable(f"Refused {problem}"), markup=False)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _path(item: str) -> Path:
    """The path named; refuses addresses, which are not fetched."""
    if "://" in item:
        raise typer.BadParameter(f"{item} is a web address. Save what it says as a briefing and name that file.")
    return Path(item)


def _print(report: "Report") -> None:
    """The summary; for a dry run also what would happen to each source."""
    console = out()
    if report.dry_run:
        plan = report.plan
        for verb, ids in (("add", plan.added), ("change", plan.changed), ("remove", plan.removed)):
            for source_id in ids:
                console.print(f"{verb:7} {source_id}", markup=False)
    console.print(report.summary(), markup=False)
