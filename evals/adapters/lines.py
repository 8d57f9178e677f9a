"""Reading JSONL, plain or gzipped, with a line number in every complaint; and what the public sets have in common."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import SuiteError
from rag.types import Document, Source

RECORDED = "2026-11-22"


class Row(BaseModel):
    """A line of a public set; fields that are not used are let through."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_Row = TypeVar("_Row", bound=Row)


def find(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder, plain or gzipped; None for neither."""
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def open_text(path: Path) -> str:
    """The file's text. Raises SuiteError where it cannot be read as UTF-8, or as gzip where its name says so."""
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return data.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path} cannot be read: {error}.", "Fetch the data set again.") from error


def rows(path: Path, kind: type[_Row]) -> Iterator[_Row]:
    """The lines of a JSONL file as rows. Raises SuiteError with the line's number."""
    for number, line in enumerate(open_text(path).split("\n"), start=1):
        if line.strip():
            try:
                yield kind.model_validate(json.loads(line))
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                place = ".".join(str(part) for part in first["loc"])
                raise SuiteError(f"{path}, line {number}: {place}: {first['msg']}.", "Mend that line.") from error
            except ValueError as error:
                raise SuiteError(f"{path}, line {number} is not JSON: {error}.", "Mend that line.") from error


def document(set_name: str, name: str, title: str, text: str) -> Document:
    """A document of a public set under an id that the store accepts."""
    source = Source(
        id=source_id(name), title=title or name, publisher=set_name, url=f"https://example.org/{source_id(name)}",
        recorded=RECORDED, theme=set_name,
    )  # fmt: skip
    return Document(source=source, text=text)


def source_id(name: str) -> str:
    """The set's own id in lower-case letters, digits and hyphens, with a digest where that changes it."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if plain == name:
        return plain
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".strip("-")


def case_id(name: str) -> str:
    """The set's own id without white space and slashes, which separate turns and file names here."""
    return re.sub(r"[\s/]+", "-", name)
