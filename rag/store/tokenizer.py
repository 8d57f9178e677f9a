"""The terms that the full-text index makes of a text: FTS5's own tokenizer, lent out."""

import sqlite3
from functools import lru_cache
from threading import Lock

from rag.store.words import FULL_TEXT_TOKENIZER


@lru_cache(maxsize=16_384)
def terms_of(word: str) -> tuple[str, ...]:
    """The terms of a word, in order: usually one, none of punctuation, several of "12.5m"."""
    return terms_in(word)


def terms_in(text: str) -> tuple[str, ...]:
    """The terms of a whole text, in order; what is asked for once is not kept."""
    return _tokenizer().terms(text)


class _Tokenizer:
    """A table in memory that holds one text at a time."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.execute(f"CREATE VIRTUAL TABLE held USING fts5 (text, tokenize = '{FULL_TEXT_TOKENIZER}')")
        self._connection.execute("CREATE VIRTUAL TABLE instance USING fts5vocab (held, instance)")
        self._lock = Lock()

    def terms(self, text: str) -> tuple[str, ...]:
        with self._lock:
            self._connection.execute("INSERT INTO held (rowid, text) VALUES (1, ?)", (text,))
            try:
                found = self._connection.execute('SELECT term FROM instance ORDER BY "offset"').fetchall()
            finally:
                self._connection.execute("DELETE FROM held")
        return tuple(row[0] for row in found)


@lru_cache(maxsize=1)
def _tokenizer() -> _Tokenizer:
    return _Tokenizer()
