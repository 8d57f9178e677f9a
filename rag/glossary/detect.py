"""Which language a question is in, where it is one with a glossary and not English. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.glossary.letters import WORD, script
from rag.glossary.table import PHRASE_MAX, Glossary, Match
from rag.words import STOP_WORDS

_LATIN = "LATIN"
_SHORT_WORDS = 3
"""A question of so few words is in a language when all of them are and one is not English: "Bonjour"."""
_SURE_WORDS = 2
"""So many words of one language and not of English make it sure where one of them only joins others: "wo", "les"."""
_BARE_WORDS = 3
"""So many do where none joins others, as in search words."""
_KNOWN_MIN = 0.3
"""Least share of a question's words that are the language's; text with fewer is in one without a glossary."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How many of the words that are no names are what; a word counts in one of the first four."""

    foreign: int = 0
    """Of the language and not of English."""
    shared: int = 0
    """Of both."""
    english: int = 0
    """English words that join others, and not of the language."""
    other: int = 0
    """Of neither, or content words of English, which may be a name in small letters."""
    joining: int = 0
    """Those of `foreign` that join others, as they stand in the glossary."""
    whole: int = 0
    """Those of `foreign` that stand in the glossary as they are."""

    def convinces(self) -> bool:
        total = self.foreign + self.shared + self.english + self.other
        if self.joining and self.foreign >= _SURE_WORDS:
            return self.foreign > self.english and self.foreign + self.shared >= _KNOWN_MIN * total
        if self.whole and self.foreign >= _BARE_WORDS:
            return self.english == 0 and self.foreign > self.other
        if self.english or self.other:
            return False
        return self.foreign >= _SURE_WORDS or (self.whole > 0 and total <= _SHORT_WORDS)


def detect(text: str, glossaries: Sequence[Glossary], is_english: Callable[[str], bool]) -> Glossary | None:
    """The glossary of the question's language; None for English and for what no glossary knows.

    `is_english` knows lower-case words of English.
    """
    words = [word for word in WORD.findall(text) if not word[0].isdigit()]
    scripts = {script(word) for word in words}
    best: tuple[int, int, Glossary] | None = None
    for glossary in glossaries:
        if glossary.script not in scripts:
            continue
        evidence = _evidence(words, glossary, is_english)
        if evidence.convinces() and (best is None or (evidence.foreign, evidence.shared) > best[:2]):
            best = evidence.foreign, evidence.shared, glossary
    return best[2] if best else None


def _evidence(words: Sequence[str], glossary: Glossary, is_english: Callable[[str], bool]) -> _Evidence:
    counts: Counter[str] = Counter()
    shout = all(word.isupper() for word in words)
    at = 0
    while at < len(words):
        match = glossary.match(words[at : at + PHRASE_MAX])
        taken = match.words if match else 1
        for place, word in enumerate(words[at : at + taken], start=at):
            # A capital inside a question makes a name, which may be of any language.
            if shout or not place or not word[0].isupper():
                counts.update(_kinds(word, match, glossary, is_english))
        at += taken
    return _Evidence(**counts)


def _kinds(word: str, match: Match | None, glossary: Glossary, is_english: Callable[[str], bool]) -> Iterator[str]:
    """What one word is evidence of, as fields of _Evidence."""
    lower = word.casefold()
    if glossary.script != _LATIN and script(word) == _LATIN:
        yield "other"
    elif match is None:
        yield "english" if lower in STOP_WORDS else "other"
    elif is_english(lower):
        yield "shared"
    elif len(word) > 1 or not word.isascii():
        # One Latin letter says nothing: texters write English with them.
        yield "foreign"
        if match.is_whole:
            yield "whole"
            if not match.english or match.english.split()[0] in STOP_WORDS:
                yield "joining"
