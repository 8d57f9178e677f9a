"""Serves a model that cannot be exported through sentence-transformers itself: slower, any architecture."""

import hashlib
from collections.abc import Sequence

import numpy as np
from sentence_transformers import SentenceTransformer

from rag.config import Settings
from rag.models import Vectors
from rag.models.export import prefixes, weights_sha256


class TorchEmbedder:
    """The `Embedder` for models with pooling or layers that the export does not cover."""

    def __init__(self, settings: Settings) -> None:
        self._model = SentenceTransformer(settings.embed_model, device="cpu", local_files_only=True)
        self._batch = settings.embed_batch
        self.name = settings.embed_model
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        own = prefixes(self._model)
        self._query_prefix = settings.embed_query_prefix or own["query_prefix"]
        self._passage_prefix = settings.embed_passage_prefix or own["passage_prefix"]
        parts = (weights_sha256(self._model), self._query_prefix, self._passage_prefix)
        self.revision = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `rag.models.Embedder`."""
        return self._embed(self._passage_prefix, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `rag.models.Embedder`."""
        return self._embed(self._query_prefix, texts)

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode(list(texts), prompt=prefix, batch_size=self._batch, normalize_embeddings=True)
        return np.asarray(vectors, dtype=np.float32)

    def token_vectors(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """See `rag.models.Embedder`."""
        matrices = self._model.encode(list(texts), batch_size=self._batch, output_value="token_embeddings")
        found = []
        for matrix in matrices:
            rows = np.asarray(matrix, dtype=np.float32)[1:-1]
            found.append(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12))
        return tuple(found)

    def tokens(self, text: str) -> tuple[str, ...]:
        """See `rag.models.Embedder`."""
        return tuple(self._model.tokenizer.tokenize(text))
