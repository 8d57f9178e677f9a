"""The folder of one run: what it was made with, its records, its scores, its figures."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.agreement import Agreement
from evals.calibration import Calibration
from evals.cases import Case, parse_cases
from evals.errors import RunError
from evals.figures import Figure
from evals.provenance import digest_of
from evals.records import write_lines
from evals.run import RECORDS, SOURCES
from evals.suites import Published, Suite

RUN = "run.json"
CASES = "cases.jsonl"
SCORES = "scores.jsonl"
SUMMARY = "summary.json"
MARKDOWN = "summary.md"
REPORT = "report.html"
DEFAULT_PARENT = Path("evals/runs")
BASELINES = Path("evals/baselines")
SAME = ("commit", "changes", "systems", "settings_digest", "index", "suite")
"""What must be equal for a stopped run to go on."""

Json = dict[str, Any]

__all__ = ["CASES", "MARKDOWN", "RECORDS", "REPORT", "RUN", "SCORES", "SOURCES", "SUMMARY"]


def now() -> str:
    """UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def stamp(suite: Suite, provenance: Mapping[str, object]) -> Json:
    """What run.json begins with."""
    about = {"name": suite.name, "split": suite.split, "digest": suite.digest, "cases": len(suite.cases)}
    published = [asdict(one) for one in suite.published]
    return {**provenance, "suite": about, "published": published, "started": now(), "finished": None}


def read_run(folder: Path) -> Json:
    """What the run was made with. Raises RunError where the folder holds no run."""
    path = folder / RUN
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(f"{folder} holds no run ({RUN}: {error.strerror}).", "Run: wmai eval run --out DIR") from error
    except ValueError as error:
        raise RunError(f"{path} is not JSON: {error}.", "Run the suite again into another folder.") from error
    if not isinstance(found, dict) or "suite" not in found:
        raise RunError(f"{path} describes no run.", "Run the suite again into another folder.")
    return found


def finished_run(folder: Path) -> Json:
    """As read_run, and raises RunError for a run that was stopped."""
    run = read_run(folder)
    if not run.get("finished"):
        raise RunError(f"The run in {folder} was stopped before its end.", "Run the same command again to finish it.")
    return run


def write_json(path: Path, value: object) -> None:
    """Write JSON whole, sorted as it stands."""
    write_lines(path, [json.dumps(value, indent=1, ensure_ascii=False)])


def is_done(folder: Path, made_with: Json) -> bool:
    """True where the folder holds this very run, finished."""
    if not (folder / RUN).exists():
        return False
    held = read_run(folder)
    return bool(held.get("finished")) and not _differing(held, made_with)


def begin(folder: Path, suite: Suite, made_with: Json) -> Json:
    """Take the folder for this run, or take up the stopped run in it; returns its stamp.

    Raises RunError, and leaves the folder as it is, where it holds a finished run, another run or something else.
    """
    if not (folder / RUN).exists():
        if folder.exists() and any(folder.iterdir()):
            raise RunError(f"{folder} is not empty and holds no run.", "Name another folder with --out.")
        folder.mkdir(parents=True, exist_ok=True)
        write_lines(folder / CASES, (case.model_dump_json(exclude_defaults=True) for case in suite.cases))
        write_json(folder / RUN, made_with)
        return made_with
    held = read_run(folder)
    if held.get("finished"):
        remedy = "Name another folder with --out, or score it again: wmai eval report DIR"
        raise RunError(f"{folder} already holds a finished run.", remedy)
    differing = _differing(held, made_with)
    if differing:
        message = f"{folder} holds a stopped run with another {' and '.join(differing)}."
        raise RunError(message, "Finish it as it was begun, or name another folder with --out.")
    return held


def _differing(held: Json, made_with: Json) -> list[str]:
    return [name for name in SAME if digest_of(held.get(name)) != digest_of(made_with[name])]


def remove_run(folder: Path) -> None:
    """Remove a run, whether finished or not. Raises RunError where the folder holds something else; none is fine."""
    if folder.exists():
        read_run(folder)
        shutil.rmtree(folder)


def keep_baseline(folder: Path, parent: Path = BASELINES) -> Path:
    """Copy what a comparison needs of a finished run, and its table, to be committed as the baseline of its suite.

    Where it went: SUITE, or SUITE/SPLIT where the run is over a split. Raises RunError for a run that is not finished.
    """
    suite = finished_run(folder)["suite"]
    kept = parent / str(suite["name"]) / (str(suite["split"]) if suite["split"] in ("train", "test") else "")
    kept.mkdir(parents=True, exist_ok=True)
    for name in (RUN, SCORES, MARKDOWN):
        shutil.copyfile(folder / name, kept / name)
    return kept


def finish(folder: Path, held: Json) -> Json:
    """Mark the run as finished."""
    done = {**held, "finished": now()}
    write_json(folder / RUN, done)
    return done


def run_cases_of(folder: Path) -> tuple[Case, ...]:
    """The cases that the run was made over."""
    return parse_cases((folder / CASES).read_text(encoding="utf-8"), str(folder / CASES))


def published_of(run: Json) -> tuple[Published, ...]:
    """Figures that others published for the suite."""
    return tuple(Published(label=one["label"], values=one["values"]) for one in run.get("published", ()))


def default_folder(suite: Suite, systems: tuple[str, ...], made_with: Json) -> Path:
    """The first of NAME, NAME-2, NAME-3 … that is free or holds this very run, stopped, so that it is taken up."""
    name = "-".join(part for part in (suite.name, suite.split if suite.split != "all" else "", *systems) if part)
    number = 1
    while True:
        folder = DEFAULT_PARENT / (name if number == 1 else f"{name}-{number}")
        if not folder.exists() or _stopped_same(folder, made_with):
            return folder
        number += 1


def _stopped_same(folder: Path, made_with: Json) -> bool:
    if not (folder / RUN).exists():
        return False
    held = read_run(folder)
    return not held.get("finished") and not _differing(held, made_with)


def summary_json(
    run: Json, figures: tuple[Figure, ...], stated: tuple[Calibration, ...], agreements: tuple[Agreement, ...]
) -> Json:
    """The figures of a run with what it was made with."""
    return {
        "run": run,
        "figures": [asdict(figure) for figure in figures],
        "calibrations": [asdict(calibration) for calibration in stated],
        "agreements": [asdict(agreement) for agreement in agreements],
    }


def heading(run: Json) -> str:
    """What a table of this run is called."""
    suite = run["suite"]
    split = f", {suite['split']} split" if suite["split"] not in ("", "all") else ""
    return f"{suite['name']}{split}: {suite['cases']} cases"
