"""Adding a page is measured as told, on a store as large as told. Nothing is timed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from store_sample import documents

from evals.articles import article, score
from evals.bench.adding import page
from evals.bench.figures import rows
from evals.bench.process import measure
from evals.errors import EvalError
from ingest.sync import index_documents
from rag.config import Settings


def test_a_page_is_added_by_a_server_and_by_a_process_of_its_own(
    new_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    base, held = new_settings("base"), new_settings("held")
    index_documents(base, documents())
    measure("write_store", "adding", {"store": str(base.store), "folder": str(held.store), "count": 20})
    served = measure("server", "adding", {"folder": str(held.store), "pages": 2})
    assert (len(served["seconds"]), len(served["cpu_seconds"])) == (2, 2)
    file = tmp_path / "looms.html"
    file.write_bytes(page(9))
    alone = measure("command", "adding", {"folder": str(held.store), "file": str(file)})
    assert alone["cpu_seconds"] > 0
    # Three pages were added before it.
    assert alone["passages"] > served["passages"] > 20
    lines = rows({"adding": {"server": [served], "command": [alone]}})
    assert [(line.guide.n, line.bar) for line in lines] == [(2, "≤ 2 s"), (2, ""), (1, "≤ 2 s"), (1, "")]


def test_the_article_alone_is_scored_by_the_sets_own_scorer(tmp_path: Path) -> None:
    text = article(page(3))
    assert "workshop 3 of Ludlow" in text
    assert "Home News" not in text
    with pytest.raises(EvalError, match=r"evaluate\.py is missing"):
        score(tmp_path)
