import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from store_dump import assert_same_store, found

from ingest.sync import index, remove_sources, restore_sources
from rag.config import Settings
from rag.errors import UnknownSource
from rag.store import Store

Write = Callable[..., Path]
Make = Callable[..., Settings]

SEED = "The Falcon seed fund invests up to £1m in Coventry.\nIt has backed twelve firms."
LOAN = "The Heron loan scheme lends £50,000 to firms in Dudley."


def test_a_first_run_indexes_and_a_second_does_nothing(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    write_briefing("loan", LOAN)
    first = index(settings)
    assert first.plan.added == ("loan", "seed")
    assert (first.sources, first.passages, first.sentences, first.embedded) == (2, 2, 3, 5)
    written = {path: path.stat().st_mtime_ns for path in settings.store.rglob("*") if path.is_file()}
    second = index(settings)
    assert second.plan.is_empty
    assert second.plan.unchanged == ("loan", "seed")
    assert (second.embedded, second.published, second.build_id) == (0, False, first.build_id)
    later = {path: path.stat().st_mtime_ns for path in settings.store.rglob("*") if path.is_file()}
    assert {path.name for path in later if later[path] != written.get(path)} <= {"index.lock", "library.db-shm"}


def test_a_run_without_changes_loads_no_model_and_no_chroma(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    index(settings)
    code = f"""
        import sys
        from pathlib import Path
        from ingest.sync import index
        from rag.config import Settings
        settings = Settings(store=Path({str(settings.store)!r}), corpus=Path({str(settings.corpus)!r}))
        assert not index(settings).published
        heavy = {{"torch", "onnxruntime", "chromadb", "sentence_transformers", "langchain_core", "transformers"}}
        assert not heavy & set(sys.modules), heavy & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def test_what_changed_shrank_or_went_leaves_nothing_stale(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    loan = write_briefing("loan", LOAN)
    index(settings)
    write_briefing("seed", "The Falcon seed fund is closed.")
    loan.unlink()
    report = index(settings)
    assert report.plan.changed == ("seed",)
    assert report.plan.removed == ("loan",)
    assert report.embedded == 2
    assert found(settings, "twelve") == found(settings, "Heron") == set()
    assert found(settings, "Falcon") == {"seed"}
    with Store.open(settings) as store:
        assert [source.id for source in store.sources()] == ["seed"]
        assert store.passage_count == len(store.source_passages("seed")) == 1
        with pytest.raises(UnknownSource):
            store.source_text("loan")
    assert_fresh(settings, new_settings)


def assert_fresh(settings: Settings, new_settings: Make) -> None:
    """Fail unless the store equals one that is built of the same corpus from nothing."""
    fresh = new_settings("fresh")
    index(fresh)
    assert_same_store(settings, fresh)


def test_a_renamed_source_costs_no_embedding(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("loan", LOAN)
    write_briefing("seed", SEED, title="Falcon").unlink()
    write_briefing("old-name", SEED, title="Falcon")
    index(settings)
    (settings.corpus / "funding" / "old-name.md").unlink()
    write_briefing("new-name", SEED, title="Falcon")
    report = index(settings)
    assert report.plan.renamed == (("old-name", "new-name"),)
    assert report.embedded == 0
    assert report.published
    assert found(settings, "Falcon") == {"new-name"}
    assert_fresh(settings, new_settings)


def test_metadata_alone_is_a_change(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    index(settings)
    write_briefing("seed", SEED, publisher="Another Press")
    report = index(settings)
    assert report.plan.changed == ("seed",)
    assert report.embedded == 1
    assert found(settings, "another") == {"seed"}
    assert_fresh(settings, new_settings)


def test_going_back_gives_the_build_id_back(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    first = index(settings)
    write_briefing("seed", LOAN)
    second = index(settings)
    write_briefing("seed", SEED)
    third = index(settings)
    assert first.build_id == third.build_id != second.build_id
    assert_fresh(settings, new_settings)


def test_many_small_changes_end_where_one_run_does(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    for number in range(12):
        write_briefing(f"source-{number}", f"Firm number {number} makes robots in Telford.")
    index(settings)
    for number in range(0, 12, 5):
        write_briefing(f"source-{number}", f"Firm number {number} now makes drones in Stafford.")
        assert index(settings).plan.changed == (f"source-{number}",)
    assert_fresh(settings, new_settings)


def test_a_named_file_is_added_and_the_rest_stays(new_settings: Make, write_briefing: Write, tmp_path: Path) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    index(settings)
    extra = write_briefing("extra", LOAN, folder=tmp_path / "elsewhere")
    report = index(settings, [extra])
    assert report.plan.added == ("extra",)
    assert not report.plan.removed
    assert found(settings, "Heron") == {"extra"}
    # A run without a path knows the file, and follows it.
    assert index(settings).plan.is_empty
    write_briefing("extra", "The Heron scheme is over.", folder=tmp_path / "elsewhere")
    assert index(settings).plan.changed == ("extra",)
    extra.unlink()
    assert index(settings).plan.removed == ("extra",)


def test_a_named_folder_is_brought_in_step_alone(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    gone = write_briefing("loan", LOAN)
    policy = write_briefing("plan", "The plan for growth was published in July 2025.", theme="policy")
    index(settings)
    gone.unlink()
    policy.unlink()
    report = index(settings, [settings.corpus / "funding"])
    assert report.plan.removed == ("loan",)
    assert found(settings, "growth") == {"plan"}
    assert index(settings).plan.removed == ("plan",)


def test_a_corpus_that_moved_is_followed(new_settings: Make, write_briefing: Write, tmp_path: Path) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    loan = write_briefing("loan", LOAN)
    index(settings)
    loan.unlink()
    settings.corpus.rename(tmp_path / "moved")
    report = index(settings.model_copy(update={"corpus": tmp_path / "moved"}))
    assert report.plan.removed == ("loan",)
    assert report.plan.unchanged == ("seed",)


def test_other_chunks_are_cut_by_the_same_command(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", "\n".join(f"Sentence {number} tells of the Falcon seed fund." for number in range(12)))
    index(settings)
    smaller = new_settings(chunk_tokens=32)
    report = index(smaller)
    assert report.plan.is_empty
    assert report.published
    assert report.passages > 2
    fresh = new_settings("fresh", chunk_tokens=32)
    index(fresh)
    assert_same_store(smaller, fresh)


def test_a_removed_source_stays_out_until_it_is_restored(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    write_briefing("loan", LOAN)
    index(settings)
    with pytest.raises(UnknownSource):
        remove_sources(settings, ["nobody"])
    first = remove_sources(settings, ["loan"])
    assert (first.sources, first.passages) == (1, 1)
    assert found(settings, "Heron") == set()
    assert found(settings, "Falcon") == {"seed"}
    write_briefing("loan", "The Heron scheme has other terms now.")
    again = index(settings)
    assert (again.skipped, again.published) == (("loan",), False)
    assert "1 retired" in again.summary()
    with Store.open(settings) as store:
        assert [source.id for source in store.sources()] == ["seed"]
        assert store.source("loan").state == "retired"
    restore_sources(settings, ["loan"])
    assert found(settings, "lends") == {"loan"}
    assert index(settings).plan.changed == ("loan",)
    assert found(settings, "terms") == {"loan"}
    assert_fresh(settings, new_settings)


def test_a_rebuild_cuts_up_and_publishes_the_same_again(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    first = index(settings)
    again = index(settings, rebuild=True)
    assert (again.build_id, again.embedded) == (first.build_id, 0)
    assert_fresh(settings, new_settings)
