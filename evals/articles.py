"""How much of an article is kept and how much else comes with it: `python -m evals.articles FOLDER`.

FOLDER is Zyte's article-extraction-benchmark (MIT), or a part of it with its ground-truth.json, html/*.html.gz and
evaluate.py. The score is the set's own: F1 of mean precision and mean recall over four-word runs.
"""

import gzip
import json
import runpy
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.errors import EvalError
from ingest.readers.document import read_document
from ingest.readers.errors import RefusedSource

BOOTSTRAPS = 1_000


def article(page: bytes) -> str:
    """The text that the guide would index of a page; empty for one that it refuses."""
    try:
        return read_document(page, "page.html", "text/html; charset=utf-8", None, date.today()).text
    except RefusedSource as error:
        sys.stderr.write(f"Refused: {error.message}\n")
        return ""


def score(folder: Path) -> dict[str, Any]:
    """The set's metrics over all of its pages: f1, precision, recall, accuracy in [0, 1], each with its `_std`.

    Raises EvalError where the folder is not the set.
    """
    scorer = folder / "evaluate.py"
    if not scorer.is_file():
        raise EvalError(f"{scorer} is missing.", "Name the folder of the article-extraction-benchmark.")
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    found = {
        key: {"articleBody": article(gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()))}
        for key in truth
    }
    metrics: dict[str, Any] = runpy.run_path(str(scorer))["evaluate"](truth, found, BOOTSTRAPS)
    return {**metrics, "n": len(truth)}


def run(folder: Annotated[Path, typer.Argument(help="Folder of the article-extraction-benchmark.")]) -> None:
    """Print F1, precision and recall of the articles that the guide takes out of the set's pages."""
    try:
        metrics = score(folder)
    except EvalError as error:
        typer.echo(f"{error.message} {error.remedy}", err=True)
        raise typer.Exit(1) from error
    told = (f"{name} {metrics[name]:.3f} ± {metrics[f'{name}_std']:.3f}" for name in ("f1", "precision", "recall"))
    typer.echo(f"{', '.join(told)}, n {metrics['n']}")


if __name__ == "__main__":
    typer.run(run)
