"""`wmai eval sentences`: how often a sentence that answers stands first."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from evals.adapters import open_suite
from evals.sentences import DEPTHS, sentence_ranks, shares
from evals.table import console, escaped
from ingest.progress import progress_bar
from rag.config import Settings


def rank_sentences(
    suite: Annotated[str, typer.Option(help="A suite, or a JSONL file of cases.")] = "golden",
    split: Annotated[str | None, typer.Option(help="train, test or all; by default what the suite names.")] = None,
    store: Annotated[Path | None, typer.Option(help="The store to search.")] = None,
) -> None:
    """Say how often a sentence that answers stands first, and among the first five, before anything is refused.

    One that answers is a sentence of an expected source that holds most of what the case says an answer must include.

    Example: wmai eval sentences --suite golden --split test
    """
    chosen = open_suite(suite, split)
    settings = Settings() if store is None else Settings(store=store)
    with progress_bar() as progress:
        found = sentence_ranks(chosen, settings, progress)
    table = Table(title=f"{chosen.name} {chosen.split}".strip(), title_justify="left")
    table.add_column("a right sentence")
    for column in ("share", "95 %", "n"):
        table.add_column(column, justify="right")
    for share in shares(found):
        place = "first" if share.depth == 1 else f"among the first {share.depth}"
        low, high = share.interval.low, share.interval.high
        table.add_row(place, f"{share.value:.1%}", f"{low:.1%}–{high:.1%}", f"{share.n}")
    console().print(table)
    side = console(stderr=True)
    for one in found:
        if one.rank is None:
            side.print(f"{escaped(one.item.id)}: not read", soft_wrap=True)
        elif one.rank > max(DEPTHS):
            side.print(f"{escaped(one.item.id)}: at {one.rank}", soft_wrap=True)
