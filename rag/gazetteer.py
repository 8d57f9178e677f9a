"""Names of places outside the West Midlands, so that a question about one of them is not answered for another."""

from functools import cache, lru_cache
from importlib.resources import files

from rag.words import tokens


@cache
def _all_places() -> frozenset[str]:
    lines = files("rag").joinpath("elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(" ".join(tokens(line)) for line in lines if line and not line.startswith("#"))


def elsewhere(*texts: str) -> frozenset[str]:
    """Folded names of places outside the region, without those that the texts mention."""
    mentioned = f" {' '.join(tokens(' '.join(texts)))} "
    return frozenset(place for place in _all_places() if f" {place} " not in mentioned)


@lru_cache(maxsize=4096)
def places_elsewhere(text: str) -> frozenset[str]:
    """Folded names of places outside the region that the text mentions."""
    words = tokens(text)
    spans = (" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, start + 4))
    return frozenset(spans) & _all_places()
