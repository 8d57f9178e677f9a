"""Copies of one text under several addresses: found by MinHash, told apart from look-alikes by their figures."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

PERMUTATIONS = 128
SHINGLE_WORDS = 4
SIMILARITY_MIN = 0.75
"""Share of four-word runs in common from which two texts may be one; a new introduction leaves more than this."""
WORDS_MIN = 40
"""Shorter texts are alike by chance."""
_BANDS = 32
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Member:
    """A source among which copies are looked for."""

    signature: bytes
    rank: tuple[str, str]
    """The lowest of a group stands for it: date of publication, then identifier."""


def signature_of(text: str) -> bytes:
    """The MinHash of a text: 512 bytes; empty for one that is too short."""
    words = re.findall(r"\w+", text.casefold())
    if len(words) < WORDS_MIN:
        return b""
    # Imports scipy: only an index run that found something new needs it.
    from datasketch import MinHash

    shingles = {" ".join(words[index : index + SHINGLE_WORDS]) for index in range(len(words) - SHINGLE_WORDS + 1)}
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update_batch([shingle.encode() for shingle in sorted(shingles)])
    return np.asarray(sketch.hashvalues, dtype="<u4").tobytes()


def find_copies(members: Mapping[str, Member], text_of: Callable[[str], str]) -> dict[str, str]:
    """Identifier of each copy to that of the source that stands for it; `text_of` is asked about look-alikes alone."""
    neighbours = _neighbours(members)
    texts: dict[str, str] = {}

    def figures(id_: str) -> frozenset[str]:
        if id_ not in texts:
            texts[id_] = text_of(id_)
        return frozenset(_FIGURE.findall(texts[id_]))

    copies: dict[str, str] = {}
    for id_ in sorted(neighbours, key=lambda id_: members[id_].rank):
        for other in sorted(neighbours[id_], key=lambda id_: members[id_].rank):
            earlier = members[other].rank < members[id_].rank
            if earlier and other not in copies and _same_figures(figures(id_), figures(other)):
                copies[id_] = other
                break
    return copies


def _same_figures(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether neither has a figure that the other lacks: this month's bulletin is no copy of last month's."""
    return one <= other or other <= one


def _neighbours(members: Mapping[str, Member]) -> dict[str, set[str]]:
    """Pairs above SIMILARITY_MIN, found by bands of equal hash values."""
    hashes = {id_: np.frombuffer(member.signature, dtype="<u4") for id_, member in members.items() if member.signature}
    width = 4 * PERMUTATIONS // _BANDS
    buckets: dict[tuple[int, bytes], list[str]] = {}
    found: dict[str, set[str]] = {}
    for id_ in hashes:
        signature = members[id_].signature
        for band in range(_BANDS):
            bucket = buckets.setdefault((band, signature[band * width : (band + 1) * width]), [])
            for other in bucket:
                if other not in found.get(id_, ()) and np.mean(hashes[id_] == hashes[other]) >= SIMILARITY_MIN:
                    found.setdefault(id_, set()).add(other)
                    found.setdefault(other, set()).add(id_)
            bucket.append(id_)
    return found
