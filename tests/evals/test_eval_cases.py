import json
from pathlib import Path

import pytest
from eval_systems import cases, source_text

from evals.cases import Case, cases_digest, parse_cases, read_cases
from evals.errors import SuiteError
from evals.library import check_sources
from evals.suites import FOLDER, load_suite, registry

GOOD = '{"id": "a", "kind": "single", "question": "Who?", "must_include": [["x"]], "source_ids": ["fund"]}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2"),
        ('{"id": "b", "kind": "single", "question": "Who?", "colour": "red"}', "line 2: colour"),
        ('{"id": "b", "kind": "single"}', "line 2: question"),
        (GOOD, "line 2: the id 'a' was used before"),
        ('{"id": "b", "kind": "single", "question": "Who?", "must_include": [[""]]}', "an alternative is empty"),
        ('{"id": "b", "kind": "single", "question": "Who?", "must_include": [[]]}', "a group has no alternatives"),
        ('{"id": "b", "kind": "c", "question": "Who?", "turns": [{"question": "When?"}]}', "the first turn must be"),
        ('{"id": "b/c", "kind": "single", "question": "Who?"}', "line 2: id"),
    ],
)
def test_a_bad_line_is_named(line: str, said: str) -> None:
    with pytest.raises(SuiteError, match=r"suite\.jsonl") as raised:
        parse_cases(f"{GOOD}\n{line}\n", "suite.jsonl")
    assert said in raised.value.message


def test_a_suite_without_cases_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with pytest.raises(SuiteError, match="holds no cases"):
        read_cases(empty)
    with pytest.raises(SuiteError, match="cannot be read"):
        read_cases(tmp_path / "missing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xff")
    with pytest.raises(SuiteError, match="not UTF-8"):
        read_cases(tmp_path / "latin.jsonl")


def test_separators_inside_strings_do_not_end_a_line() -> None:
    text = json.dumps({"id": "a", "kind": "single", "question": "Who\u2028and when?"}, ensure_ascii=False)
    assert parse_cases(text, "t")[0].question == "Who\u2028and when?"


def test_unknown_sources_and_quotes_are_named() -> None:
    check_sources(cases(), source_text)
    stray = Case(id="s", kind="single", question="Who?", source_ids=("nowhere",))
    with pytest.raises(SuiteError, match="'nowhere'"):
        check_sources([stray], source_text)
    misquoted = Case.model_validate(
        {"id": "s", "kind": "single", "question": "Who?", "spans": [{"source_id": "fund", "quote": "not there"}]}
    )
    with pytest.raises(SuiteError, match="not there"):
        check_sources([misquoted], source_text)


def test_expectation_follows_the_kind_unless_it_is_given() -> None:
    assert Case(id="a", kind="unanswerable", question="?").expectation == "refuse"
    assert Case(id="a", kind="single", question="?").expectation == "answer"
    assert Case(id="a", kind="decline", question="?", expected="either").expectation == "either"


def test_the_digest_sees_every_field_and_the_order() -> None:
    one, two, *_rest = cases()
    assert cases_digest((one, two)) != cases_digest((two, one))
    assert cases_digest((one,)) != cases_digest((one.model_copy(update={"min_fraction": 0.5}),))


def test_every_suite_loads_and_its_splits_do_not_share_a_fact() -> None:
    for name in registry():
        assert load_suite(name).cases
    train, test = load_suite("golden", "train").cases, load_suite("golden").cases
    assert (len(train), len(test)) == (76, 76)
    assert not {case.cluster for case in train} & {case.cluster for case in test}
    assert len(read_cases(FOLDER / "golden.jsonl")) == 152


def test_what_is_not_a_suite_or_a_split_is_named() -> None:
    with pytest.raises(SuiteError, match="no suite 'gold'"):
        load_suite("gold")
    with pytest.raises(SuiteError, match="no split 'dev'"):
        load_suite("golden", "dev")
