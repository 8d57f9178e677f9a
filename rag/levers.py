"""Parts of the search that can be switched off one at a time, to measure what each is worth. Nothing else uses them.

A lever is off without anything being fitted anew: what is measured is what the guide as it ships would lose without it.
To add one: name it here, read it where its part works, and list its variant in evals/systems/variants.py.
"""

from enum import StrEnum


class Lever(StrEnum):
    """A part of the search; the values are what `wmai eval` calls them."""

    TYPOS = "typos"
    """Mends the spelling of a question."""
    LANGUAGES = "languages"
    """Renders questions of other languages as English."""
    ALIASES = "aliases"
    """Writes out what people call places and organisations."""
    DENSE = "dense"
    """Puts forward the passages nearest by vector."""
    LEXICAL = "lexical"
    """Puts forward the passages nearest by word."""
    READER = "reader"
    """The neural reader's evidence; it still reads, so its time is still spent, but its word does not count."""
    PAIRS = "pairs"
    """The pair reader's word on whether a sentence answers."""
    RECENCY = "recency"
    """Newer sources first, where the question asks for the latest."""
    PUBLISHER = "publisher"
    """Sources whose publisher the question names first."""


Levers = frozenset[Lever]
"""Those that are off."""

ALL_ON: Levers = frozenset()
