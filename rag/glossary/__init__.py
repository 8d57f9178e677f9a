"""Questions in other languages, rendered word by word as English, because the sources and all that reads them are."""

from collections.abc import Mapping
from dataclasses import dataclass

from rag.glossary.detect import detect
from rag.glossary.render import render
from rag.glossary.table import glossaries
from rag.words import STOP_WORDS

_PASSAGES_MIN = 2
"""A word that fewer passages use is no evidence of English: names and quoted titles hold foreign words."""


_GREETINGS = frozenset(["hi", "ho", "yo"])
"""English words that the sources have no use for and other languages have."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as English words."""

    text: str
    language: str = ""
    """Name of the language it was asked in, lower case; empty for English and for those that no glossary knows."""
    notice: str = ""
    """Says in that language that the answer is in English; empty for English."""


def understand(text: str, vocabulary: Mapping[str, int]) -> Understood:
    """The question rendered as English where it is in a language with a glossary; as it stands otherwise.

    `vocabulary` gives for each lower-case word of the sources in how many passages it stands.
    """

    def is_english(word: str) -> bool:
        return word in STOP_WORDS or word in _GREETINGS or vocabulary.get(word, 0) >= _PASSAGES_MIN

    glossary = detect(text, glossaries(), is_english)
    if glossary is None:
        return Understood(text)
    return Understood(render(text, glossary, is_english), glossary.language, glossary.notice)
