"""Words as the full-text index sees them."""

import re
from collections import Counter
from collections.abc import Iterable

FULL_TEXT_COLUMNS = ("text", "title", "publisher", "heading")
FULL_TEXT_TOKENIZER = "porter unicode61 remove_diacritics 2"
"""Of the table passages_fts."""

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
"""Letters and digits, with an apostrophe inside: what people would call a word."""


def words_of(text: str) -> list[str]:
    """The lower-case words of a text, in order."""
    return [word.lower() for word in WORD.findall(text)]


def quoted(word: str) -> str:
    """The word as an FTS5 string, in which nothing is read as syntax."""
    # SQLite ends the query at a NUL character; the tokenizer would drop it anyway.
    return '"' + word.replace("\0", " ").replace('"', '""') + '"'


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """In how many of the texts each lower-case word stands."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(words_of(text)))
    return dict(counts)
