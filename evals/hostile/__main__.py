"""The command line of the hostile run: `python -m evals.hostile`."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from evals.hostile.addresses import Attempt, opened, try_all
from evals.hostile.reading import Reading, files, peak_mb, read_all
from ingest.readers.extracted import Extracted
from ingest.readers.sandbox import Sandbox

CPU_S_MAX = 20.0
MEMORY_MB_MAX = 500.0

Row = tuple[str, str, bool]
"""A figure's name, its value, and whether it is as it should be."""


def file_rows(readings: Sequence[Reading], memory_mb: float) -> list[Row]:
    """What became of the files."""
    slowest = max(readings, key=lambda reading: reading.cpu_s)
    crashed = [reading.name for reading in readings if reading.crashed]
    wrongly = [reading.name for reading in readings if reading.wrongly_read]
    kinds = Counter(type(reading.found).__name__ for reading in readings)
    refused = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common() if kind != Extracted.__name__)
    return [
        ("hostile files", f"{len(readings)}: {kinds[Extracted.__name__]} read, refused {refused}", True),
        ("crashes", _listed(crashed), not crashed),
        ("read though to be refused", _listed(wrongly), not wrongly),
        (
            f"slowest file (at most {CPU_S_MAX:g} s)",
            f"{slowest.cpu_s:.1f} s of processor time ({slowest.name}); "
            f"{max(reading.seconds for reading in readings):.1f} s on the clock",
            slowest.cpu_s <= CPU_S_MAX,
        ),
        (f"most memory (at most {MEMORY_MB_MAX:g} MB)", f"{memory_mb:.0f} MB", memory_mb <= MEMORY_MB_MAX),
    ]


def address_rows(attempts: Sequence[Attempt], knocks: int) -> list[Row]:
    """What became of the addresses."""
    ways = Counter(attempt.way for attempt in attempts)
    dialled = [attempt.url for attempt in attempts if not attempt.refused]
    return [
        ("inside addresses tried", f"{len(attempts)}: {', '.join(f'{n} by {way}' for way, n in ways.items())}", True),
        ("dialled", _listed(dialled), not dialled),
        ("reached", str(knocks), not knocks),
    ]


def run(
    count: Annotated[int, typer.Option("--files", min=1, help="Hostile files to read.")] = 500,
    addresses: Annotated[int, typer.Option(min=1, help="Addresses inside a network to ask for.")] = 900,
) -> None:
    """Read hostile files and ask for inside addresses; exit code 1 where one did what it should not."""
    console = Console(stderr=True)
    console.print(f"[dim]Reading {count} hostile files[/]")
    sandbox = Sandbox()
    try:
        readings = list(read_all(sandbox, files(count)))
    finally:
        sandbox.close()
    rows = file_rows(readings, peak_mb())
    console.print(f"[dim]Asking for {addresses} inside addresses[/]")
    with opened() as doors:
        attempts = list(try_all(doors, addresses))
        rows += address_rows(attempts, doors.knocks)
    for name, value, _ in rows:
        typer.echo(f"{name}: {value}")
    wrong = [name for name, _, right in rows if not right]
    if wrong:
        console.print(f"Not as it should be: {', '.join(wrong)}", markup=False)
        raise typer.Exit(1)


def _listed(names: Sequence[str]) -> str:
    """How many, and which."""
    return f"{len(names)} ({', '.join(names)})" if names else "0"


if __name__ == "__main__":
    typer.run(run)
