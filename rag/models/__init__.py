"""The one door to models. An embedder turns texts into unit vectors; how it is served is decided here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.config import Settings

Vectors = NDArray[np.float32]

EVIDENCE = (
    "match",
    "matched",
    "matched_mean",
    "matched_least",
    "matched_least_three",
    "matched_key",
    "matched_key_least",
    "logit",
)
"""Columns of `sentence_reader.SentenceReader.evidence`: cosine of the whole texts; best cosine of each piece of the
question with the sentence's, weighted by learnt importance, averaged, least, mean of the three least; the mean and the
least of it over the pieces that matter more than the average one; the logit that it was trained on."""


class Embedder(Protocol):
    """Texts in, L2-normalised rows out; safe to call from several threads."""

    @property
    def name(self) -> str:
        """The model as the settings name it."""

    @property
    def revision(self) -> str:
        """Twelve hexadecimal digits of the hash over weights and prefixes: equal means equal vectors."""

    @property
    def dimension(self) -> int:
        """Columns of what it returns."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, shape (len(texts), dimension)."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), dimension)."""

    def token_vectors(self, texts: Sequence[str]) -> tuple[Vectors, ...]:
        """One matrix a text, shape (word pieces without the special ones, dimension), rows L2-normalised."""

    def tokens(self, text: str) -> tuple[str, ...]:
        """The word pieces to which the rows of `token_vectors` belong."""


def load_embedder(settings: Settings) -> Embedder:
    """The embedding model that the settings name, served by ONNX Runtime where it can be exported.

    The first call for a model exports it (some ten seconds, needs PyTorch) into the store's `models` folder;
    later ones load the export and import neither PyTorch nor sentence-transformers.
    Raises ModelUnavailable when the model is not there, does not match its checksum or exports badly.
    """
    # Each of these imports costs tenths of a second or, with PyTorch, several: only what is used is loaded.
    from rag.models.cache import cached_export

    folder = cached_export(settings)
    if folder is None:
        from rag.models.torch_embedder import TorchEmbedder

        return TorchEmbedder(settings)
    from rag.models.onnx_embedder import OnnxEmbedder

    return OnnxEmbedder(folder, settings)


def models_folder(settings: Settings) -> Path:
    """Where exported models are kept; safe to delete, they are made again."""
    return settings.store / "models"
