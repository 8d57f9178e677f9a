"""Where a sentence that answers stands: told from the gold sources and the groups, asked of the real readers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.adapters import open_suite
from evals.cases import Case
from evals.cli import app
from evals.errors import SuiteError
from evals.items import Item
from evals.sentences import Rank, right_sentences, sentence_ranks, shares
from ingest.sync import index
from rag.config import Settings
from rag.store import Store

TRAM = "The tram of Wolverhampton runs on batteries. It charges at its stops in 30 seconds. A line opened in 2023."
FUND = "The Coventry robotics fund lends £2 million a year. Ada Marsh has headed the Coventry robotics fund since 2021."


@pytest.fixture
def settings(new_settings: Callable[..., Settings], write_briefing: Callable[..., Path]) -> Settings:
    write_briefing("tram", TRAM)
    write_briefing("fund", FUND)
    made = new_settings()
    index(made)
    return made


def case(name: str, question: str, source: str, *groups: str, **fields: object) -> dict[str, object]:
    found = {"id": name, "kind": "single", "question": question, "source_ids": [source]}
    return {**found, "must_include": [[group] for group in groups], **fields}


def write(path: Path, *cases: dict[str, object]) -> str:
    path.write_text("".join(json.dumps(one) + "\n" for one in cases))
    return str(path)


def test_the_sentences_with_most_of_what_is_wanted_answer(settings: Settings) -> None:
    with Store.open(settings) as store:
        view = store.view()
        both = Case.model_validate(case("a", "Who heads what?", "fund", "Ada Marsh", "2021"))
        amount = Case.model_validate(case("b", "How much?", "fund", "£2 million", "£9 million"))
        none = Case.model_validate(case("c", "How much?", "fund", "£9 million"))
        assert right_sentences(view, both) == (("fund", FUND.split(". ")[1]),)
        assert right_sentences(view, amount) == (("fund", FUND.split(". ")[0] + "."),)
        assert right_sentences(view, none) == ()


def test_ranks_are_the_readers_own_and_refusals_are_left_out(settings: Settings, tmp_path: Path) -> None:
    suite = write(
        tmp_path / "some.jsonl",
        case("head", "Who heads the Coventry robotics fund?", "fund", "Ada Marsh"),
        case("misled", "Who heads the Coventry robotics fund?", "tram", "2023"),
        case("refuse", "What does it cost?", "fund", "£2 million", kind="unanswerable"),
        case("nowhere", "What does it cost?", "fund", "£7 million"),
    )
    found = {one.item.id: one.rank for one in sentence_ranks(open_suite(suite), settings)}
    assert found["head"] == 1
    assert found["misled"] is None or found["misled"] > 1
    assert set(found) == {"head", "misled"}


def test_a_share_counts_a_sentence_that_was_not_read_as_late() -> None:
    names = enumerate([1, 5, 6, None])
    found = [Rank(Item(Case.model_validate(case(f"c{n}", "Who?", "fund", "x")), 0), rank) for n, rank in names]
    first, five = shares(found)
    assert (first.depth, first.value, five.depth, five.value) == (1, 0.25, 5, 0.5)
    assert 0 <= first.interval.low <= 0.25 <= first.interval.high <= 1


def test_the_command_prints_shares_and_names_what_stands_late(
    settings: Settings, write_briefing: Callable[..., Path], tmp_path: Path
) -> None:
    names = ("Ben Low", "Cy Hall", "Di Kent", "Ed Moss", "Flo Nash", "Gus Park")
    write_briefing("board", " ".join(f"{name} headed the Coventry robotics fund before." for name in names))
    index(settings)
    question = "Who heads the Coventry robotics fund?"
    name = write(tmp_path / "one.jsonl", case("head", question, "fund", "Ada Marsh"))
    ran = CliRunner().invoke(app, ["sentences", "--suite", name, "--store", str(settings.store)])
    assert ran.exit_code == 0
    assert "100.0%" in ran.stdout
    assert "head:" not in ran.stderr
    late = write(tmp_path / "late.jsonl", case("late", question, "tram", "2023"))
    ran = CliRunner().invoke(app, ["sentences", "--suite", late, "--store", str(settings.store)])
    assert ran.exit_code == 0
    assert " 0.0%" in ran.stdout
    assert "late: " in ran.stderr


def test_a_suite_that_does_not_say_what_answers_is_refused(settings: Settings, tmp_path: Path) -> None:
    suite = open_suite(write(tmp_path / "bare.jsonl", case("bare", "Who?", "fund")))
    with pytest.raises(SuiteError, match="says by must_include"):
        sentence_ranks(suite, settings)
