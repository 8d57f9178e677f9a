"""Which sentences say the same, so that one is not taught as wrong where the other is right."""

from collections.abc import Sequence

from rag.words import fold

SAME_FACT_OVERLAP = 0.45
"""A sentence this near (Jaccard) to a right one is not used as a wrong one."""


def says_the_same(text: str, good: Sequence[str]) -> bool:
    """Whether the text shares so many words with one of the good ones that it may well be right too."""
    words = set(fold(text).split())
    others = (set(fold(other).split()) for other in good)
    return any(len(words & other) / len(words | other) > SAME_FACT_OVERLAP for other in others)
