"""How far a long run has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Told of stages one after the other; each is begun with its total and then advanced."""

    def begin(self, stage: str, total: int) -> None:
        """A new stage of `total` steps; the one before is over."""

    def advance(self, count: int = 1) -> None:
        """So many steps more are done."""


class Silent:
    """Shows nothing."""

    def begin(self, stage: str, total: int) -> None:
        """See Progress."""

    def advance(self, count: int = 1) -> None:
        """See Progress."""


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar a stage on stderr, with counts, rate and time left; plain lines where stderr is no terminal."""
    # Only a run that draws needs rich.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(TextColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    class Drawn:
        def begin(self, stage: str, total: int) -> None:
            self._task = bars.add_task(stage, total=total)

        def advance(self, count: int = 1) -> None:
            bars.advance(self._task, count)

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(""), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield Drawn()
