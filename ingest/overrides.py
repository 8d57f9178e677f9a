"""What a person says of a source, in front matter or with --meta: it goes before what the document says itself."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.briefing import AboutDay, SourceId, Text, Url
from ingest.strict_yaml import StrictYamlError, load
from rag.errors import ConfigError
from rag.types import Source

LISTS = ("topics", "places", "entities")
_ALIASES = {"date": "published", "lang": "language", "byline": "author", "site": "publisher", "canonical": "url"}


class Overrides(BaseModel):
    """Every field that may be said; each description completes the sentence "Write …"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: SourceId | None = Field(None, description="lower-case letters, digits and hyphens, at most 80")
    title: Text | None = Field(None, description="the title, not empty")
    publisher: Text | None = Field(None, description="who published it, not empty")
    author: Text | None = Field(None, description="who wrote it, not empty")
    url: Url | None = Field(None, description="a web address from http:// or https://")
    published: AboutDay | None = Field(None, description="a day, month or year such as 2025-10-23")
    valid_until: AboutDay | None = Field(None, description="a day, month or year such as 2026-03-26")
    status: Literal["open", "closed", "historical"] | None = Field(None, description="open, closed or historical")
    language: str | None = Field(
        None, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$", description="a language tag such as en or cy"
    )
    topics: tuple[Text, ...] = Field((), description="topics, apart by semicolons")
    places: tuple[Text, ...] = Field((), description="places, apart by semicolons")
    entities: tuple[Text, ...] = Field((), description="people and organisations, apart by semicolons")
    licence: Text | None = Field(None, description="the licence of the wording")


def read_front_matter(text: str) -> dict[str, str]:
    """The keys that are known, as written; lists joined by semicolons. Other programs' keys are passed over."""
    try:
        value, _ = load(text)
    except StrictYamlError:
        return {}
    found: dict[str, str] = {}
    for key, item in value.items() if isinstance(value, dict) else ():
        name = _ALIASES.get(str(key).lower(), str(key).lower())
        if name in Overrides.model_fields and isinstance(item, str | list) and item:
            parts = [part for part in item if isinstance(part, str)] if isinstance(item, list) else [item]
            found.setdefault(name, "; ".join(parts))
    return found


def checked(given: Mapping[str, str]) -> tuple[Overrides, tuple[str, ...]]:
    """The fields that hold, and a line for each that does not."""
    values = {key: _split(value) if key in LISTS else value for key, value in given.items()}
    problems: list[str] = []
    while True:
        try:
            return Overrides.model_validate(values), tuple(problems)
        except ValidationError as error:
            for key in dict.fromkeys(str(finding["loc"][0]) for finding in error.errors(include_url=False)):
                field = Overrides.model_fields.get(key)
                wanted = f"Write {field.description}." if field else f"Keys are: {', '.join(Overrides.model_fields)}."
                problems.append(f"`{key}` is {str(values.pop(key))[:60]!r}. {wanted}")


def parse_meta(items: Sequence[str]) -> dict[str, str]:
    """The pairs of `--meta key=value`. Raises ConfigError for one that is no pair or says something impossible."""
    given: dict[str, str] = {}
    for item in items:
        key, separator, value = item.partition("=")
        if not separator or not value.strip():
            raise ConfigError(f"--meta {item!r} is not key=value.", "For instance: --meta published=2025-10-23")
        given[key.strip().lower()] = value.strip()
    _, problems = checked(given)
    if problems:
        raise ConfigError(f"--meta: {problems[0]}")
    return given


def said_anew(source: Source, given: Mapping[str, str]) -> dict[str, str]:
    """What a person says of a source that is not so already; what is empty is not said. Raises ConfigError."""
    said = {
        name: value.strip()
        for name, value in given.items()
        if value.strip() and value.strip() != shown(getattr(source, name))
    }
    _, problems = checked(said)
    if problems:
        raise ConfigError(problems[0])
    return said


def shown(value: object) -> str:
    """A field of a source as a form shows it and takes it back."""
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)


def _split(value: str) -> tuple[str, ...]:
    parts = value.split(";") if ";" in value else value.split(",")
    return tuple(part.strip() for part in parts if part.strip())
