"""Serves an exported embedding model through ONNX Runtime: milliseconds a question, no PyTorch."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from rag.config import Settings
from rag.models import Vectors
from rag.models.batches import Ids, batched, length_batches
from rag.models.session import open_session


class OnnxSession:
    """One loaded model. Texts are batched by length, so that hardly any padding is computed."""

    def __init__(self, folder: Path, *, threads: int, batch: int) -> None:
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.dimension: int = facts["dimension"]
        self.query_prefix: str = facts["query_prefix"]
        self.passage_prefix: str = facts["passage_prefix"]
        self._pooling: str = facts["pooling"]
        self._batch = batch
        self._graph = folder / "model.onnx"
        self._threads = threads
        self._session = open_session(self._graph, threads)
        self._inputs = [node.name for node in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(facts["max_tokens"])
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Word pieces of each text, cut at the model's longest input."""
        return list(self._tokenizer.encode_batch(list(texts)))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for rows, hidden, mask in self._run(self.encode(texts)):
            vectors[rows] = self._pool(hidden, mask)
        return _unit(vectors)

    def token_vectors(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """Unit vectors of each text's word pieces, special ones left out."""
        encodings = self.encode(texts)
        matrices: list[Vectors] = [np.zeros((0, self.dimension), np.float32)] * len(encodings)
        for rows, hidden, _ in self._run(encodings):
            for row, matrix in zip(rows, hidden, strict=True):
                own = ~np.asarray(encodings[row].special_tokens_mask, dtype=np.bool_)
                matrices[row] = _unit(matrix[: len(own)][own])
        return tuple(matrices)

    def _run(self, encodings: Sequence[Encoding]) -> Iterator[tuple[list[int], Vectors, Vectors]]:
        """Batches of (rows, last hidden state, attention mask), shortest texts first."""
        batches = length_batches([encoding.ids for encoding in encodings], self._batch)
        if len(encodings) <= self._batch:
            for rows, ids, mask in batches:
                yield rows, self._hidden(self._session, ids, mask), mask.astype(np.float32)
            return
        # Threads with a batch each do more than threads that share one; only so many batches are made at once.
        with ThreadPoolExecutor(self._threads) as pool:
            for some in batched(batches, 4 * self._threads):
                hidden = pool.map(lambda batch: self._hidden(self._bulk, batch[1], batch[2]), some)
                for (rows, _, mask), states in zip(some, hidden, strict=True):
                    yield rows, states, mask.astype(np.float32)

    @cached_property
    def _bulk(self) -> onnxruntime.InferenceSession:
        """For many texts: opened by the first index run, never where only questions are embedded."""
        return open_session(self._graph, threads=1)

    def _hidden(self, session: onnxruntime.InferenceSession, ids: Ids, mask: Ids) -> Vectors:
        values = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = session.run(None, {name: values[name] for name in self._inputs})
        return np.asarray(hidden, dtype=np.float32)

    def _pool(self, hidden: Vectors, mask: Vectors) -> Vectors:
        if self._pooling == "cls":
            return np.asarray(hidden[:, 0], dtype=np.float32)
        weights = mask[:, :, None]
        mean: Vectors = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        return mean


class OnnxEmbedder:
    """The `Embedder` that the guide uses wherever the model could be exported."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._session = OnnxSession(folder, threads=settings.embed_threads, batch=settings.embed_batch)
        self.name = settings.embed_model
        self.dimension = self._session.dimension
        self._query_prefix = settings.embed_query_prefix or self._session.query_prefix
        self._passage_prefix = settings.embed_passage_prefix or self._session.passage_prefix
        self.revision = _revision(folder, settings)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `rag.models.Embedder`."""
        return self._session.embed([self._passage_prefix + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `rag.models.Embedder`."""
        return self._session.embed([self._query_prefix + text for text in texts])

    def token_vectors(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """See `rag.models.Embedder`."""
        return self._session.token_vectors(texts)

    def tokens(self, text: str) -> tuple[str, ...]:
        """See `rag.models.Embedder`."""
        (encoding,) = self._session.encode([text])
        pairs = zip(encoding.tokens, encoding.special_tokens_mask, strict=True)
        return tuple(token for token, special in pairs if not special)


def _revision(folder: Path, settings: Settings) -> str:
    """Hash over all that decides the vectors: weights, pooling, prefixes and, by the folder's name, int8."""
    parts = (folder / "model.json").read_text(encoding="utf-8") + folder.name
    parts += settings.embed_query_prefix + settings.embed_passage_prefix
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Vectors = vectors / np.maximum(norms, np.float32(1e-12))
    return units
