"""Writes the report of a run and of a comparison."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.compare import Comparison
    from evals.evaluate import Evaluation
    from evals.gate import Verdict


def write_report(path: Path, evaluation: "Evaluation") -> None:
    """Write the page; nothing yet."""


def write_comparison(path: Path, comparison: "Comparison", verdicts: "Sequence[Verdict]") -> None:
    """Write the page; nothing yet."""
