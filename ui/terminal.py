"""Answers, hits and sources as text for a terminal. Text from documents is data: no markup, no control characters."""

import re
import sys
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rag.types import Answer, Citation, Hit, Source
from ui.dates import date_text, source_notes
from ui.escape import plain

_MARKER = re.compile(r"\[\d+\]")
NEAREST_SHOWN = 3
"""Passages shown under a refusal."""


def out() -> Console:
    """Console on standard output; plain text, unwrapped, where that is no terminal."""
    return Console(file=sys.stdout, soft_wrap=not sys.stdout.isatty(), highlight=False)


def err() -> Console:
    """Console on standard error, for everything that is not the result."""
    return Console(file=sys.stderr, soft_wrap=not sys.stderr.isatty(), highlight=False)


def printable(text: str) -> str:
    """The text without control and direction-override characters, which could rewrite the screen."""
    return plain(text)


def print_answer(answer: Answer, today: date) -> None:
    """The answer with its markers, then the numbered sources; for a refusal the closest passages."""
    console = out()
    text = Text(printable(answer.text))
    text.highlight_regex(_MARKER, "bold cyan")
    console.print(text)
    for citation in answer.citations:
        console.print()
        _print_citation(console, citation, today)
    if not answer.outcome.is_answer and answer.hits:
        console.print()
        console.print(Text("Closest I have (not an answer):", style="bold"))
        for hit in answer.hits[:NEAREST_SHOWN]:
            console.print()
            _print_hit(console, hit, today)
    if answer.suggestions:
        console.print()
        console.print(Text("You could ask:", style="bold"))
        for suggestion in answer.suggestions:
            console.print(Text(f"  {printable(suggestion)}"))


def print_hits(hits: tuple[Hit, ...], today: date) -> None:
    """Found passages, best first, with their scores."""
    console = out()
    for number, hit in enumerate(hits):
        if number:
            console.print()
        _print_hit(console, hit, today)


def _print_citation(console: Console, citation: Citation, today: date) -> None:
    head = Text.assemble((f"[{citation.marker}] ", "bold cyan"), (printable(citation.source.title), "bold"))
    console.print(head)
    _print_source(console, citation.source, today)
    _print_indented(console, f"“{printable(citation.quote)}”", style="italic")


def _print_hit(console: Console, hit: Hit, today: date) -> None:
    head = Text.assemble(
        (f"{hit.rank}. ", "bold"), (printable(hit.source.title), "bold"), (f"  {hit.score:.2f}", "dim")
    )
    console.print(head)
    _print_source(console, hit.source, today)
    _print_indented(console, printable(hit.passage.text))


def _print_source(console: Console, source: Source, today: date) -> None:
    notes = source_notes(source, today)
    about = f"{printable(source.publisher)}, {date_text(source.published)}"
    _print_indented(console, about + (f" ({'; '.join(notes)})" if notes else ""), style="dim")
    _print_indented(console, printable(source.url), style="dim")


def _print_indented(console: Console, text: str, style: str = "") -> None:
    """Four spaces in, also where lines wrap on a terminal."""
    if console.soft_wrap:
        for line in text.splitlines():
            console.print(Text(f"    {line}"))
    else:
        console.print(Padding(Text(text, style=style), (0, 0, 0, 4)))
