"""Names of places outside the West Midlands, so that a question about one of them is not answered for another."""

from functools import cache, lru_cache
from importlib.resources import files

from rag.words import tokens

_NAME_WORDS_MAX = 3
_OURS = ("newcastle under lyme",)
"""Places of the region whose names hold the name of one outside it."""


@cache
def _all_places() -> frozenset[str]:
    lines = files("rag").joinpath("elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(" ".join(tokens(line)) for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=4096)
def places_elsewhere(text: str) -> frozenset[str]:
    """Folded names of places outside the region that the text mentions."""
    plain = " ".join(tokens(text))
    for name in _OURS:
        plain = plain.replace(name, "")
    words = plain.split()
    lengths = range(1, _NAME_WORDS_MAX + 1)
    spans = (" ".join(words[start : start + length]) for start in range(len(words)) for length in lengths)
    return _all_places().intersection(spans)
