"""The command line of the load test: `python -m evals.load`."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.bench.page import stamped
from evals.load.figures import burst_rows, conversation_rows, errors_of, fell_over, recovery_row, table
from evals.load.phases import burst, conversations, recovery
from evals.served import serving
from rag.config import Settings
from rag.errors import WmaiError

TEMPLATE = Path(__file__).with_name("load.md")
NO_LIMITS = {"WMAI_RATE_CLIENT_MINUTE": "0", "WMAI_RATE_CLIENT_DAY": "0"}
"""All readers here have the same address, so the limits for one address would stop them."""


def run(
    users: Annotated[int, typer.Option(min=1, max=1000, help="Readers in conversation at the same time.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long they go on.")] = 120,
    think: Annotated[tuple[float, float], typer.Option(help="Seconds a reader reads: at least, at most.")] = (5, 15),
    crowd: Annotated[int, typer.Option(min=1, max=2000, help="Questions asked at once afterwards.")] = 200,
    out: Annotated[Path | None, typer.Option(help="File to write the figures to, such as docs/load.md.")] = None,
) -> None:
    """Let many readers talk to a real server, then ask too much of it; fails where a reader was not answered."""
    console = Console(stderr=True)
    settings = Settings()
    circumstances = stamped({}, settings)["circumstances"]
    try:
        with serving(settings, **NO_LIMITS) as served:
            console.print(f"[dim]{users} conversations for {seconds:g} s on {served.address}[/]")
            talked = asyncio.run(conversations(served, users, seconds, think))
            typer.echo(table(conversation_rows(talked)))
            console.print(f"[dim]{crowd} questions at once[/]")
            crowded = asyncio.run(burst(served, crowd))
            after = asyncio.run(recovery(served))
            crowd_table = table([*burst_rows(crowded), recovery_row(after)])
            typer.echo(crowd_table)
        with serving(settings) as served:
            console.print(f"[dim]{crowd} questions at once from one address, with the limits on[/]")
            limited = asyncio.run(burst(served, crowd))
            typer.echo(table(burst_rows(limited)))
    except WmaiError as error:
        console.print(f"{error.message} {error.remedy}", markup=False)
        raise typer.Exit(1) from error
    if out:
        at = circumstances
        told = (
            f"Measured {at['when']} on commit {at['commit']}: {at['cores']} cores of {at['processor']},"
            f" {at['memory_gib']} GiB, load {at['load']} from other work before it began."
            " Server and readers share the cores."
        )
        values = {
            "circumstances": told, "users": str(users), "minutes": f"{seconds:g} seconds",
            "think": f"{think[0]:g} to {think[1]:g}", "burst": str(crowd),
            "conversations": table(conversation_rows(talked)), "crowd": crowd_table,
            "limits": table(burst_rows(limited)),
        }  # fmt: skip
        out.write_text(TEMPLATE.read_text(encoding="utf-8").format_map(values), encoding="utf-8")
        console.print(f"Written: {out}")
    wrong = errors_of(talked) + fell_over(crowded) + fell_over(limited) + Counter([after.error] if after.error else [])
    if wrong:
        console.print(f"Not as it should be: {dict(wrong)}", markup=False)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(run)
