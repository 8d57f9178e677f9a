"""What a language does to the beginning and the inside of its words, which stems cannot say."""

import re
from collections.abc import Callable
from functools import lru_cache

_LETTERS_MIN = 4
"""Least letters of a mutated word and of a part of a compound; shorter ones come about by chance."""

_MUTATIONS = (
    ("ngh", "c"),
    ("mh", "p"),
    ("nh", "t"),
    ("ch", "c"),
    ("ph", "p"),
    ("th", "t"),
    ("ng", "g"),
    ("dd", "d"),
    ("g", "c"),
    ("b", "p"),
    ("d", "t"),
    ("f", "b"),
    ("f", "m"),
    ("m", "b"),
    ("n", "d"),
    ("l", "ll"),
    ("r", "rh"),
    ("h", ""),
    ("", "g"),
)
"""Initial consonants of Welsh after mutation (soft, nasal, aspirate) and before it: gwmni is cwmni, astudiaeth may be
gastudiaeth without its g."""
_ARTICLES = re.compile(r"^(?:و|ف)?(?:ال|بال|كال|لل)|^[وفبلك](?=...)")
"""Conjunctions, prepositions and the article that Arabic writes together with the word behind them."""
_UMLAUTS = re.compile(r"(?<!e)([aou])e")
"""Umlauts written out, as on a keyboard without them."""
_LINKS = ("", "s", "es", "n", "en", "e")
"""What stands between the parts of a German compound."""


@lru_cache(maxsize=10_000)
def variants(language: str, word: str) -> tuple[str, ...]:
    """The folded word and the forms that it may be a form of, likeliest first."""
    if language == "welsh" and len(word) >= _LETTERS_MIN:
        undone = (root + word.removeprefix(mutated) for mutated, root in _MUTATIONS if word.startswith(mutated))
        return (word, *undone)
    if language == "arabic":
        once = _ARTICLES.sub("", word)
        return tuple(dict.fromkeys((word, once, _ARTICLES.sub("", once))))
    if language == "german":
        return tuple(dict.fromkeys((word, _UMLAUTS.sub(r"\1", word))))
    return (word,)


def parts(language: str, word: str, english_of: Callable[[str], str | None]) -> str | None:
    """English of a German compound, part by part; None for other words and where a part is not known."""
    if language != "german":
        return None
    for at in range(len(word) - _LETTERS_MIN, _LETTERS_MIN - 1, -1):
        last = english_of(word[at:]) or parts(language, word[at:], english_of)
        first = last and _linked(word[:at], english_of)
        if first:
            return f"{first} {last}"
    return None


def _linked(part: str, english_of: Callable[[str], str | None]) -> str | None:
    bare = (part.removesuffix(link) for link in _LINKS if part.endswith(link))
    return next((english for form in bare if len(form) >= _LETTERS_MIN and (english := english_of(form))), None)
