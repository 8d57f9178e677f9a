"""Writes out what people call places and organisations, as the sources write them: Brum, UoB, JLR."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Alias:
    """Another form of a name."""

    spelling: str
    name: str
    """The form that the sources use."""
    kept: bool
    """Whether the sources use the spelling too, so that it is worth searching for beside the name."""


def write_out(text: str, aliases: Iterable[Alias], is_word: Callable[[str], bool]) -> str:
    """The question with its aliases replaced by the names they stand for; the longest one that fits counts.

    An alias in capitals (SCALE, QE) is taken as such in small letters only where `is_word` does not know it as a word
    of the language. A name that the question has already is not written twice.
    """
    table, pattern = _compiled(tuple(aliases))
    if not table:
        return text
    lower = text.casefold()

    def replaced(match: re.Match[str]) -> str:
        found = match.group()
        alias = table[_key(found)]
        if is_abbreviation(alias.spelling) and found != alias.spelling and is_word(found.casefold()):
            return found
        if alias.name.casefold() in lower:
            return found
        return f"{alias.name} ({alias.spelling})" if alias.kept else alias.name

    return pattern.sub(replaced, text)


def is_abbreviation(spelling: str) -> bool:
    """Whether most letters are capitals: JLR, UoB, B-IQ, but not Brum."""
    return sum(letter.isupper() for letter in spelling) * 2 > sum(letter.isalpha() for letter in spelling)


@lru_cache(maxsize=4)
def _compiled(aliases: tuple[Alias, ...]) -> tuple[dict[str, Alias], re.Pattern[str]]:
    """The aliases by folded spelling, and a pattern of all of them and of their names, longest first."""
    table = {_key(alias.spelling): alias for alias in aliases}
    spellings = sorted(table, key=len, reverse=True)
    any_of = "|".join(re.escape(spelling).replace(r"\ ", r"\s+") for spelling in spellings)
    return table, re.compile(rf"(?<![\w@.-])(?:{any_of})(?![\w@-])", re.IGNORECASE)


def _key(spelling: str) -> str:
    return " ".join(spelling.casefold().split())
