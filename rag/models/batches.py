"""Batches of word pieces sorted by length, so that hardly any padding is computed."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Item = TypeVar("Item")


def length_batches(texts: Sequence[Sequence[int]], size: int) -> Iterator[tuple[list[int], Ids, Ids]]:
    """Rows of `texts`, ids of word pieces, shortest first and at most `size` at once, padded, with their mask."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    for begin in range(0, len(order), size):
        rows = order[begin : begin + size]
        length = max(len(texts[row]) for row in rows)
        ids = np.zeros((len(rows), length), dtype=np.int64)
        mask = np.zeros((len(rows), length), dtype=np.int64)
        for index, row in enumerate(rows):
            pieces = texts[row]
            ids[index, : len(pieces)] = pieces
            mask[index, : len(pieces)] = 1
        yield rows, ids, mask


def batched(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """The items in tuples of `size`, the last perhaps shorter; as itertools has it from Python 3.12."""
    while some := tuple(islice(items, size)):
        yield some
