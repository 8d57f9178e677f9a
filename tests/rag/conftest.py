"""The whole corpus, indexed once and kept between sessions: an unchanged corpus costs half a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import Settings
from rag.pipeline import Pipeline

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def corpus_settings(pytestconfig: pytest.Config, exported_models: Path) -> Settings:
    from ingest.sync import index

    assert pytestconfig.cache is not None
    store = pytestconfig.cache.mkdir("corpus-store")
    if not (store / "models").exists():
        (store / "models").symlink_to(exported_models)
    settings = Settings.model_validate({"store": store, "corpus": CORPUS})
    report = index(settings)
    assert not report.refused
    return settings


@pytest.fixture(scope="session")
def guide(corpus_settings: Settings) -> Iterator[Pipeline]:
    with Pipeline.open(corpus_settings) as opened:
        yield opened
