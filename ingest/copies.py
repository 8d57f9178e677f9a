"""Copies of one text under several addresses: found by MinHash, told apart from look-alikes by their figures."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 128
SHINGLE_WORDS = 4
SIMILARITY_MIN = 0.75
"""Share of four-word runs in common from which two texts may be one; a new introduction leaves more than this."""
WORDS_MIN = 40
"""Shorter texts are alike by chance; of those, only equal ones are copies."""
EQUAL_WORDS_MIN = 12
"""Shorter ones may be equal by chance too, as notices are."""
_BANDS = 32
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Member:
    """A source among which copies are looked for."""

    signature: bytes
    rank: tuple[str, str]
    """The lowest of a group stands for it: date of publication, then identifier."""


def signature_of(text: str) -> bytes:
    """The MinHash of a text, or for a short one its digest: 512 bytes; empty for one that is too short for either."""
    words = re.findall(r"\w+", text.casefold())
    if len(words) < EQUAL_WORDS_MIN:
        return b""
    if len(words) < WORDS_MIN:
        digest = hashlib.sha256(" ".join(words).encode()).digest()
        return digest * (4 * PERMUTATIONS // len(digest))
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
    """Pairs above SIMILARITY_MIN among those whose hash values are equal in one band at least."""
    ids = [id_ for id_, member in members.items() if member.signature]
    hashes = np.frombuffer(b"".join(members[id_].signature for id_ in ids), "<u4").reshape(len(ids), PERMUTATIONS)
    found: dict[str, set[str]] = {}
    for bucket in {bucket for band in np.split(hashes, _BANDS, axis=1) for bucket in _buckets(band)}:
        for one, other in combinations(bucket, 2):
            if ids[other] not in found.get(ids[one], ()) and np.mean(hashes[one] == hashes[other]) >= SIMILARITY_MIN:
                found.setdefault(ids[one], set()).add(ids[other])
                found.setdefault(ids[other], set()).add(ids[one])
    return found


def _buckets(band: NDArray[np.uint32]) -> Iterator[tuple[int, ...]]:
    """Numbers of the rows that are equal, where there are two of them or more."""
    order = np.lexsort(band.T)
    differ = np.any(band[order[1:]] != band[order[:-1]], axis=1)
    edges = np.concatenate(([0], np.flatnonzero(differ) + 1, [len(order)]))
    for at in np.flatnonzero(np.diff(edges) > 1):
        yield tuple(order[edges[at] : edges[at + 1]].tolist())
