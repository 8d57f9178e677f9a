"""The trained pair reader: whether a sentence answers a question, from both read as one text."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from rag.models.pieces import Pieces, WordPieces

LOWER = "lower"
"""The state after the layers that both readers share: an output of the sentence reader, an input of the pair reader."""


def titled(title: str, sentence: str) -> str:
    """A sentence as the pair reader takes it: behind its source's title."""
    return f"{title}. {sentence}"


class PairReader:
    """Cross-encoder (Nogueira and Cho 2019) whose lower layers are the sentence reader's; see docs/retrieval.md."""

    def __init__(
        self,
        lower: onnxruntime.InferenceSession,
        upper: onnxruntime.InferenceSession,
        pieces: WordPieces,
        tokens_max: int,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._lower = lower
        self._upper = upper
        self._pieces = pieces
        self._tokens_max = tokens_max
        self._pool = pool
        self._shared_only = onnxruntime.RunOptions()
        self._shared_only.only_execute_path_to_fetches = True

    def logits(self, question: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Log-odds that each sentence answers, shape (len(sentences),): not calibrated, comparable across questions."""
        pairs = self._pieces.of_pairs(question, sentences, self._tokens_max)
        return np.array(list(self._pool.map(self._logit, pairs)), dtype=np.float64)

    def _logit(self, pair: Pieces) -> float:
        """One pair at a time: int8 takes its scales from all texts of a batch."""
        ids = np.array([pair], dtype=np.int64)
        mask = np.ones_like(ids)
        inputs = {"input_ids": ids, "attention_mask": mask}
        (state,) = self._lower.run([LOWER], inputs, self._shared_only)
        (logits,) = self._upper.run(None, {LOWER: state, "attention_mask": mask})
        return float(logits[0])
