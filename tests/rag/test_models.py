"""The embedder is the published model, served faithfully and without PyTorch on the question path."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.config import Settings
from rag.errors import ModelUnavailable
from rag.models import load_embedder
from rag.models.bundled import bundled_folder, check_weights

TEXTS = ["Who funds seed rounds in Coventry?", "Birmingham", "ਕੋਵੈਂਟਰੀ £12.5m 🤖", "long " * 400]


def test_the_bundled_weights_are_the_published_ones() -> None:
    check_weights(bundled_folder())


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ModelUnavailable, match="SHA-256"):
        check_weights(tmp_path)


def test_served_vectors_are_those_of_sentence_transformers(new_settings: Callable[..., Settings]) -> None:
    from sentence_transformers import SentenceTransformer

    wanted = SentenceTransformer(str(bundled_folder()), device="cpu").encode(TEXTS, normalize_embeddings=True)
    found = load_embedder(new_settings()).embed_passages(TEXTS)
    assert found.shape == wanted.shape
    assert (found * wanted).sum(axis=1).min() >= 0.9999


def test_a_batch_gives_what_single_texts_give(new_settings: Callable[..., Settings]) -> None:
    embedder = load_embedder(new_settings())
    together = embedder.embed_queries(TEXTS)
    alone = np.concatenate([embedder.embed_queries([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-5)


def test_token_vectors_belong_to_the_tokens(new_settings: Callable[..., Settings]) -> None:
    embedder = load_embedder(new_settings())
    for text, matrix in zip(TEXTS, embedder.token_vectors(TEXTS), strict=True):
        assert matrix.shape == (len(embedder.tokens(text)), embedder.dimension)
        assert np.allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-5)


def test_a_model_from_a_folder_is_served_too_and_has_another_revision(
    new_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    folder = tmp_path / "other-model"
    shutil.copytree(bundled_folder(), folder)
    (folder / "1_Pooling" / "config.json").write_text(
        '{"word_embedding_dimension": 384, "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}'
    )
    fields = {"embed_model": str(folder)}
    other = load_embedder(Settings.model_validate({"store": tmp_path / "store", **fields}))
    usual = load_embedder(new_settings())
    assert other.revision != usual.revision
    assert not np.allclose(other.embed_queries(TEXTS), usual.embed_queries(TEXTS), atol=1e-2)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate({"store": tmp_path, "embed_model": str(tmp_path / "nowhere")})
    with pytest.raises(ModelUnavailable, match="nowhere"):
        load_embedder(settings)


def test_asking_does_not_import_pytorch(corpus_settings: Settings) -> None:
    code = (
        "import sys\nfrom rag.config import Settings\nfrom rag.pipeline import Pipeline\n"
        f"Pipeline.open(Settings(store={str(corpus_settings.store)!r})).ask('Who heads Minerva?')\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'gradio', 'langchain_core'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
