"""Mends the spelling of a question against the words that the sources use, and writes out what texters shorten."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from rag.words import STOP_WORDS

SIMILARITY_MIN = 0.75
"""Least share of characters that a repaired word keeps: one slip in four letters, two in eight."""

LENGTH_MIN = 4
"""Shorter words are too near to too many others to repair."""

_SHORTENED = {
    "abt": "about",
    "acording": "according",
    "b": "be",
    "bcos": "because",
    "biz": "business",
    "cos": "because",
    "cud": "could",
    "d": "the",
    "da": "the",
    "gov": "government",
    "govt": "government",
    "hav": "have",
    "hw": "how",
    "info": "information",
    "n": "and",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "r": "are",
    "shud": "should",
    "teh": "the",
    "thru": "through",
    "u": "you",
    "uni": "university",
    "unis": "universities",
    "ur": "your",
    "w": "with",
    "wat": "what",
    "wen": "when",
    "wer": "where",
    "wich": "which",
    "wil": "will",
    "wot": "what",
    "woz": "was",
    "wud": "would",
    "wuz": "was",
    "y": "why",
    "yr": "year",
    "yrs": "years",
    "1st": "first",
    "2nd": "second",
}

_WORD = re.compile(r"(?<![\w@.£$€-])[^\W_]+(?![\w@-])")


def repair(text: str, vocabulary: Mapping[str, int], is_word: Callable[[str], bool]) -> str:
    """The question with its unknown words replaced by the nearest word of the sources, where one is near enough.

    `vocabulary` gives for each lower-case word in how many passages it stands; `is_word` knows the words of the
    language. Those of either stay as they are, as do figures and words with a capital inside (names the sources may
    lack): "boiling" is no slip for "building".
    """
    return _WORD.sub(lambda match: _repair_word(match.group(), vocabulary, is_word), text)


def _repair_word(word: str, vocabulary: Mapping[str, int], is_word: Callable[[str], bool]) -> str:
    lower = word.casefold()
    if lower in _SHORTENED and word == lower:
        return _SHORTENED[lower]
    if len(lower) < LENGTH_MIN or lower in vocabulary or lower in STOP_WORDS or not lower.isalpha():
        return word
    if word[1:] != word[1:].casefold() or not lower.isascii() or _is_form_of_known(lower, vocabulary):
        return word
    if is_word(lower):
        return word
    nearest = process.extract(
        lower, vocabulary.keys(), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=SIMILARITY_MIN, limit=5
    )
    # A slip rarely hits the first letter; among equals the word that more passages use is meant.
    likely = [(score, vocabulary[found], found) for found, score, _ in nearest if found[0] == lower[0]]
    return max(likely)[2] if likely else word


def _is_form_of_known(lower: str, vocabulary: Mapping[str, int]) -> bool:
    """Whether the sources know the word in another number or tense, which the stemmer sees to."""
    endings = ("s", "es", "ed", "d", "ing", "er", "ers", "ly")
    stripped = {lower.removesuffix(ending) for ending in endings}
    return any(form in vocabulary for form in stripped | {lower + "s", lower + "e", lower + "d"})
