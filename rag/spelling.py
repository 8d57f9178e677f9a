"""Mends the spelling of a question against the words that the sources use, and writes out what texters shorten."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from rag.glossary.table import text_speak
from rag.words import STOP_WORDS

SIMILARITY_MIN = 0.75
"""Least share of characters that a repaired word keeps: one slip in four letters, two in eight."""

LENGTH_MIN = 4
"""Shorter words are too near to too many others to repair."""

_BARE_MIN = 4
"""Least consonants by which a word without vowels is known."""

_WORD = re.compile(r"(?<![\w@.£$€-])[^\W_]+(?![\w@-])")
_VOWELS = re.compile(r"(?<=.)[aeiou]")
"""Those behind the first letter, which texters keep."""

_FIGURE_AS_WORD = re.compile(r"(?<=[a-z] )[42](?= (?P<next>[A-Za-z]\w*))")
_BEFORE_NOUN = frozenset(
    ["a", "an", "any", "each", "it", "me", "my", "our", "that", "the", "their", "this", "ur", "us", "your"]
)
"""Behind a figure they show that it is a word: nobody counts "4 the"."""
_COUNTING = re.compile(
    r"\b(?:what|which|wot|wat|wich|wch|all|and|or|of|the|these|those|its|their|our|top|first|last|next|other|over|under|"
    r"about|around|than|least|most|only|between|in|by|are|were|r|has|have|had|phase|tier|stage|round|part|level|series|"
    r"type|group|wave|year|week|quarter|competition|cohort|number) $",
    re.IGNORECASE,
)
"""What a figure stands behind."""
_COUNTED = re.compile(
    r"(?:hundred|thousand|million|billion|m|bn|k|percent|per|years?|yrs?|months?|weeks?|wks?|days?|hours?|minutes?|"
    r"more|out|of|and|or|in|at|new|different)$",
    re.IGNORECASE,
)
"""What stands behind a figure."""


def repair(text: str, vocabulary: Mapping[str, int], is_word: Callable[[str], bool]) -> str:
    """The question with its unknown words replaced by the nearest word of the sources, where one is near enough.

    `vocabulary` gives for each lower-case word in how many passages it stands; `is_word` knows the words of the
    language. Those of either stay as they are, as do figures and words with a capital inside (names the sources may
    lack): "boiling" is no slip for "building".
    """
    spelt = _figures_written_out(text)
    return _WORD.sub(lambda match: _repair_word(match.group(), vocabulary, is_word), spelt)


def _figures_written_out(text: str) -> str:
    """The question with 4 and 2 as "for" and "to" where they join words: surely before "the", else in text-speak."""
    texting = any(word in text_speak() and not word.isdigit() for word in _WORD.findall(text))

    def written_out(match: re.Match[str]) -> str:
        after, before = match["next"], text[: match.start()]
        counts = _COUNTING.search(before) or _COUNTED.match(after)
        joins = after in _BEFORE_NOUN or (texting and not counts)
        return text_speak()[match.group()] if joins else match.group()

    return _FIGURE_AS_WORD.sub(written_out, text)


def _repair_word(word: str, vocabulary: Mapping[str, int], is_word: Callable[[str], bool]) -> str:
    lower = word.casefold()
    if word == lower and not word.isdigit() and lower in text_speak():
        return text_speak()[lower]
    if lower in vocabulary or lower in STOP_WORDS or not lower.isalpha():
        return word
    if word[1:] != word[1:].casefold() or not lower.isascii() or _is_form_of_known(lower, vocabulary):
        return word
    if is_word(lower):
        return word
    if len(lower) >= _BARE_MIN and not _VOWELS.search(lower):
        same = [known for known in vocabulary if known[0] == lower[0] and _VOWELS.sub("", known) == lower]
        if same:
            return max(same, key=lambda known: vocabulary[known])
    return _nearest(lower, vocabulary) or word if len(lower) >= LENGTH_MIN else word


def _nearest(lower: str, vocabulary: Mapping[str, int]) -> str:
    """The word of the sources that is meant; empty where none is near enough."""
    nearest = process.extract(
        lower, vocabulary.keys(), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=SIMILARITY_MIN, limit=5
    )
    # A slip rarely hits the first letter; among equals the word that more passages use is meant.
    return max(
        ((score, vocabulary[found], found) for found, score, _ in nearest if found[0] == lower[0]), default=[""]
    )[-1]


def _is_form_of_known(lower: str, vocabulary: Mapping[str, int]) -> bool:
    """Whether the sources know the word in another number or tense, which the stemmer sees to."""
    endings = ("s", "es", "ed", "d", "ing", "er", "ers", "ly")
    stripped = {lower.removesuffix(ending) for ending in endings}
    return any(form in vocabulary for form in stripped | {lower + "s", lower + "e", lower + "d"})
