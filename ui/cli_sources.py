"""`wmai sources`: what the guide holds, and whether the briefings are fit to index."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from rag.types import Source
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
def list_sources(
    everything: Annotated[
        bool, typer.Option("--all", help="Also copies, and what is gone or retired and stands in no answer.")
    ] = False,
    json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """List the sources that answers stand on: identifier, date, publisher and title."""
    from rag.store import Store

    with Store.open(load_settings(store=store)) as opened:
        held = opened.held_sources() if everything else opened.sources()
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
    """Show one source whole: what is known about it, and its text with the borders of its passages."""
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
    publisher = source.publisher or "Publisher unknown"
    about = f"{publisher}, {date_text(source.published)}" + (f" ({'; '.join(notes)})" if notes else "")
    for line in (about, source.url, *_standing(source)):
        console.print(Text(printable(line), style="dim"))
    console.print()
    place = 0
    for number, passage in enumerate(passages, start=1):
        page = "" if passage.page is None else f", page {passage.page}"
        _print_stretch(text[place : passage.start])
        console.print(Text(f"── {passage.id} · passage {number} of {len(passages)}{page} ──", style="cyan"))
        _print_stretch(text[passage.start : passage.end])
        place = passage.end
    _print_stretch(text[place:])


def _standing(source: Source) -> Iterator[str]:
    """What else is known of a source, a line each."""
    if source.state != "current":
        remedy = f" Run: wmai sources restore {source.id}" if source.state == "retired" else ""
        yield f"State: {source.state}; no answer stands on it.{remedy}"
    if source.copy_of:
        yield f"A copy of {source.copy_of}, which stands for it in answers."
    for home in source.homes:
        yield f"Also at: {home.url or home.title} ({home.publisher or 'publisher unknown'}, {home.source_id})"
    if source.author:
        yield f"Author: {source.author}"
    if source.valid_until_quote:
        yield f"Ends {date_text(source.valid_until)}, by its own words: {source.valid_until_quote}"
    yield f"Topics: {', '.join(source.topics)}"
    yield f"Places: {', '.join(source.places)}"


def _print_stretch(text: str) -> None:
    if text.strip():
        out().print(Text(printable(text.strip("\n"))))


@sources.command(epilog="Example: wmai sources remove bbb-meif2")
def remove(source_id: SourceArgument, store: StoreOption = None) -> None:
    """Retire one source: no answer stands on it, and no later `wmai index` takes it in again until it is restored.

    Its file stays where it is. `wmai sources list --all` shows what is retired.
    """
    from ingest.sync import remove_sources

    remove_sources(load_settings(store=store), (source_id,))
    err().print(f"Removed {source_id}. To take it back: wmai sources restore {source_id}", markup=False)


@sources.command(epilog="Example: wmai sources restore bbb-meif2")
def restore(source_id: SourceArgument, store: StoreOption = None) -> None:
    """Let answers stand on a removed source again, with the text that it had."""
    from ingest.sync import restore_sources

    restore_sources(load_settings(store=store), (source_id,))
    err().print(f"Restored {source_id}.", markup=False)


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
