"""The postings of one build: compiled from the full-text index, or those of the build before with a run's changes.

FTS5 in library.db is the truth. Compiling reads all of it; patching costs what changed and one pass over arrays, and
gives the same arrays.
"""

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreBroken
from rag.store.schema import INDEX_COMMAND
from rag.store.tokenizer import terms_in
from rag.store.words import FULL_TEXT_COLUMNS, count_words

FOLDER = "lexical"
VERSION = 2
COLUMN_WEIGHTS = (1.0, 0.5, 0.25, 0.5)
"""Weights of the columns text, title, publisher and heading."""

_HEADER = "header.json"
_TEXTS = ("ids", "terms", "words")
_ARRAYS = ("offsets", "rows", "counts", "lengths", "word_counts")
_WEIGHT_OF = dict(zip(FULL_TEXT_COLUMNS, COLUMN_WEIGHTS, strict=True))

Columns = tuple[str, ...]
"""What a passage puts into the full-text index, one text for each of FULL_TEXT_COLUMNS."""


@dataclass(frozen=True, slots=True)
class Postings:
    """In which passages each term stands, and how often."""

    ids: list[str]
    """Of passages, sorted; a row is a place in it."""
    terms: list[str]
    """Sorted."""
    offsets: NDArray[np.int64]
    """The postings of term t are those from offsets[t] to offsets[t + 1]."""
    rows: NDArray[np.int32]
    """Ascending within a term."""
    counts: NDArray[np.float32]
    """How often the term stands in the row, weighted by column."""
    lengths: NDArray[np.int32]
    """Terms in each row."""
    words: dict[str, int]
    """Lower-case words as written, sorted, each with the number of passages that it stands in."""

    @classmethod
    def compiled(cls, connection: sqlite3.Connection) -> Self:
        """From the full-text index as the connection sees it."""
        ids = dict(connection.execute("SELECT number, id FROM passages ORDER BY id"))
        rows = {number: row for row, number in enumerate(ids)}
        lengths = np.zeros(len(ids), np.int32)
        terms: list[str] = []
        keys: list[int] = []
        counts: list[float] = []
        for term, instances in groupby(_instances(connection), itemgetter(0)):
            held: dict[int, float] = {}
            for _, number, column in instances:
                row = rows[number]
                held[row] = held.get(row, 0.0) + _WEIGHT_OF[column]
                lengths[row] += 1
            for row in sorted(held):
                keys.append(len(terms) * len(ids) + row)
                counts.append(held[row])
            terms.append(term)
        texts = connection.execute(f"SELECT {', '.join(FULL_TEXT_COLUMNS)} FROM passages_fts")  # noqa: S608 - constants
        words = count_words("\n".join(text) for text in texts)
        return cls._of(
            list(ids.values()), terms, np.array(keys, np.int64), np.array(counts, np.float32), lengths, words
        )

    def patched(self, gone: Mapping[str, Columns], added: Mapping[str, Columns]) -> Self:
        """Without the passages that are gone and with those that are added, by id; one that changed is in both."""
        ids = sorted((set(self.ids) - gone.keys()) | added.keys())
        place = {id_: row for row, id_ in enumerate(ids)}
        moved = np.array([-1 if id_ in gone else place[id_] for id_ in self.ids], np.int64)
        stay = moved[self.rows] >= 0
        numbers = np.repeat(np.arange(len(self.terms)), np.diff(self.offsets))[stay]
        fresh = {id_: _weighted(columns) for id_, columns in added.items()}
        terms = sorted(
            {self.terms[number] for number in np.unique(numbers)}.union(*(held for held, _ in fresh.values()))
        )
        number_of = {term: number for number, term in enumerate(terms)}
        renumbered = np.array([number_of.get(term, -1) for term in self.terms], np.int64)
        # Rows and terms keep their order, so that the keys that stay are sorted already.
        keys = renumbered[numbers] * len(ids) + moved[self.rows[stay]]
        new = sorted(
            (number_of[term] * len(ids) + place[id_], count)
            for id_, (held, _) in fresh.items()
            for term, count in held.items()
        )
        new_keys = np.array([key for key, _ in new], np.int64)
        at = np.searchsorted(keys, new_keys)
        counts = np.insert(self.counts[stay], at, np.array([count for _, count in new], np.float32))
        lengths = np.zeros(len(ids), np.int32)
        lengths[moved[moved >= 0]] = self.lengths[moved >= 0]
        for id_, (_, length) in fresh.items():
            lengths[place[id_]] = length
        words = Counter(self.words)
        words.subtract(count_words(map("\n".join, gone.values())))
        words.update(count_words(map("\n".join, added.values())))
        return self._of(ids, terms, np.insert(keys, at, new_keys), counts, lengths, words)

    @classmethod
    def _of(
        cls,
        ids: list[str],
        terms: list[str],
        keys: NDArray[np.int64],
        counts: NDArray[np.float32],
        lengths: NDArray[np.int32],
        words: Mapping[str, int],
    ) -> Self:
        """From sorted keys, each the number of a term times the number of rows, plus the row."""
        numbers, rows = np.divmod(keys, max(1, len(ids)))
        offsets = np.searchsorted(numbers, np.arange(len(terms) + 1)).astype(np.int64)
        held = {word: words[word] for word in sorted(words) if words[word]}
        return cls(ids, terms, offsets, rows.astype(np.int32), counts, lengths, held)

    def write(self, folder: Path, build_id: str) -> None:
        """Put them into the folder of a build that no reader has yet."""
        place = folder / FOLDER
        place.mkdir()
        arrays = {name: getattr(self, name) for name in _ARRAYS if name != "word_counts"}
        arrays["word_counts"] = np.fromiter(self.words.values(), np.int32, len(self.words))
        for name, array in arrays.items():
            np.save(place / f"{name}.npy", array)
        for name, lines in zip(_TEXTS, (self.ids, self.terms, self.words), strict=True):
            (place / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
        crc32 = {path.name: zlib.crc32(path.read_bytes()) for path in sorted(place.iterdir())}
        header = {"version": VERSION, "build_id": build_id, "crc32": crc32}
        (place / _HEADER).write_text(json.dumps(header, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, build_id: str) -> Self:
        """Those in a build's folder. Raises StoreBroken when they are missing, torn or another build's."""
        place = folder / FOLDER
        try:
            header = json.loads((place / _HEADER).read_text(encoding="utf-8"))
            if (header["version"], header["build_id"]) != (VERSION, build_id):
                raise _broken(place, f"it is version {header['version']} of build {header['build_id']}")
            for name, expected in header["crc32"].items():
                if zlib.crc32((place / name).read_bytes()) != expected:
                    raise _broken(place, f"{name} is damaged")
            ids, terms, words = (_lines((place / f"{name}.txt").read_text(encoding="utf-8")) for name in _TEXTS)
            arrays = {name: np.load(place / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
            word_counts = arrays.pop("word_counts").tolist()
            return cls(ids=ids, terms=terms, words=dict(zip(words, word_counts, strict=True)), **arrays)
        except (OSError, ValueError, KeyError) as error:
            raise _broken(place, str(error)) from error


def passage_columns(connection: sqlite3.Connection, source_ids: Collection[str]) -> dict[str, Columns]:
    """What the passages of those sources have in the full-text index, by passage id."""
    rows = connection.execute(
        f"SELECT p.id, {', '.join(f'f.{name}' for name in FULL_TEXT_COLUMNS)} FROM passages p"  # noqa: S608 - constants
        " JOIN passages_fts f ON f.rowid = p.number WHERE p.source_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(source_ids)),),
    )
    return {row[0]: row[1:] for row in rows}


def _weighted(columns: Columns) -> tuple[dict[str, float], int]:
    """How often each term stands in a passage, weighted by column, and how many terms it has."""
    held: dict[str, float] = {}
    length = 0
    for text, weight in zip(columns, COLUMN_WEIGHTS, strict=True):
        for term in terms_in(text):
            held[term] = held.get(term, 0.0) + weight
            length += 1
    return held, length


def _instances(connection: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """(term, passage number, column) of every word in the full-text index, by term and then by number."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.instances USING fts5vocab (main, passages_fts, instance)"
    )
    yield from connection.execute("SELECT term, doc, col FROM temp.instances")


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _broken(place: Path, reason: str) -> StoreBroken:
    return StoreBroken(f"The word index {place} cannot be used: {reason}.", INDEX_COMMAND)
