"""Any sentence-transformers model can take the bundled one's place, with the prefixes it was trained with."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from store_sample import FACTS, documents

from ingest.sync import index_documents
from rag.config import Settings
from rag.errors import StaleIndex
from rag.models import load_embedder, models_folder
from rag.models.bundled import bundled_folder
from rag.pipeline import Pipeline
from rag.store import Store

QUERY, PASSAGE = "query: ", "passage: "


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes folders of a random model of two layers, with prompts and pooling as told."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import AutoTokenizer, BertConfig, BertModel

    def make(prompts: dict[str, str], pooling: str = "mean") -> Path:
        torch.manual_seed(0)
        plain, folder = (tmp_path_factory.mktemp(name) for name in ("plain", "model"))
        config = BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
        BertModel(config).save_pretrained(plain)
        AutoTokenizer.from_pretrained(bundled_folder()).save_pretrained(plain)
        body = Transformer(str(plain), max_seq_length=64)
        model = SentenceTransformer(
            modules=[body, Pooling(32, pooling_mode=pooling), Normalize()], device="cpu", prompts=prompts
        )
        model.save(str(folder))
        return folder

    return make


def expected(folder: Path, prefix: str, texts: tuple[str, ...]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    return np.asarray(model.encode([prefix + text for text in texts], prompt="", normalize_embeddings=True))


@pytest.mark.parametrize("name", ["passage", "document"])
def test_a_folder_with_prefixes_works_from_index_to_answer(
    name: str, small_model: Callable[..., Path], tmp_path: Path
) -> None:
    folder = small_model({"query": QUERY, name: PASSAGE})
    settings = Settings.model_validate({"store": tmp_path / "store", "embed_model": str(folder)})
    embedder = load_embedder(settings)
    assert embedder.dimension == 32
    assert list(models_folder(settings).glob("*/model.onnx")), "served by ONNX Runtime"
    for found, prefix in ((embedder.embed_queries(FACTS), QUERY), (embedder.embed_passages(FACTS), PASSAGE)):
        assert (found * expected(folder, prefix, FACTS)).sum(axis=1).min() >= 0.9999
    assert (embedder.embed_queries(FACTS) * embedder.embed_passages(FACTS)).sum(axis=1).max() < 0.9999
    index_documents(settings, documents())
    with Pipeline.open(settings) as guide:
        assert guide.store.manifest.embedder_dimension == 32
        assert FACTS[2] in [hit.passage.text for hit in guide.ask("Who trains nurses to read scans in Walsall?").hits]


def test_prefixes_can_be_set_for_a_model_that_names_none(small_model: Callable[..., Path], tmp_path: Path) -> None:
    folder = small_model({})
    plain = Settings.model_validate({"store": tmp_path / "store", "embed_model": str(folder)})
    told = plain.model_copy(update={"embed_query_prefix": QUERY, "embed_passage_prefix": PASSAGE})
    without, embedder = load_embedder(plain), load_embedder(told)
    assert embedder.revision != without.revision
    assert (embedder.embed_queries(FACTS) * expected(folder, QUERY, FACTS)).sum(axis=1).min() >= 0.9999
    assert (embedder.embed_passages(FACTS) * expected(folder, PASSAGE, FACTS)).sum(axis=1).min() >= 0.9999
    assert (without.embed_queries(FACTS) * expected(folder, "", FACTS)).sum(axis=1).min() >= 0.9999
    index_documents(plain, documents(2))
    with pytest.raises(StaleIndex):
        Store.open(told)


def test_a_model_that_cannot_be_exported_is_served_with_its_prefixes_too(
    small_model: Callable[..., Path], tmp_path: Path
) -> None:
    folder = small_model({"query": QUERY, "passage": PASSAGE}, pooling="max")
    settings = Settings.model_validate({"store": tmp_path / "store", "embed_model": str(folder)})
    embedder = load_embedder(settings)
    assert not list(models_folder(settings).glob("*/model.onnx"))
    assert (embedder.embed_queries(FACTS) * expected(folder, QUERY, FACTS)).sum(axis=1).min() >= 0.9999
    assert (embedder.embed_passages(FACTS) * expected(folder, PASSAGE, FACTS)).sum(axis=1).min() >= 0.9999


def test_an_export_that_turns_vectors_away_is_not_used(small_model: Callable[..., Path], tmp_path: Path) -> None:
    """The check compares what ONNX Runtime gives with the model's own vectors: another graph does not pass."""
    import shutil

    from sentence_transformers import SentenceTransformer

    from rag.models.export import COSINE_MIN, Unexportable, compare, export

    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    mean, cls = small_model({}), small_model({}, pooling="cls")
    export(str(mean), one, int8=False)
    export(str(cls), other, int8=False)
    compare(SentenceTransformer(str(mean), device="cpu"), one, COSINE_MIN)
    shutil.copy(other / "model.json", one / "model.json")
    with pytest.raises(Unexportable, match="cosine"):
        compare(SentenceTransformer(str(mean), device="cpu"), one, COSINE_MIN)
    assert not (one / "model.onnx").exists()
