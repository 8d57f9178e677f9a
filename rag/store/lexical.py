"""BM25 over the postings of one build: what FTS5 would answer, in a fraction of its time.

Terms, statistics and formula are FTS5's own, so ids and scores are equal.
"""

import math
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.store.postings import COLUMN_WEIGHTS, Postings
from rag.store.scored import Scored
from rag.store.tokenizer import terms_of
from rag.store.words import quoted

K1, B = 1.2, 0.75
"""FTS5's constants; they cannot be set."""
IDF_MIN = 1e-6
"""What FTS5 gives a term that more than half of the rows hold."""

Scores = NDArray[np.float64]


class LexicalIndex:
    """The words of one build. Reading is safe from several threads."""

    def __init__(self, postings: Postings) -> None:
        """Over postings that do not change."""
        self._postings = postings
        self._rows = {id_: row for row, id_ in enumerate(postings.ids)}
        self._terms = {term: number for number, term in enumerate(postings.terms)}
        lengths = np.asarray(postings.lengths, np.float64)
        mean = lengths.mean() if len(lengths) else 1.0
        self._damping: Scores = K1 * (1 - B + B * lengths / mean)
        self.vocabulary: dict[str, int] = postings.words
        """Lower-case words as written, each with the number of passages it stands in; titles and headings count."""

    @classmethod
    def open(cls, folder: Path, build_id: str) -> Self:
        """Open the postings in a build's folder. Raises StoreBroken when they are missing, torn or another build's."""
        return cls(Postings.read(folder, build_id))

    def frequency(self, word: str, connection: sqlite3.Connection) -> int:
        """In how many passages a word stands, in any of its forms; `connection` as for `search`."""
        terms = terms_of(word)
        if len(terms) > 1:
            return len(_phrase_scores(connection, word))
        number = self._terms.get(terms[0]) if terms else None
        return 0 if number is None else int(self._postings.offsets[number + 1] - self._postings.offsets[number])

    def search(self, words: Sequence[str], limit: int, connection: sqlite3.Connection) -> Scored:
        """Ids of passages that hold any of the words with their BM25 scores, best first; equal ones go by id.

        `connection` reads the same build: words of several terms ("12.5m") are phrases, which FTS5 looks up.
        """
        scores: Scores = np.zeros(len(self._postings.ids))
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
        return tuple((self._postings.ids[row], float(scores[row])) for row in best)

    def _add(self, scores: Scores, number: int) -> None:
        """One term's share of each passage's score."""
        begin, end = self._postings.offsets[number], self._postings.offsets[number + 1]
        rows, counts = self._postings.rows[begin:end], self._postings.counts[begin:end].astype(np.float64)
        idf = math.log((len(self._postings.ids) - len(rows) + 0.5) / (len(rows) + 0.5))
        scores[rows] += max(idf, IDF_MIN) * (counts * (K1 + 1.0) / (counts + self._damping[rows]))


def _phrase_scores(connection: sqlite3.Connection, word: str) -> list[tuple[str, float]]:
    """Passages that hold the word's terms side by side, with what the phrase adds to their scores."""
    rows = connection.execute(
        "SELECT p.id, -bm25(passages_fts, ?, ?, ?, ?) FROM passages_fts"
        " JOIN passages p ON p.number = passages_fts.rowid WHERE passages_fts MATCH ?",
        (*COLUMN_WEIGHTS, quoted(word)),
    )
    return rows.fetchall()
