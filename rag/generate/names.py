"""The names in a sentence, and whether a passage holds them. Pure."""

import re

from rag.sentences import STARTERS
from rag.words import STOP_WORDS, tokens

_WORD = re.compile(r"[^\W_]+(?:[.&'’+-][^\W_]+)*")
_JOINING = frozenset({"of", "and", "the", "for", "&", "de", "van"})
_OPENERS = """
    according yes no both each either it's located based launched established since currently additionally furthermore
    moreover overall within while despite among across recently together
"""
_PLAIN = STOP_WORDS | STARTERS | frozenset(_OPENERS.split())
"""Words that begin a sentence with a capital without being a name."""


def names(sentence: str) -> tuple[str, ...]:
    """Runs of capitalised words in order, folded, as token strings; a plain word that begins the sentence is none."""
    found: list[list[str]] = []
    run: list[str] = []
    end = 0
    for match in _WORD.finditer(sentence):
        word = match.group()
        gap = sentence[end : match.start()]
        if run and (gap.strip(" -–/’'&.") or "\n" in gap):
            found.append(run)
            run = []
        end = match.end()
        first = not sentence[: match.start()].strip(" \"'“‘(")
        capital = any(character.isupper() for character in word)
        if (capital and not (first and word.casefold() in _PLAIN)) or (run and word in _JOINING):
            run.append(word)
        elif run:
            found.append(run)
            run = []
    found.append(run)
    return tuple(dict.fromkeys(name for words in found if (name := _trimmed(words))))


def holds_name(passage: str, name: str) -> bool:
    """Whether the passage has the name's words side by side, or, for a list of names, each part of it."""
    said = f" {' '.join(tokens(passage))} "
    if f" {name} " in said:
        return True
    # "Birmingham and Coventry" are two names; "Bank of England" is one, and is not split.
    parts = name.split(" and ")
    return len(parts) > 1 and all(f" {part} " in said for part in parts)


def _trimmed(words: list[str]) -> str:
    """The run without the small words at its end."""
    while words and words[-1] in _JOINING:
        words = words[:-1]
    return " ".join(tokens(" ".join(words)))
