"""One briefing: a Markdown file whose front matter describes a source and whose body holds what it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.strict_yaml import StrictYamlError, load
from rag.errors import WmaiError

FENCE = "---"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in one file."""

    file: Path | str
    """Path, or the web address of a page."""
    line: int
    """From 1; 0 where the document has no lines that a person could look up."""
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{where}: {self.problem} {self.remedy}"


class BriefingError(WmaiError):
    """The file is no briefing. `problems` holds all that was found, never empty; the rest is the first of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(f"{first.file}:{first.line}: {first.problem}", first.remedy)
        self.problems = problems
        self.path = first.file
        self.line = first.line
        self.problem = first.problem


def _date(value: str) -> str:
    date.fromisoformat(value if len(value) == 10 else f"{value}-01-01"[:10])
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or re.search(r"\s", value) or "." not in parts.hostname:
        raise ValueError("no web address")
    return value


_TEXT = StringConstraints(min_length=1, strip_whitespace=True)
Text = Annotated[str, _TEXT]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_date)]
AboutDay = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$"), AfterValidator(_date)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://"), AfterValidator(_url)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class FrontMatter(BaseModel):
    """What the head of a briefing says about its source. Each description completes the sentence "Write …"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: SourceId = Field(description="lower-case letters, digits and hyphens, at most 80, the same as the file name")
    title: Text = Field(description="the title of the page, not empty")
    publisher: Text = Field(description="who published it, not empty")
    url: Url = Field(description="the web address of the page, from http:// or https://")
    published: AboutDay | None = Field(
        None, description='a day, month or year such as "2025-10-23", or leave the line out when it is not known'
    )
    recorded: Day = Field(description="the day on which the page was read, such as 2026-11-22")
    status: Literal["open", "closed", "historical"] | None = Field(
        None, description="open, closed or historical, or leave the line out"
    )
    valid_until: AboutDay | None = Field(
        None, description='a day, month or year such as "2026-03-26", or leave the line out'
    )
    topics: tuple[Text, ...] = Field(min_length=1, description="a list of topics from the vocabulary, at least one")
    places: tuple[Text, ...] = Field(min_length=1, description="a list of places from the vocabulary, at least one")
    entities: tuple[Text, ...] = Field((), description="a list of the people and organisations that it names")
    licence: Text = Field(description="the licence of the wording, here Apache-2.0")


@dataclass(frozen=True, slots=True)
class Briefing:
    """A briefing as read from its file."""

    path: Path
    front: FrontMatter
    key_lines: Mapping[str, int]
    """Front matter key → its line in the file, from 1."""
    body: str
    """Everything after the front matter, with \\n line ends."""
    body_line: int
    """Line in the file, from 1, on which `body` begins."""

    @property
    def theme(self) -> str:
        """The folder that the file lies in."""
        return self.path.parent.name


def parse_file(path: Path) -> Briefing:
    """Read one briefing. Raises BriefingError with every problem of its head, OSError where it cannot be read."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"The file is not UTF-8 (byte 0x{data[error.start]:02x})."
        raise BriefingError((Problem(path, line, found, "Save it as UTF-8."),)) from error
    return parse_text(text, path)


def parse_text(text: str, path: Path) -> Briefing:
    """Take apart the text of one briefing; `path` names it in errors. Raises BriefingError."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = _closing_fence(lines, path)
    try:
        value, yaml_lines = load("\n".join(lines[1:end]))
    except StrictYamlError as error:
        found = f"The front matter cannot be read: {error.problem}."
        raise BriefingError((Problem(path, error.line + 1, found, error.remedy),)) from error
    if not isinstance(value, dict):
        found = "The front matter holds no `key: value` lines."
        raise BriefingError((Problem(path, 1, found, "Begin it with `id:` and `title:`; see corpus/README.md."),))
    key_lines = {key: line + 1 for key, line in yaml_lines.items()}
    try:
        front = FrontMatter.model_validate(value)
    except ValidationError as error:
        raise BriefingError(_head_problems(path, error, key_lines)) from error
    return Briefing(path, front, MappingProxyType(key_lines), "\n".join(lines[end + 1 :]), end + 2)


def _closing_fence(lines: list[str], path: Path) -> int:
    """Return the index of the line that closes the front matter."""
    if lines[0].rstrip() != FENCE:
        found = "There is no front matter: the first line is not `---`."
        raise BriefingError((Problem(path, 1, found, "Begin the file with `---`; see corpus/README.md."),))
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return index
    found = "The front matter is not closed."
    raise BriefingError((Problem(path, 1, found, "Put a line `---` between the front matter and the body."),))


def _head_problems(path: Path, error: ValidationError, key_lines: Mapping[str, int]) -> tuple[Problem, ...]:
    """Say each finding of pydantic in words that name the key, what stands there and what is wanted."""
    out: dict[str, Problem] = {}
    for finding in error.errors(include_url=False):
        key = str(finding["loc"][0])
        line = key_lines.get(key, 1)
        field = FrontMatter.model_fields.get(key)
        if field is None:
            known = ", ".join(FrontMatter.model_fields)
            out[key] = Problem(path, line, f"There is no key `{key}`.", f"Keys are: {known}.")
        elif finding["type"] == "missing":
            out[key] = Problem(path, line, f"`{key}` is missing.", f"Write {field.description}.")
        else:
            out[key] = Problem(path, line, f"`{key}` is {_shown(finding['input'])}.", f"Write {field.description}.")
    return tuple(sorted(out.values(), key=lambda problem: problem.line))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
