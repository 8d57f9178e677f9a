"""`wmai sources`: what the guide holds, and whether the briefings are fit to index."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ui.cli_refresh import refresh
from ui.dates import date_text, source_notes
from ui.options import JsonOption, StoreOption, load_settings, write_json
from ui.terminal import err, out, printable
from ui.wire import passage_to_json, source_record

sources = typer.Typer(
    help="List, show, check and remove the sources that the guide holds.",
    epilog="Example: wmai sources show bbb-meif2",
    no_args_is_help=True,
)
SourceArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Identifier of the source, as `wmai sources list` shows it.")
]


@sources.command("list", epilog="Example: wmai sources list --json")
def list_sources(json: JsonOption = False, store: StoreOption = None) -> None:
    """List every source that is held: identifier, date, publisher and title."""
    from rag.store import Store

    with Store.open(load_settings(store=store)) as opened:
        held = opened.sources()
    if json:
        write_json([source_record(source) for source in held])
        return
    console = out()
    if not console.is_terminal:
        for source in held:
            row = (source.id, source.published or "undated", source.publisher, source.title)
            sys.stdout.write("\t".join(printable(cell).replace("\t", " ").replace("\n", " ") for cell in row) + "\n")
        return
    table = Table("Identifier", "Published", "Publisher", "Title", box=None, header_style="bold")
    for source in held:
        table.add_row(
            *(
                Text(printable(cell))
                for cell in (source.id, date_text(source.published), source.publisher, source.title)
            )
        )
    console.print(table)
    err().print(f"{len(held)} sources.")


@sources.command(epilog="Example: wmai sources show bbb-meif2")
def show(source_id: SourceArgument, json: JsonOption = False, store: StoreOption = None) -> None:
    """Show one source whole: what is known about it, and its text."""
    from rag.store import Store

    with Store.open(load_settings(store=store)) as opened:
        source = opened.source(source_id)
        text = opened.source_text(source_id)
        passages = opened.source_passages(source_id)
    if json:
        write_json({**source_record(source), "text": text, "passages": [passage_to_json(item) for item in passages]})
        return
    console = out()
    console.print(Text(printable(source.title), style="bold"))
    notes = source_notes(source, date.today())
    about = f"{source.publisher}, {date_text(source.published)}" + (f" ({'; '.join(notes)})" if notes else "")
    for line in (about, source.url, f"Topics: {', '.join(source.topics)}", f"Places: {', '.join(source.places)}"):
        console.print(Text(printable(line), style="dim"))
    console.print()
    console.print(Text(printable(text)))


@sources.command(epilog="Example: wmai sources remove bbb-meif2")
def remove(source_id: SourceArgument, store: StoreOption = None) -> None:
    """Take one source out of the store, with all its passages.

    Its briefing file stays where it is: while it lies in the corpus, the next `wmai index` takes it in again.
    """
    from ingest.sync import remove_sources

    remove_sources(load_settings(store=store), (source_id,))
    err().print(f"Removed {source_id}.", markup=False)


sources.command(epilog="Example: wmai sources refresh")(refresh)


@sources.command(epilog="Example: wmai sources check corpus")
def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="Corpus folder to check. Default: WMAI_CORPUS.", show_default=False),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check that every briefing is complete and uses known words; names file, line and remedy of each problem."""
    from ingest.check import check_corpus

    folder = path or load_settings().corpus
    problems = check_corpus(folder)
    if json:
        write_json(
            [
                {"file": str(item.file), "line": item.line, "problem": item.problem, "remedy": item.remedy}
                for item in problems
            ]
        )
    else:
        for item in problems:
            sys.stdout.write(printable(str(item)) + "\n")
        err().print(f"{folder}: {len(problems)} problems." if problems else f"{folder} is in order.", markup=False)
    if problems:
        raise typer.Exit(1)
