"""The trained reader: how well each sentence matches a question, as a whole and word piece by word piece."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from rag.errors import ModelUnavailable
from rag.models import EVIDENCE, Vectors
from rag.models.batches import Ids, length_batches
from rag.models.bundled import bundled_folder, file_sha256
from rag.models.pair_reader import PairReader
from rag.models.pieces import Pieces, WordPieces
from rag.models.session import open_session

WEIGHTS = Path(str(files("rag.models").joinpath("weights")))
"""The networks that the package ships; `reader.json` beside them has their SHA-256 and the lengths of their inputs."""

READER_FILE, PAIRS_FILE, RECORD_FILE = "reader.onnx", "pairs.onnx", "reader.json"
"""In that folder."""

_BATCH = 1
"""int8 takes its scales from all texts of a batch: alone, a sentence scores alike whatever is read beside it."""

_OUTPUTS = ("mean", "pieces", "importance")
"""What is read of the network; its state after the shared layers is the pair reader's."""

_KEPT = 2_048
"""Sentences whose encoding is kept, some 25 MB: a small corpus is soon read from memory alone."""

_INT8_MAX = 127


class Encoded(NamedTuple):
    """Of one text of t word pieces, d dimensions each."""

    mean: Vectors
    """Shape (d,), unit length."""
    rounded: NDArray[np.int8]
    """Its pieces in eight bits, shape (t, d)."""
    steps: Vectors
    """What a 1 in each row of `rounded` stands for, shape (t, 1)."""
    importance: Vectors
    """Shape (t,): logits."""

    @classmethod
    def of(cls, mean: Vectors, pieces: Vectors, importance: Vectors) -> "Encoded":
        """Rounds the pieces, whose rows have unit length: a cosine of two of them changes by some 0.001."""
        steps = np.abs(pieces).max(axis=1, keepdims=True) / np.float32(_INT8_MAX)
        return cls(mean, np.rint(pieces / steps).astype(np.int8), steps, importance)

    @property
    def pieces(self) -> Vectors:
        """Shape (t, d)."""
        return self.rounded.astype(np.float32) * self.steps


class SentenceReader:
    """Late interaction (ColBERT, Khattab and Zaharia 2020) over a fine-tuned MiniLM in int8; see docs/retrieval.md."""

    def __init__(self, threads: int, folder: Path = WEIGHTS) -> None:
        """Raises ModelUnavailable when the weights are not those that the folder's record names."""
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        # A sentence is too short to be worth sharing out: each thread reads one of its own.
        self._session, upper = (
            _checked_session(folder / name, record["sha256"][name]) for name in (READER_FILE, PAIRS_FILE)
        )
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")
        self._scales: tuple[float, float] = tuple(record["scales"])
        self._kept: OrderedDict[str, Encoded] = OrderedDict()
        self._lock = Lock()
        self._pieces = WordPieces(bundled_folder() / "tokenizer.json")
        self._question_tokens: int = record["question_tokens"]
        self._sentence_tokens: int = record["sentence_tokens"]
        self.pairs = PairReader(self._session, upper, self._pieces, record["pair_tokens"], self._pool)

    def evidence(self, question: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """One row a sentence, shape (len(sentences), len(EVIDENCE)); cosines in [-1, 1]."""
        rows = np.zeros((len(sentences), len(EVIDENCE)))
        (asked,) = self._encode([question], self._question_tokens)
        pieces = asked.pieces
        weights = np.exp(asked.importance - asked.importance.max())
        weights /= weights.sum()
        key = weights >= weights.mean()
        for row, read in enumerate(self._sentence_encodings(sentences)):
            best = (pieces @ read.pieces.T).max(axis=1)
            match, matched = float(read.mean @ asked.mean), float(best @ weights)
            logit = self._scales[0] * match + self._scales[1] * matched
            least = np.sort(best)[:3]
            rows[row] = match, matched, best.mean(), least[0], least.mean(), best[key].mean(), best[key].min(), logit
        return rows

    def _sentence_encodings(self, sentences: Sequence[str]) -> list[Encoded]:
        """Encodings of the sentences, those that were read lately from memory."""
        wanted = list(dict.fromkeys(sentences))
        with self._lock:
            found = {text: self._kept[text] for text in wanted if text in self._kept}
        unknown = [text for text in wanted if text not in found]
        found |= zip(unknown, self._encode(unknown, self._sentence_tokens), strict=True)
        with self._lock:
            for text in wanted:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return [found[text] for text in sentences]

    def _encode(self, texts: Sequence[str], tokens_max: int) -> list[Encoded]:
        pieced = self._pieces.of(texts, tokens_max)
        encoded: dict[int, Encoded] = {}
        batches = list(length_batches(pieced, _BATCH))
        read = self._pool.map(lambda batch: self._session.run(_OUTPUTS, _inputs(*batch)), batches)
        for (rows, _, _), outputs in zip(batches, read, strict=True):
            for row, mean, pieces, importance in zip(rows, *outputs, strict=True):
                own = _own(pieced[row])
                # Rounded whether it is kept or not, so that a sentence scores alike either way.
                encoded[row] = Encoded.of(mean, pieces[own], importance[own])
        return [encoded[row] for row in range(len(texts))]


def _inputs(_rows: list[int], ids: Ids, mask: Ids) -> dict[str, Ids]:
    return {"input_ids": ids, "attention_mask": mask}


def _checked_session(path: Path, sha256: str) -> onnxruntime.InferenceSession:
    found = file_sha256(path)
    if found != sha256:
        message = f"The weights {path.name} have SHA-256 {found}, expected {sha256}."
        raise ModelUnavailable(message, "Run: git checkout -- rag/models/weights")
    return open_session(path, threads=1)


def _own(pieces: Pieces) -> slice:
    """The pieces between the special ones; of a text that has none its first, as it still has to be compared."""
    return slice(1, len(pieces) - 1) if len(pieces) > 2 else slice(0, 1)
