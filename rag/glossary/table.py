"""The glossaries that ship with the guide: one table a language, and one of what texters shorten.

A line gives the forms, separated by commas, a tab, and the English; nothing behind the tab leaves the word out. A star
ends a stem: `firm*` stands for every word that begins so. Lines that begin with # say what the table is for:
`# notice: …` is shown with the answers.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.glossary.forms import parts, variants
from rag.glossary.letters import WORD, folded, script

ENDING_MAX = 7
"""Letters that may follow a stem: the longest endings of Polish and Bengali nouns, not another word."""
PHRASE_MAX = 6
"""Words of the longest phrase."""
_KEY = 2
"""Letters by which entries are found; a stem has at least as many."""
_FORM = re.compile(rf"(?:{WORD.pattern})\*?")
TEXT_SPEAK = "text_speak"


@dataclass(frozen=True, slots=True)
class Form:
    """One word of an entry, folded."""

    text: str
    is_stem: bool
    spelt: str
    """As the table has it, in lower case: "è" is not "e"."""

    def fits(self, word: str) -> bool:
        """Whether a folded word is this form."""
        if not self.is_stem:
            return word == self.text
        return word.startswith(self.text) and len(word) - len(self.text) <= ENDING_MAX


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase of a language and its English."""

    forms: tuple[Form, ...]
    english: str

    def rank(self, words: Sequence[str]) -> tuple[int, int, int, int]:
        """Entries of more words count before others, then whole words before stems, the accents, and length."""
        return (
            len(self.forms),
            sum(not form.is_stem for form in self.forms),
            sum(form.spelt == word.casefold() for form, word in zip(self.forms, words, strict=False)),
            sum(len(form.text) for form in self.forms),
        )


@dataclass(frozen=True, slots=True)
class Match:
    """What a glossary makes of the first words of a text."""

    words: int
    """How many it takes, from 1."""
    english: str
    is_whole: bool
    """Whether every word is in the table as it stands, not by its stem or its parts."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """All entries of one language."""

    language: str
    """Name of the language in English, lower case, which is the name of the file."""
    script: str
    notice: str
    entries: Mapping[str, Sequence[Entry]]
    """By the first word, or by its first letters and a star where it is a stem."""

    def match(self, words: Sequence[str]) -> Match | None:
        """The best entry that the first of these words fit; None where none does."""
        plain = [folded(word) for word in words]
        candidates = [entry for form in variants(self.language, plain[0]) for entry in self._begun_by(form)]
        for entry in sorted(candidates, key=lambda entry: entry.rank(words), reverse=True):
            if len(entry.forms) <= len(words) and self._goes_on(entry, plain):
                return Match(len(entry.forms), entry.english, not any(form.is_stem for form in entry.forms))
        english = parts(self.language, plain[0], self._word)
        return Match(1, english, is_whole=False) if english else None

    def _begun_by(self, word: str) -> Iterator[Entry]:
        """Entries whose first word a folded word fits."""
        yield from self.entries.get(word, ())
        yield from (entry for entry in self.entries.get(_stem_key(word), ()) if entry.forms[0].fits(word))

    def _goes_on(self, entry: Entry, words: Sequence[str]) -> bool:
        """Whether the words after the first fit an entry too."""
        return all(
            any(form.fits(variant) for variant in variants(self.language, word))
            for form, word in zip(entry.forms[1:], words[1:], strict=False)
        )

    def _word(self, word: str) -> str | None:
        """English of one word that stands in the table."""
        single = [entry for entry in self._begun_by(word) if len(entry.forms) == 1]
        return max(single, key=lambda entry: entry.rank([word])).english if single else None


def _stem_key(word: str) -> str:
    return word[:_KEY] + "*"


@cache
def glossaries() -> tuple[Glossary, ...]:
    """Those of all languages, by name."""
    names = sorted(file.name for file in files(__package__).iterdir() if file.name.endswith(".tsv"))
    return tuple(_glossary(name) for name in (name.removesuffix(".tsv") for name in names) if name != TEXT_SPEAK)


@cache
def text_speak() -> Mapping[str, str]:
    """What texters write for English words, lower case."""
    return {form: english for forms, english in _pairs(TEXT_SPEAK) for form in forms}


def _glossary(language: str) -> Glossary:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for forms, english in _pairs(language):
        for form in forms:
            entry = Entry(tuple(map(_form, _FORM.findall(form))), english)
            first = entry.forms[0]
            entries[_stem_key(first.text) if first.is_stem else first.text].append(entry)
    heads = dict(line[1:].strip().split(": ", 1) for line in _lines(language) if line.startswith("#") and ": " in line)
    return Glossary(language, script(heads["notice"]), heads["notice"], entries)


def _form(word: str) -> Form:
    spelt = word.removesuffix("*").casefold()
    return Form(folded(spelt), word.endswith("*"), spelt)


def _pairs(name: str) -> Iterator[tuple[list[str], str]]:
    for line in _lines(name):
        if line and not line.startswith("#"):
            forms, english = line.split("\t")
            yield [form.strip() for form in forms.split(",")], english.strip()


def _lines(name: str) -> list[str]:
    return files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
