"""The controlled vocabulary: themes, topics, places and organisations, and what else people call them."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ingest.strict_yaml import StrictYamlError, load
from rag.errors import WmaiError

Kind = Literal["council", "county", "district", "town", "site", "region", "elsewhere"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class VocabularyError(WmaiError):
    """The vocabulary file is missing, unreadable or contradicts itself."""


class UnknownTermError(WmaiError):
    """A topic, place, organisation or theme that the vocabulary does not hold."""

    def __init__(self, section: str, term: str, nearest: tuple[str, ...]) -> None:
        hint = f"Nearest: {', '.join(nearest)}. " if nearest else ""
        super().__init__(
            f"{term!r} is not among the {section} of the vocabulary.",
            f"{hint}Use one of those, or add it to corpus/vocabulary.yaml.",
        )
        self.section = section
        self.term = term
        self.nearest = nearest


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    aliases: tuple[Name, ...] = ()


class Theme(_Entry):
    """A folder of the corpus."""

    label: Name


class Topic(_Entry):
    """What a source is about."""

    label: Name
    theme: Slug | None = None


class Place(_Entry):
    """Where a source is about; `wmca` marks the seven councils of the Combined Authority."""

    kind: Kind
    within: Name | None = None
    wmca: bool = False


class Organisation(_Entry):
    """Who a source is about."""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    themes: dict[Slug, Theme]
    topics: dict[Slug, Topic]
    places: dict[Name, Place]
    organisations: dict[Name, Organisation]


def term_key(term: str) -> str:
    """Fold what does not tell two terms apart: letter case, spaces, hyphens, `&`, curly apostrophes."""
    return re.sub(r"[\s\-_]+", "", term.casefold().replace("&", " and ").replace("’", "'"))


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary as loaded; every lookup ignores case, spaces and hyphens."""

    themes: Mapping[str, Theme]
    topics: Mapping[str, Topic]
    places: Mapping[str, Place]
    organisations: Mapping[str, Organisation]
    _index: Mapping[str, Mapping[str, str]] = field(repr=False)
    """Section → folded spelling → canonical term."""

    def canonical_topic(self, term: str) -> str:
        """Return the topic that `term` spells, such as `ai-adoption` for `AI adoption`. Raises UnknownTermError."""
        return self._canonical("topics", term)

    def canonical_place(self, term: str) -> str:
        """Return the place that `term` spells, such as `Birmingham` for `Brum`. Raises UnknownTermError."""
        return self._canonical("places", term)

    def canonical_organisation(self, term: str) -> str:
        """Return the organisation that `term` spells: `Jaguar Land Rover` for `JLR`. Raises UnknownTermError."""
        return self._canonical("organisations", term)

    def wmca_councils(self) -> tuple[str, ...]:
        """Return the councils of the West Midlands Combined Authority in alphabetical order."""
        return tuple(sorted(name for name, place in self.places.items() if place.wmca))

    def words(self) -> frozenset[str]:
        """Return every word of two letters or more in any spelling, in lower case."""
        spellings: list[str] = []
        for section in (self.topics, self.places, self.organisations):
            for name, entry in section.items():
                spellings += [name, *entry.aliases]
        return frozenset(re.findall(r"[a-z]{2,}", " ".join(spellings).casefold()))

    def _canonical(self, section: str, term: str) -> str:
        known = self._index[section]
        found = known.get(term_key(term))
        if found is None:
            close = difflib.get_close_matches(term_key(term), known, n=3, cutoff=0.6)
            raise UnknownTermError(section, term, tuple(dict.fromkeys(known[key] for key in close)))
        return found


def load_vocabulary(path: Path) -> Vocabulary:
    """Read vocabulary.yaml. Raises VocabularyError naming the entry where it is missing, unreadable or inconsistent."""
    try:
        value, _ = load(path.read_text(encoding="utf-8"))
        file = _File.model_validate(value)
    except FileNotFoundError as error:
        raise VocabularyError(f"There is no vocabulary at {path}.", "Restore corpus/vocabulary.yaml.") from error
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path} is not UTF-8.", "Save it as UTF-8.") from error
    except StrictYamlError as error:
        raise VocabularyError(f"{path}:{error.line}: {error.problem}.", error.remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " › ".join(str(part) for part in first["loc"])
        raise VocabularyError(f"{path}: {where}: {first['msg']}.", "Mend that entry; see corpus/README.md.") from error
    _check_links(path, file)
    return Vocabulary(
        themes=MappingProxyType(file.themes),
        topics=MappingProxyType(file.topics),
        places=MappingProxyType(file.places),
        organisations=MappingProxyType(file.organisations),
        _index=MappingProxyType(
            {
                "topics": _index(path, "topics", file.topics.items()),
                "places": _index(path, "places", file.places.items()),
                "organisations": _index(path, "organisations", file.organisations.items()),
            }
        ),
    )


def _index(path: Path, section: str, entries: Iterable[tuple[str, _Entry]]) -> Mapping[str, str]:
    out: dict[str, str] = {}
    for name, entry in entries:
        for spelling in (name, *entry.aliases):
            other = out.setdefault(term_key(spelling), name)
            if other != name:
                raise VocabularyError(
                    f"{path}: {section}: {spelling!r} stands for both {other!r} and {name!r}.",
                    "Leave it with one of the two.",
                )
    return MappingProxyType(out)


def _check_links(path: Path, file: _File) -> None:
    """See that each topic's theme and each place's surroundings exist, and that no place lies within itself."""
    for name, topic in file.topics.items():
        if topic.theme is not None and topic.theme not in file.themes:
            raise VocabularyError(f"{path}: topics: {name}: there is no theme {topic.theme!r}.", "Name a theme.")
    for name, place in file.places.items():
        if place.wmca and place.kind != "council":
            raise VocabularyError(f"{path}: places: {name}: `wmca` is for councils.", "Set `kind: council`.")
        seen, here = {name}, place.within
        while here is not None:
            if here not in file.places or here in seen:
                raise VocabularyError(
                    f"{path}: places: {name}: it cannot lie within {here!r}.", "Name a larger place of the list."
                )
            seen.add(here)
            here = file.places[here].within
