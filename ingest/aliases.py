"""Which aliases of the vocabulary help a question: those whose name the sources use more often than the alias."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.vocabulary import Organisation, Place, Vocabulary, load_vocabulary
from rag.aliases import Alias, is_abbreviation
from rag.store import Place as HeldPlace
from rag.store.writer import Writer

_KEPT = "aliases places themes"
"""What is taken from the vocabulary: a store that holds less takes it anew."""


def keep_vocabulary(writer: Writer, path: Path) -> None:
    """Bring what the store holds of the vocabulary in step with its texts and the vocabulary's file, if there is one.

    Raises VocabularyError for a file that cannot be used.
    """
    manifest = writer.manifest()
    if manifest is None or not path.is_file():
        return
    made_from = f"{hashlib.sha256(path.read_bytes()).hexdigest()} {manifest.build_id} {_KEPT}"
    if writer.vocabulary_made_from() != made_from:
        vocabulary = load_vocabulary(path)
        places = [HeldPlace(name, place.kind, place.within or "") for name, place in vocabulary.places.items()]
        themes = {folder: theme.label for folder, theme in vocabulary.themes.items()}
        writer.put_vocabulary(useful_aliases(vocabulary, writer.texts()), places, themes, made_from)


def useful_aliases(vocabulary: Vocabulary, texts: Sequence[str]) -> tuple[Alias, ...]:
    """The aliases of organisations and places to write out in questions over these texts, by spelling.

    Left out is an alias that the texts use as often as the name, one that says more than the name ("Birmingham City
    Council" is not just Birmingham), and for places what an organisation is called too (WMCA).
    """
    uses = _Uses(texts)
    chosen: dict[str, Alias | None] = {}
    for name, spelling in _pairs(vocabulary):
        held, named = uses.of(spelling), uses.of(name)
        says_more = f" {_plain(name)} " in f" {_plain(spelling)} "
        alias = Alias(spelling, name, kept=held > 0 and is_abbreviation(spelling))
        chosen.setdefault(_plain(spelling), alias if named > held and not says_more else None)
    return tuple(sorted((alias for alias in chosen.values() if alias), key=lambda alias: alias.spelling))


class _Uses:
    """In how many texts a form stands."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._padded = [f" {_plain(text)} " for text in texts]
        self._holders: dict[str, set[int]] = {}
        for number, text in enumerate(self._padded):
            for word in set(text.split()):
                self._holders.setdefault(word, set()).add(number)

    def of(self, form: str) -> int:
        plain = _plain(form)
        # Only texts with all of its words are looked through.
        numbers = set.intersection(*(self._holders.get(word, set()) for word in plain.split() or [""]))
        return sum(f" {plain} " in self._padded[number] for number in numbers)


def _pairs(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Names with their aliases, each alias that begins with a capital or a figure and is no other entry's name."""
    sections: tuple[Mapping[str, Organisation | Place], ...] = (vocabulary.organisations, vocabulary.places)
    names = {_plain(name) for section in sections for name in section}
    for section in sections:
        for name, entry in section.items():
            yield from ((name, alias) for alias in entry.aliases if _plain(alias) not in names and alias[0].isupper())


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w&'.]+", text.casefold().replace("’", "'")))
