"""Suites: named sets of cases, and where their documents come from."""

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.cases import Case, cases_digest, read_cases
from evals.errors import SuiteError
from rag.types import Document

FOLDER = Path(__file__).parent
REGISTRY = FOLDER / "suites.toml"
LIST_COMMAND = "Run: wmai eval list"


class SuiteEntry(BaseModel):
    """What suites.toml says of one suite."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    file: str
    split: str | None = None
    kinds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    documents: str | None = None
    """A folder of briefings beside suites.toml, indexed into a store of the suite's own."""
    sources: tuple[str, ...] = ()
    """Sources of the corpus, indexed into a store of the suite's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A figure that others have published for the same data, to stand beside ours."""

    label: str
    values: dict[str, float]
    """By metric name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Cases in their order, and the documents that they are about."""

    name: str
    cases: tuple[Case, ...]
    about: str = ""
    split: str = ""
    documents: tuple[Document, ...] = ()
    """Documents to index into a store of the suite's own; none: it runs on the store that the settings name."""
    folder: Path | None = None
    """A folder of briefings to do the same with."""
    sources: tuple[str, ...] = ()
    """Ids of sources of the corpus to do the same with."""
    published: tuple[Published, ...] = field(default=())

    @property
    def own_store(self) -> bool:
        """True where the suite brings its documents."""
        return bool(self.documents or self.folder or self.sources)

    @property
    def searches_only(self) -> bool:
        """True where no case is to be answered."""
        return all(case.task == "search" for case in self.cases)

    @property
    def digest(self) -> str:
        """Twelve hex digits over the cases and the documents they come with."""
        documents = hashlib.sha256(cases_digest(self.cases).encode())
        for document in self.documents:
            documents.update(f"{document.source.id}\x1f{document.text}\x1e".encode())
        for path in sorted(self.folder.rglob("*.md")) if self.folder else ():
            documents.update(path.read_bytes())
        documents.update("\x1f".join(self.sources).encode())
        return documents.hexdigest()[:12]


def registry() -> dict[str, SuiteEntry]:
    """The suites that come with the project, by name. Raises SuiteError for a suites.toml that does not fit."""
    table = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))
    try:
        return {name: SuiteEntry.model_validate(entry) for name, entry in table.items()}
    except ValidationError as error:
        raise SuiteError(f"{REGISTRY} does not fit: {error.errors()[0]['msg']}.", "Mend that entry.") from error


def load_suite(name: str, split: str | None = None) -> Suite:
    """A suite by name, or from a JSONL file.

    `split` is train, test or all; None takes what the suite names, or all. Raises SuiteError where nothing is left.
    """
    entries = registry()
    if name not in entries:
        if not name.endswith(".jsonl"):
            known = ", ".join(sorted(entries))
            message = f"There is no suite {name!r}; known are {known}, or a file that ends in .jsonl."
            raise SuiteError(message, LIST_COMMAND)
        return keep_split(Suite(name=Path(name).stem, cases=read_cases(Path(name)), about=name), split or "all")
    entry = entries[name]
    cases = _kept(name, entry, read_cases(FOLDER / entry.file))
    folder = FOLDER / entry.documents if entry.documents else None
    suite = Suite(name=name, cases=cases, about=entry.about, folder=folder, sources=entry.sources)
    return keep_split(suite, split or entry.split or "all")


def _kept(name: str, entry: SuiteEntry, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    unknown = set(entry.ids) - {case.id for case in cases}
    if unknown:
        raise SuiteError(f"Suite {name!r} names cases that {entry.file} lacks: {sorted(unknown)}.", "Mend suites.toml.")
    kept = (case for case in cases if not entry.kinds or case.kind in entry.kinds)
    return tuple(case for case in kept if not entry.ids or case.id in entry.ids)


def keep_split(suite: Suite, split: str) -> Suite:
    """The suite's cases of one split, train or test; all keeps every case."""
    if split not in ("train", "test", "all"):
        raise SuiteError(f"There is no split {split!r}; wanted: train, test or all.", LIST_COMMAND)
    cases = suite.cases if split == "all" else tuple(case for case in suite.cases if case.split == split)
    if not cases:
        raise SuiteError(f"Suite {suite.name!r} holds no case of split {split!r}.", "Use --split all.")
    return replace(suite, cases=cases, split=split)
