import json
from collections.abc import Callable
from pathlib import Path

import pytest
from store_dump import found

from ingest.sync import index
from rag.config import Settings
from rag.errors import ConfigError, StoreBusy
from rag.store.lock import locked

Write = Callable[..., Path]
Make = Callable[..., Settings]

SEED = "The Falcon seed fund invests up to £1m in Coventry.\nIt has backed twelve firms."
LOAN = "The Heron loan scheme lends £50,000 to firms in Dudley."


def test_a_bad_file_is_named_and_its_older_version_stays(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    seed = write_briefing("seed", SEED)
    loan = write_briefing("loan", LOAN)
    index(settings)
    seed.write_bytes(seed.read_bytes() + b"caf\xe9\n")
    write_briefing("loan", "", title="Empty")
    write_briefing("good", "A third source is about Walsall.")
    report = index(settings)
    assert report.exit_code == 1
    assert {(problem.file, problem.line) for problem in report.refused} == {(seed, 14), (loan, 11)}
    assert all(problem.remedy for problem in report.refused)
    assert json.loads(json.dumps(report.to_json()))["refused"][0]["remedy"]
    assert "2 refused" in report.summary()
    assert report.plan.added == ("good",)
    assert not report.plan.removed
    assert not report.plan.changed
    assert found(settings, "Falcon") == {"seed"}
    assert found(settings, "Heron") == {"loan"}


def test_the_second_file_with_an_id_is_refused(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    second = write_briefing("seed", LOAN, theme="policy")
    report = index(settings)
    assert [problem.file for problem in report.refused] == [second]
    assert found(settings, "Falcon") == {"seed"}
    assert found(settings, "Heron") == set()


def test_a_dry_run_writes_nothing(new_settings: Make, write_briefing: Write, tmp_path: Path) -> None:
    settings = new_settings().model_copy(update={"store": tmp_path / "none"})
    write_briefing("seed", SEED)
    report = index(settings, dry_run=True)
    assert report.plan.added == ("seed",)
    assert report.dry_run
    assert not settings.store.exists()


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_wrong_path_is_an_error_and_empties_nothing(
    name: str, new_settings: Make, write_briefing: Write, tmp_path: Path
) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    index(settings)
    (tmp_path / "empty").mkdir()
    wrong = settings.model_copy(update={"corpus": tmp_path / name})
    with pytest.raises(ConfigError, match=name):
        index(wrong)
    assert found(settings, "Falcon") == {"seed"}


def test_two_runs_at_once_do_not_meet(new_settings: Make, write_briefing: Write) -> None:
    settings = new_settings()
    write_briefing("seed", SEED)
    with locked(settings), pytest.raises(StoreBusy, match=str(settings.store)) as raised:
        index(settings)
    assert raised.value.remedy
    assert raised.value.retryable
    assert index(settings).published
