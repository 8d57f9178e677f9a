"""BM25 over one build from arrays on disk: what FTS5 would answer, in a fraction of its time.

FTS5 in library.db is the truth and takes the changes; a build's postings are compiled from it once, into the build's
own folder, and from then on only read. Terms, statistics and formula are FTS5's own, so ids and scores are equal.
"""

import json
import math
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreBroken
from rag.store.schema import INDEX_COMMAND
from rag.store.words import FULL_TEXT_COLUMNS, FULL_TEXT_TOKENIZER, count_words, quoted

FOLDER = "lexical"
VERSION = 1
COLUMN_WEIGHTS = (1.0, 0.5, 0.25, 0.5)
"""Weights of the columns text, title, publisher and heading."""
K1, B = 1.2, 0.75
"""FTS5's constants; they cannot be set."""
IDF_MIN = 1e-6
"""What FTS5 gives a term that more than half of the rows hold."""

_HEADER = "header.json"
_TEXTS = ("ids", "terms", "words")
_ARRAYS = ("offsets", "rows", "counts", "lengths", "word_counts")

Scores = NDArray[np.float64]


class LexicalIndex:
    """One open folder of postings. Reading is safe from several threads."""

    def __init__(self, texts: Mapping[str, list[str]], arrays: Mapping[str, np.ndarray]) -> None:
        """Use LexicalIndex.open."""
        self._ids = texts["ids"]
        self._rows = {id_: row for row, id_ in enumerate(self._ids)}
        self._terms = {term: number for number, term in enumerate(texts["terms"])}
        self._offsets: NDArray[np.int64] = arrays["offsets"]
        self._postings: NDArray[np.int32] = arrays["rows"]
        self._counts: NDArray[np.float32] = arrays["counts"]
        lengths = np.asarray(arrays["lengths"], np.float64)
        mean = lengths.mean() if len(lengths) else 1.0
        self._damping: Scores = K1 * (1 - B + B * lengths / mean)
        self.vocabulary: dict[str, int] = dict(zip(texts["words"], arrays["word_counts"].tolist(), strict=True))
        """Lower-case words as written, each with the number of passages it stands in; titles and headings count."""

    @classmethod
    def open(cls, folder: Path, build_id: str) -> "LexicalIndex":
        """Open the postings in a build's folder. Raises StoreBroken when they are missing, torn or another build's."""
        place = folder / FOLDER
        try:
            header = json.loads((place / _HEADER).read_text(encoding="utf-8"))
            if (header["version"], header["build_id"]) != (VERSION, build_id):
                raise _broken(place, f"it is version {header['version']} of build {header['build_id']}")
            for name, expected in header["crc32"].items():
                if zlib.crc32((place / name).read_bytes()) != expected:
                    raise _broken(place, f"{name} is damaged")
            texts = {name: _lines((place / f"{name}.txt").read_text(encoding="utf-8")) for name in _TEXTS}
            arrays = {name: np.load(place / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        except (OSError, ValueError, KeyError) as error:
            raise _broken(place, str(error)) from error
        return cls(texts, arrays)

    def frequency(self, word: str, connection: sqlite3.Connection) -> int:
        """In how many passages a word stands, in any of its forms; `connection` as for `search`."""
        terms = terms_of(word)
        if len(terms) > 1:
            return len(_phrase_scores(connection, word))
        number = self._terms.get(terms[0]) if terms else None
        return 0 if number is None else int(self._offsets[number + 1] - self._offsets[number])

    def search(self, words: Sequence[str], limit: int, connection: sqlite3.Connection) -> tuple[tuple[str, float], ...]:
        """Ids of passages that hold any of the words with their BM25 scores, best first; equal ones go by id.

        `connection` reads the same build: words of several terms ("12.5m") are phrases, which FTS5 looks up.
        """
        scores: Scores = np.zeros(len(self._ids))
        for word in words:
            terms = terms_of(word)
            if len(terms) > 1:
                for id_, score in _phrase_scores(connection, word):
                    scores[self._rows[id_]] += score
            elif terms and terms[0] in self._terms:
                self._add(scores, self._terms[terms[0]])
        found = np.flatnonzero(scores)
        if len(found) > limit:
            least = np.partition(scores[found], len(found) - limit)[len(found) - limit]
            found = found[scores[found] >= least]
        # Rows are in the order of ids, and the sort is stable.
        best = found[np.argsort(-scores[found], kind="stable")][:limit]
        return tuple((self._ids[row], float(scores[row])) for row in best)

    def _add(self, scores: Scores, number: int) -> None:
        """One term's share of each passage's score."""
        begin, end = self._offsets[number], self._offsets[number + 1]
        rows, counts = self._postings[begin:end], self._counts[begin:end].astype(np.float64)
        idf = math.log((len(self._ids) - len(rows) + 0.5) / (len(rows) + 0.5))
        scores[rows] += max(idf, IDF_MIN) * (counts * (K1 + 1.0) / (counts + self._damping[rows]))


def write_lexical(connection: sqlite3.Connection, folder: Path, build_id: str) -> None:
    """Compile the full-text index as the connection sees it into the folder of a build that no reader has yet."""
    place = folder / FOLDER
    place.mkdir()
    ids = dict(connection.execute("SELECT number, id FROM passages ORDER BY id"))
    rows = {number: row for row, number in enumerate(ids)}
    lengths = np.zeros(len(ids), np.int32)
    terms, offsets = [], [0]
    postings, counts = [], []
    for term, instances in groupby(_instances(connection), itemgetter(0)):
        held: dict[int, float] = {}
        for _, number, column in instances:
            row = rows[number]
            held[row] = held.get(row, 0.0) + _WEIGHT_OF[column]
            lengths[row] += 1
        terms.append(term)
        postings.append(np.fromiter(held, np.int32, len(held)))
        counts.append(np.fromiter(held.values(), np.float32, len(held)))
        offsets.append(offsets[-1] + len(held))
    texts = connection.execute(f"SELECT {', '.join(FULL_TEXT_COLUMNS)} FROM passages_fts")  # noqa: S608 - constants
    words = count_words("\n".join(text) for text in texts)
    arrays: dict[str, np.ndarray] = {
        "offsets": np.array(offsets, np.int64),
        "rows": np.concatenate(postings) if postings else np.zeros(0, np.int32),
        "counts": np.concatenate(counts) if counts else np.zeros(0, np.float32),
        "lengths": lengths,
        "word_counts": np.fromiter(words.values(), np.int32, len(words)),
    }
    for name, array in arrays.items():
        np.save(place / f"{name}.npy", array)
    for name, lines in zip(_TEXTS, (ids.values(), terms, words), strict=True):
        (place / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    crc32 = {path.name: zlib.crc32(path.read_bytes()) for path in sorted(place.iterdir())}
    header = {"version": VERSION, "build_id": build_id, "crc32": crc32}
    (place / _HEADER).write_text(json.dumps(header, indent=1), encoding="utf-8")


@lru_cache(maxsize=16_384)
def terms_of(word: str) -> tuple[str, ...]:
    """The terms that FTS5 makes of a word, in order: usually one, none of punctuation, several of "12.5m"."""
    return _tokenizer().terms(word)


_WEIGHT_OF = dict(zip(FULL_TEXT_COLUMNS, COLUMN_WEIGHTS, strict=True))


class _Tokenizer:
    """FTS5's own tokenizer, by way of a table in memory that holds one word at a time."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.execute(f"CREATE VIRTUAL TABLE word USING fts5 (text, tokenize = '{FULL_TEXT_TOKENIZER}')")
        self._connection.execute("CREATE VIRTUAL TABLE instance USING fts5vocab (word, instance)")
        self._lock = Lock()

    def terms(self, word: str) -> tuple[str, ...]:
        with self._lock:
            self._connection.execute("INSERT INTO word (rowid, text) VALUES (1, ?)", (word,))
            try:
                # FTS5 ends a query at a NUL character, and `quoted` takes it out there.
                found = self._connection.execute('SELECT term FROM instance ORDER BY "offset"').fetchall()
            finally:
                self._connection.execute("DELETE FROM word")
        return tuple(row[0] for row in found)


@lru_cache(maxsize=1)
def _tokenizer() -> _Tokenizer:
    return _Tokenizer()


def _instances(connection: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """(term, passage number, column) of every word in the full-text index, by term and then by number."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.instances USING fts5vocab (main, passages_fts, instance)"
    )
    yield from connection.execute("SELECT term, doc, col FROM temp.instances")


def _phrase_scores(connection: sqlite3.Connection, word: str) -> list[tuple[str, float]]:
    """Passages that hold the word's terms side by side, with what the phrase adds to their scores."""
    rows = connection.execute(
        "SELECT p.id, -bm25(passages_fts, ?, ?, ?, ?) FROM passages_fts"
        " JOIN passages p ON p.number = passages_fts.rowid WHERE passages_fts MATCH ?",
        (*COLUMN_WEIGHTS, quoted(word)),
    )
    return rows.fetchall()


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _broken(place: Path, reason: str) -> StoreBroken:
    return StoreBroken(f"The word index {place} cannot be used: {reason}.", INDEX_COMMAND)
