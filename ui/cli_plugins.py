"""Sub-commands that other packages bring: found by name, imported only when called.

A package names them in its entry-point group `wmai.commands`; each is a callable that takes the arguments after
its name as a list and `prog_name`, as typer and click applications do.
"""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

import typer

GROUP = "wmai.commands"
_SUMMARIES = {"eval": "Measure the guide against questions with known answers."}


def add_plugins(app: typer.Typer) -> None:
    """Add every sub-command of the group to `app` without importing any of them."""
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        app.command(
            entry.name,
            help=_SUMMARIES.get(entry.name, f"From {entry.value}."),
            epilog=f"Help: wmai {entry.name} --help",
            add_help_option=False,
            context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
        )(_caller(entry))


def _caller(entry: EntryPoint) -> Callable[[typer.Context], None]:
    def call(context: typer.Context) -> None:
        command = entry.load()
        command(args=list(context.args), prog_name=f"wmai {entry.name}")

    return call
