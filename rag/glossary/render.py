"""A question of another language as English words in its own order: names, figures and unknown words stay. Pure."""

import re
from collections.abc import Callable
from itertools import pairwise

from rag.glossary.letters import WORD, script, with_plain_digits
from rag.glossary.table import PHRASE_MAX, Glossary

_INSIDE_NAMES = frozenset(["and", "at", "for", "of", "on", "the", "to"])
"""English words that stand in small letters between those of a name: Help to Grow."""
_JOINS = re.compile(r"[\s'’ʼ\u2010-\u2013-]*")
"""What stands between the words of a phrase: spaces, the hyphens of « a-t-il » and the apostrophe of « l'IA »."""
_MARKS = str.maketrans({"¿": "", "¡": "", "«": '"', "»": '"', "„": '"', "؟": "?", "،": ",", "؛": ";", "।": "."})
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_POINT_LANGUAGES = frozenset(["welsh"])
"""Languages of Latin script whose figures have points and commas as English ones."""


def render(text: str, glossary: Glossary, is_english: Callable[[str], bool]) -> str:
    """The question with every word that the glossary has in English, on one line."""
    plain = _figures(with_plain_digits(text), glossary).translate(_MARKS)
    found = list(WORD.finditer(plain))
    pieces = [plain[: found[0].start()]] if found else [plain]
    at = 0
    while at < len(found):
        match = None if _is_name(found, at, is_english) else glossary.match(_phrase(plain, found, at))
        taken, english = (match.words, match.english) if match else (1, found[at].group())
        last = found[at + taken - 1]
        end = found[at + taken].start() if at + taken < len(found) else len(plain)
        between = plain[last.end() : end]
        pieces += [english, " " if match and _JOINS.fullmatch(between) and between else between]
        at += taken
    return _tidy("".join(pieces))


def _figures(text: str, glossary: Glossary) -> str:
    """Figures with English points and commas."""
    if glossary.script != "LATIN" or glossary.language in _POINT_LANGUAGES:
        return text
    return _THOUSANDS.sub(",", _DECIMAL.sub(".", text))


def _phrase(text: str, found: list[re.Match[str]], at: int) -> list[str]:
    """The words from one on that may be a phrase with it."""
    words = [found[at].group()]
    for before, word in pairwise(found[at : at + PHRASE_MAX]):
        if not _JOINS.fullmatch(text[before.end() : word.start()]):
            break
        words.append(word.group())
    return words


def _is_name(found: list[re.Match[str]], at: int, is_english: Callable[[str], bool]) -> bool:
    """Whether a word is an English one in a name: Help to Grow, Clean Futures."""
    word = found[at].group()
    if at == 0 or not word.isascii() or word[0].isdigit() or script(word) != "LATIN":
        return False
    if word in _INSIDE_NAMES and at + 1 < len(found):
        return found[at - 1].group()[0].isupper() and found[at + 1].group()[0].isupper()
    return word[0].isupper() and is_english(word.casefold())


def _tidy(text: str) -> str:
    """Single spaces, none before a mark, and a capital to begin with."""
    line = re.sub(r"\s+([?.,;:!)])", r"\1", " ".join(text.split()))
    return line[:1].upper() + line[1:]
