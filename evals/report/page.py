"""Writes the report of a run."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.evaluate import Evaluation


def write_report(path: Path, evaluation: "Evaluation") -> None:
    """Write the page; nothing yet."""
