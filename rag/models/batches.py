"""Batches of word pieces sorted by length, so that hardly any padding is computed."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

Ids = NDArray[np.int64]
Item = TypeVar("Item")


def length_batches(encodings: Sequence[Encoding], size: int) -> Iterator[tuple[list[int], Ids, Ids]]:
    """Rows of `encodings`, shortest first and at most `size` at once, with their padded ids and attention mask."""
    order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
    for begin in range(0, len(order), size):
        rows = order[begin : begin + size]
        length = max(len(encodings[row].ids) for row in rows)
        ids = np.zeros((len(rows), length), dtype=np.int64)
        mask = np.zeros((len(rows), length), dtype=np.int64)
        for index, row in enumerate(rows):
            pieces = encodings[row].ids
            ids[index, : len(pieces)] = pieces
            mask[index, : len(pieces)] = 1
        yield rows, ids, mask


def counting(encoding: Encoding) -> NDArray[np.bool_]:
    """Which pieces of a text are its own: not the special ones at its ends."""
    special = np.asarray(encoding.special_tokens_mask, dtype=np.bool_)
    return ~special


def batched(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """The items in tuples of `size`, the last perhaps shorter; as itertools has it from Python 3.12."""
    while some := tuple(islice(items, size)):
        yield some
