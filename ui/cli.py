"""The `wmai` command: its sub-commands, and the one place where an error becomes a line on standard error.

Nothing here or in the modules it names imports chromadb, torch, gradio or langchain: a command imports what it
needs when it runs, so that `wmai ask` starts in a fraction of a second.
"""

import logging
import sys
from typing import NoReturn

import typer

from rag.errors import ConfigError, InvalidQuestion, UnknownSource, WmaiError
from ui.cli_ask import ask, search
from ui.cli_batch import batch
from ui.cli_doctor import doctor
from ui.cli_index import index
from ui.cli_plugins import add_plugins
from ui.cli_serve import serve
from ui.cli_sources import sources
from ui.mcp_cli import mcp
from ui.staff.command import staff
from ui.terminal import printable
from ui.widget_cli import widget

_WRONG_USAGE = (InvalidQuestion, UnknownSource, ConfigError)
"""Errors that the caller can mend by asking differently: exit code 2."""


def build() -> typer.Typer:
    """The application with all its sub-commands."""
    app = typer.Typer(
        name="wmai",
        help="Ask about the AI sector of the West Midlands and see the passage behind every sentence.",
        epilog="Start with: wmai index, then: wmai ask 'How big is the Midlands Engine Investment Fund II?'",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.command(epilog="Example: wmai ask 'Who funds start-ups in Coventry?' --json")(ask)
    app.command(epilog="Example: wmai batch questions.jsonl -o answers.jsonl")(batch)
    app.command(epilog="Example: wmai search 'autonomous vehicles testbed' -k 5")(search)
    app.command(epilog="Example: wmai index corpus/ --dry-run")(index)
    app.command(epilog="Example: wmai serve --port 8000")(serve)
    app.command(epilog="Example: wmai doctor")(doctor)
    app.command(epilog="Example: wmai mcp --store .wmai")(mcp)
    app.add_typer(widget, name="widget")
    app.add_typer(sources, name="sources")
    app.add_typer(staff, name="staff")
    add_plugins(app)
    return app


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; never returns. Exit code 0 done, 1 failure, 2 wrong usage, 130 interrupted."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        build()(args=arguments, prog_name="wmai")
    except WmaiError as error:
        sys.stderr.write(f"wmai: {printable(str(error))}\n")
        sys.exit(2 if isinstance(error, _WRONG_USAGE) else 1)
    sys.exit(0)


if __name__ == "__main__":
    main()
