"""Word pieces as the trained readers take them: one text, or a question and a sentence, cut to a length."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

Pieces = list[int]
"""Ids of a text's word pieces with the special ones around them."""

_LEAST_SENTENCE = 32
"""Word pieces that an over-long question leaves to the sentence it is read with."""


class WordPieces:
    """One vocabulary, some 8 MB, for every length that is asked for."""

    def __init__(self, path: Path) -> None:
        """`path` is a tokenizer.json whose special pieces stand at both ends of a text."""
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def of(self, texts: Sequence[str], tokens_max: int) -> list[Pieces]:
        """Each text's pieces, at most `tokens_max` with the special ones."""
        return [_cut(encoding.ids, tokens_max) for encoding in self._tokenizer.encode_batch(list(texts))]

    def of_pairs(self, question: str, sentences: Sequence[str], tokens_max: int) -> list[Pieces]:
        """The question's pieces followed by each sentence's; what is over `tokens_max` is cut off the sentence."""
        (asked,) = self.of([question], tokens_max - _LEAST_SENTENCE)
        # A sentence's first special piece gives way to the question's last.
        return [asked + pieces[1:] for pieces in self.of(sentences, tokens_max - len(asked) + 1)]


def _cut(ids: Pieces, tokens_max: int) -> Pieces:
    return ids if len(ids) <= tokens_max else [*ids[: tokens_max - 1], ids[-1]]
