"""Words of questions and sentences in the form in which they are compared."""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[a-z]*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\W_]+")
"""A figure with its separators and unit letter (12.5m), a word with its apostrophe, or letters and digits mixed."""

_STEMMING = Lock()
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = {ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"'}

_STOP_WORDS = """
    a about again all also am an and any anyone anything are as at be been being but by can could did do does doing
    each for from get gets give given gives go goes going got had has have having he her here hers him his how i if in
    into is it its just know like list many me more most much my name need no nor not of off on one only or other our
    out over own please put said same say says she should show so some someone something such tell than that the their
    them then there these they thing things this those to too under up us used very want was we were what whats when
    where which who whom whos whose why will with would you your yet
"""

STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that carry no content in a question; a question made of them alone asks nothing."""


def fold(text: str) -> str:
    """Text for comparison: NFKC, lower case, plain quotes and hyphens, single spaces."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_QUOTES)
    return " ".join(plain.casefold().split())


def tokens(text: str) -> list[str]:
    """Folded words and figures in order, possessive 's removed."""
    return [token.removesuffix("'s") for token in _TOKEN.findall(fold(text))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter stem, which is also what the full-text index compares."""
    # A stemmer keeps the word it is at in itself: two threads in it at once would take each other's.
    with _STEMMING:
        return str(_stemmer().stemWord(word))


@lru_cache(maxsize=16_384)
def stems(text: str) -> tuple[str, ...]:
    """The stem of every token, in order; kept, because popular sentences are read again and again."""
    return tuple(stem(token) for token in tokens(text))


def is_content(word: str) -> bool:
    """Whether a folded word says what is asked about."""
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())


def content_stems(text: str) -> frozenset[str]:
    """The stems of a text that say what it is about."""
    return frozenset(item for item in stems(text) if is_content(item))


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("porter")
