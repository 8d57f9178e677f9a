"""The gate after generation: why a sentence of a chat model may not stand. Pure.

What a sentence claims must be in a passage that it cites: its figures, dates, names and negation, and most of its
words. What cannot be checked this way is not let through.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.figures import dates, figures
from rag.generate.names import holds_name, names
from rag.hostile import is_hostile
from rag.sentences import split_sentences
from rag.types import Passage
from rag.words import content_stems, fold, stems

WORDS_MIN = 0.7
"""Least share of a sentence's content words that stand, in any form, in the passages that it cites."""
UNSAFE = re.compile(
    r"://|\bwww\.|\]\(|!\[|<[/!a-z]|\b(?:javascript|data|mailto):|[\w.+-]+@[\w-]+\.\w|\bhttps?\b", re.IGNORECASE
)
"""Links, images and markup: an answer's links come from the sources' records alone."""
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|nobody|nothing|without|cannot|fail(?:s|ed)?|den(?:y|ied|ies)|"
    r"refus(?:e|es|ed)|unable|unlikely|ceased?|stopped|cancel(?:led|s)?|scrapped)\b|n't\b"
)
_BOUND = re.compile(
    r"\b(?:up to|at least|more than|over|less than|fewer than|under|no more than|below|above)\s+(?=[£$€\d])"
)

NO_SOURCE = "It names no source."
MARKUP = "It holds a link or markup, which only the sources' own records may bring."
FIGURE = "It gives a figure that the source it names does not give."
DATE = "It gives a date that the source it names does not give."
NAME = "It names somebody or something that the source it names does not name."
NEGATION = "It denies what the source it names says, or says what that denies."
BOUND = "It leaves out that a figure of the source it names is a limit."
WORDS = "Much of it is not in the source it names."
SUPPORT = "It does not answer the question, as far as the sources go."
INSTRUCTION = "It repeats what the model was told rather than what a source says."
UNFINISHED = "It was cut off."
REASON_CODES = {
    "no_source": NO_SOURCE, "markup": MARKUP, "figure": FIGURE, "date": DATE, "name": NAME, "negation": NEGATION,
    "bound": BOUND, "words": WORDS, "support": SUPPORT, "instruction": INSTRUCTION, "unfinished": UNFINISHED,
}  # fmt: skip
"""Everything that the gate may say of a sentence, for programs and for readers."""
REASONS = tuple(REASON_CODES.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """The words of a passage that a sentence stands on."""

    passage: Passage
    start: int
    """First code point in the passage."""
    end: int


def objection(sentence: str, passages: Sequence[Passage]) -> str:
    """Why the sentence may not stand on these passages, one of REASONS; empty where it may."""
    if UNSAFE.search(sentence):
        return MARKUP
    if is_hostile(sentence):
        return INSTRUCTION
    if not passages:
        return NO_SOURCE
    said = "\n".join(passage.text for passage in passages)
    if figures(sentence) - figures(said):
        return FIGURE
    known = dates(said)
    if any(not any(date.within(other) for other in known) for date in dates(sentence)):
        return DATE
    if any(not any(holds_name(passage.text, name) for passage in passages) for name in names(sentence)):
        return NAME
    return _against_words(sentence, passages, said)


def _against_words(sentence: str, passages: Sequence[Passage], said: str) -> str:
    content = content_stems(sentence)
    if not content or len(content & set(stems(said))) / len(content) < WORDS_MIN:
        return WORDS
    standing = nearest(sentence, passages)
    quote = standing.passage.text[standing.start : standing.end]
    if bool(_NEGATION.search(fold(sentence))) != bool(_NEGATION.search(fold(quote))):
        return NEGATION
    if len(_BOUND.findall(fold(sentence))) < len(_bounds_repeated(sentence, quote)):
        return BOUND
    return ""


def _bounds_repeated(sentence: str, quote: str) -> list[str]:
    """Bounds of the quote whose figures the sentence repeats."""
    plain = fold(quote)
    repeated = figures(sentence)
    return [
        match.group() for match in _BOUND.finditer(plain) if figures(plain[match.end() :].split(" ", 1)[0]) & repeated
    ]


def nearest(sentence: str, passages: Sequence[Passage]) -> Standing:
    """The sentence of the passages that shares most with this one: figures and names count three times."""
    wanted = content_stems(sentence)
    telling = figures(sentence)

    def shared(standing: Standing) -> float:
        text = standing.passage.text[standing.start : standing.end]
        words = content_stems(text)
        weight = float(len(wanted & words) + 3 * len(telling & figures(text)))
        return weight / (1.0 + math.sqrt(len(words)))

    return max(
        (Standing(passage, start, end) for passage in passages for start, end in split_sentences(passage.text)),
        key=shared,
    )
