"""`wmai sources refresh`: fetch what came from the web again; and what it shares with `wmai index URL`."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import JsonOption, StoreOption, load_settings, write_json
from ui.terminal import out, printable

if TYPE_CHECKING:
    from ingest.fetch.refresh import WebReport


def refresh(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Sources to fetch. Default: all from the web.", show_default=False),
    ] = None,
    json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Fetch sources that came from the web again, and bring the index in step.

    A page that has not changed costs next to nothing. Where a fetch fails the older text stays in use. A page that is
    missing (404 or 410) in two runs one after the other counts as gone: answers no longer stand on it, until it is
    back. Exit code 1 when a page could not be had.
    """
    from ingest.fetch.fetcher import Fetcher
    from ingest.fetch.refresh import refresh as run_refresh
    from ingest.progress import progress_bar

    settings = load_settings(store=store)
    with progress_bar() as progress:
        report = run_refresh(settings, ids or (), Fetcher(settings), progress)
    if json:
        write_json(report.to_json())
    else:
        print_pages(report)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def print_pages(report: "WebReport") -> None:
    """The counts, then a line for each page that needs a look."""
    console = out()
    for line in report.lines():
        console.print(printable(line), markup=False)
