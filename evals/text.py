"""What the metrics see in a text: whether it holds an alternative, its figures, its names, its words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from evals.cases import Group

_DASHES = re.compile("[‐-―−]")
_SPACES = re.compile(r"\s+")
_MARKERS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Lower case after NFKC, with one kind of dash, quote and space."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return _SPACES.sub(" ", _DASHES.sub("-", text)).lower()


def without_markers(text: str) -> str:
    """The text without its citation markers such as [1] or [1, 2]."""
    return _MARKERS.sub("", text)


@lru_cache(maxsize=4096)
def _pattern(alternative: str) -> re.Pattern[str]:
    pattern = re.escape(alternative)
    if alternative[:1].isdigit():
        pattern = r"(?<!\d)(?<!\d[.,])" + pattern
    if alternative[-1:].isdigit():
        pattern = pattern + r"(?!\d)(?![.,]\d)"
    return re.compile(pattern)


def holds(group: Group, text: str) -> bool:
    """True where the text holds one of the alternatives; a number is not found inside a longer number.

    The rule of the golden set's reference matcher: "120" is not in "120,000".
    """
    normalised = normalise(text)
    return any(_pattern(normalise(alternative)).search(normalised) for alternative in group)


def missing_groups(groups: Sequence[Group], text: str) -> tuple[Group, ...]:
    """The groups of which the text holds no alternative."""
    return tuple(group for group in groups if not holds(group, text))


_FIGURE = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<unit>thousand|million|billion|trillion|bn|mn|[kmb])\b)?"
)
_FACTORS = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12,
}  # fmt: skip


def figures(text: str) -> frozenset[float]:
    """The numbers of a text by value: "£12.5m" and "12.5 million" are both 12500000.0; markers are no numbers.

    Numbers written as words are not read.
    """
    found = set()
    for match in _FIGURE.finditer(normalise(without_markers(text))):
        value = float(match["number"].replace(",", ""))
        found.add(value * _FACTORS.get(match["unit"] or "", 1.0))
    return frozenset(found)


_WORD = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
_COMMON_WORDS = """
a an and are as at be been but by can did do does for from had has have he her his i if in into is it its more no
not of on or our out over own per said she so some such than that the their them then there these they this to
under up was we were what when where which who why will with would you your yes also after before about
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def words(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers, in order, markers left out."""
    return tuple(_WORD.findall(normalise(without_markers(text))))


def content_words(text: str) -> frozenset[str]:
    """Words that carry meaning: no articles, prepositions, pronouns and auxiliaries."""
    return frozenset(words(text)) - _COMMON


def names(text: str) -> frozenset[str]:
    """Words with a capital that do not begin a sentence, in lower case: the names of people, places and bodies."""
    found: set[str] = set()
    plain = without_markers(unicodedata.normalize("NFKC", text)).translate(_QUOTES)
    for sentence in re.split(r"(?<=[.!?:])\s+", plain):
        found.update(word.lower() for word in _WORD.findall(sentence)[1:] if word[0].isupper())
    return frozenset(found) - _COMMON


def share(part: Iterable[str], whole: frozenset[str]) -> float:
    """What share of the words of `part` stand in `whole`, in [0, 1]; 1 for no words at all."""
    wanted = frozenset(part)
    return len(wanted & whole) / len(wanted) if wanted else 1.0
