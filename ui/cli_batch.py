"""`wmai batch`: many questions in one process, written whole or not at all."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rag.errors import InvalidQuestion
from rag.types import Answer, Outcome
from rag.wire import answer_to_json
from ui.options import StoreOption, load_settings
from ui.requests import BatchLine
from ui.terminal import err, printable

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

BAD_LINES_SHOWN = 20


def batch(
    file: Annotated[
        str, typer.Argument(metavar="FILE.jsonl", help="Questions, one JSON object a line; - reads standard input.")
    ],
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="OUT.jsonl", help="Answers, one a line; - writes to standard output."),
    ],
    store: StoreOption = None,
) -> None:
    """Answer every question of a JSON Lines file.

    Each line is {"id", "question", "history"?}; each line written is {"id", ...Answer}, in the same order. A line
    that cannot be read stops the run before anything is written, with its number (exit code 2). A question that
    cannot be used (empty, too long) is written with outcome "error" and the run ends with exit code 1.
    """
    lines = _read(file)
    settings = load_settings(store=store)
    target = None if output == "-" else _target(output, file)
    from rag.pipeline import Pipeline

    with Pipeline.open(settings) as pipeline, _writer(target) as sink:
        failed = _answer_all(pipeline, lines, sink)
    if failed:
        raise typer.Exit(1)


def _answer_all(pipeline: "Pipeline", lines: tuple[BatchLine, ...], sink: IO[str]) -> int:
    """Write an answer for each line as it comes; returns how many ended in an error."""
    failed = 0
    console = err()
    columns = (TextColumn("Answering"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        for line in progress.track(lines, total=len(lines)):
            answer = _answer(pipeline, line)
            if answer.outcome is Outcome.ERROR:
                failed += 1
                console.print(f"Question {line.id!r}: {printable(answer.text)}", markup=False)
            sink.write(json.dumps({"id": line.id, **answer_to_json(answer)}, ensure_ascii=False) + "\n")
            sink.flush()
    return failed


def _answer(pipeline: "Pipeline", line: BatchLine) -> Answer:
    """One answer; a question that cannot be used becomes an answer of outcome `error`, which counts as failed."""
    try:
        return pipeline.ask(line.question, line.turns())
    except InvalidQuestion as error:
        return Answer(
            question=line.question,
            standalone_question=line.question,
            outcome=Outcome.ERROR,
            reason="invalid_question",
            text=str(error),
            timings_ms={"condense": 0.0, "retrieve": 0.0, "answer": 0.0, "total": 0.0},
            answerer="none",
            index_build=pipeline.store.build_id,
        )


def _read(file: str) -> tuple[BatchLine, ...]:
    """All lines of the file; any that cannot be read are named together and end the run with exit code 2."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"Cannot read {file}: {error.strerror}.") from error
    lines: list[BatchLine] = []
    problems: list[str] = []
    seen: dict[str | int, int] = {}
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            line = BatchLine.model_validate(json.loads(raw.decode("utf-8")))
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors())
            problems.append(f"line {number}: {wrong}")
        except UnicodeDecodeError as error:
            problems.append(f"line {number}: not UTF-8 at byte {error.start}")
        except (json.JSONDecodeError, RecursionError) as error:
            problems.append(f"line {number}: not JSON ({error})")
        else:
            if line.id in seen:
                problems.append(f"line {number}: id {line.id!r} is already used on line {seen[line.id]}")
            seen.setdefault(line.id, number)
            lines.append(line)
    if problems:
        more = f"; and {len(problems) - BAD_LINES_SHOWN} more" if len(problems) > BAD_LINES_SHOWN else ""
        listed = "; ".join(problems[:BAD_LINES_SHOWN])
        raise typer.BadParameter(f"{file}: {listed}{more}. Nothing was written.")
    return tuple(lines)


def _target(output: str, file: str) -> Path:
    """The file to write, checked before any question is answered."""
    target = Path(output)
    if not target.parent.is_dir():
        raise typer.BadParameter(f"The folder {target.parent} for {output} does not exist.")
    if target.is_dir():
        raise typer.BadParameter(f"{output} is a folder; name a file.")
    if file != "-" and target.exists() and target.samefile(file):
        raise typer.BadParameter(f"{output} is the file that holds the questions; name another.")
    return target


@contextmanager
def _writer(target: Path | None) -> Iterator[IO[str]]:
    """A stream whose content appears under `target` only when all of it is there; None is standard output."""
    if target is None:
        yield sys.stdout
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as sink:
            yield sink
            sink.flush()
            os.fsync(sink.fileno())
        # mkstemp makes files that only their owner may read; the result gets what any new file would get.
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
