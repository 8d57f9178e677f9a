from datetime import date
from pathlib import Path

import pytest

from ingest.check import check_corpus
from ingest.email_rule import is_personal

TODAY = date(2026, 11, 22)
VOCABULARY = """
themes: {funding: {label: Funding}, health: {label: Health}}
topics: {funding: {label: Funding, aliases: [finance]}, health-ai: {label: AI in health}}
places: {Birmingham: {kind: council, aliases: [Brum]}}
organisations: {}
"""
GOOD = """---
id: fund-a
title: Fund A
publisher: Example
url: https://example.org/a
published: "2025-10"
recorded: 2026-11-22
topics: [funding]
places: [Birmingham]
entities: [Richard Parker, Fund A]
licence: Apache-2.0
---
Fund A lends £5 to start-ups.
Write to info@example.org; "yes", it said (in May 2026).

## People

- Richard Parker opened it.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "funding").mkdir()
    (tmp_path / "health").mkdir()
    (tmp_path / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    (tmp_path / "README.md").write_text("How to add a briefing", encoding="utf-8")
    (tmp_path / "funding" / "fund-a.md").write_text(GOOD, encoding="utf-8")
    return tmp_path


def problems(corpus: Path) -> list[tuple[str, int, str]]:
    found = check_corpus(corpus, TODAY)
    assert all(problem.remedy and problem.line >= 1 for problem in found)
    assert all(str(problem).startswith(f"{problem.file}:{problem.line}: ") for problem in found)
    return [(Path(problem.file).name, problem.line, problem.problem) for problem in found]


def test_a_sound_corpus_has_no_problems(corpus: Path) -> None:
    assert problems(corpus) == []


BAD = [
    ("---\nid", "id", 1, "no front matter"),
    ("title: Fund A", "title: Fund: A", 3, "cannot be read"),
    ("title: Fund A\n", "", 1, "`title` is missing"),
    ("publisher: Example\n", "", 1, "`publisher` is missing"),
    ("url: https://example.org/a\n", "", 1, "`url` is missing"),
    ("id: fund-a", "id: fund-b", 2, "not the file name"),
    ("[funding]", "[robots]", 8, "'robots' is not among the topics"),
    ("[funding]", "[finance]", 8, "'finance' is another spelling of 'funding'"),
    ("[funding]", "[funding, funding]", 8, "'funding' comes twice"),
    ("[Birmingham]", "[Brum]", 9, "'Brum' is another spelling of 'Birmingham'"),
    ("[Birmingham]", "[Leeds]", 9, "'Leeds' is not among the places"),
    ('"2025-10"', "2026-12", 6, "`published` lies in the future"),
    ('"2025-10"', "2027", 6, "`published` lies in the future"),
    ("2026-11-22", "2026-11-23", 7, "`recorded` lies in the future"),
    ("2026-11-22", "2025-09-30", 7, "read before it was published"),
    ("info@example.org", "richard.parker@example.org", 14, "private person"),
    ("info@example.org", "r.parker@example.org", 14, "private person"),
    ("info@example.org", "rparker@example.org", 14, "private person"),
    ("info@example.org", "jane.doe@example.org", 14, "private person"),
    ("Richard Parker, Fund A", "jane.doe@example.org", 10, "private person"),
    ("start-ups.", "start-ups", 13, "not a whole sentence"),
    ("Fund A lends", "> Fund A lends", 13, "not a whole sentence"),
    ("Fund A lends", "    Fund A lends", 13, "not a whole sentence"),
    ("Fund A lends", "![logo](https://example.org/l.png) Fund A lends", 13, "An image"),
    ("Fund A lends", "<b>Fund A</b> lends", 13, "Raw HTML"),
    ("Fund A lends", "<!-- so --> Fund A lends", 13, "Raw HTML"),
    ("Fund A lends", "[Fund A](https://example.com) lends", 13, "link to another place"),
    ("Fund A lends", "[Fund A](javascript:alert) lends", 13, "link to another place"),
    ("Fund A lends", "[Fund A][1] lends", 13, "link to another place"),
    ("Fund A lends", "Fund A (https://example.com/x) lends", 13, "link to another place"),
    ("Fund A lends", "Fund\u200b A lends", 13, "cannot be seen (U+200B)"),
    ("- Richard Parker opened it.", "Fund A lends £5 to Start-ups.", 18, "stands in line 13 already"),
    ("- Richard Parker opened it.\n", "", 16, "Nothing stands under this heading"),
    ("- Richard", "## More\n\n- Richard", 16, "Nothing stands under this heading"),
    ("## People", "# People", 16, "heading of the first level"),
    (GOOD[GOOD.index("Fund A lends") :], "", 13, "body is empty"),
]


@pytest.mark.parametrize(("old", "new", "line", "found"), BAD)
def test_each_kind_of_bad_file_is_caught(corpus: Path, old: str, new: str, line: int, found: str) -> None:
    assert old in GOOD
    (corpus / "funding" / "fund-a.md").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    assert any(name == "fund-a.md" and at == line and found in problem for name, at, problem in problems(corpus)), (
        problems(corpus)
    )


def test_a_link_to_the_source_itself_may_stay(corpus: Path) -> None:
    text = GOOD.replace("Fund A lends", "[Fund A](https://example.org/a) lends")
    (corpus / "funding" / "fund-a.md").write_text(text, encoding="utf-8")
    assert problems(corpus) == []


def test_a_file_in_another_encoding_is_caught(corpus: Path) -> None:
    (corpus / "funding" / "fund-a.md").write_bytes(GOOD.encode("latin-1"))
    assert problems(corpus) == [("fund-a.md", 13, "The file is not UTF-8 (byte 0xa3).")]


def test_an_id_used_twice_is_caught(corpus: Path) -> None:
    copy = GOOD.replace("example.org/a", "example.org/b")
    (corpus / "health" / "fund-a.md").write_text(copy, encoding="utf-8")
    assert [(name, line) for name, line, problem in problems(corpus) if "has the id" in problem] == [("fund-a.md", 2)]


@pytest.mark.parametrize("url", ["https://example.org/a", "http://www.example.org/a/", "https://EXAMPLE.org/a#part"])
def test_a_url_used_twice_is_caught(corpus: Path, url: str) -> None:
    copy = GOOD.replace("id: fund-a", "id: fund-b").replace("https://example.org/a", url)
    (corpus / "health" / "fund-b.md").write_text(copy, encoding="utf-8")
    assert [(name, line) for name, line, problem in problems(corpus)] == [("fund-b.md", 5)]


@pytest.mark.parametrize("place", ["fund-b.md", "other/fund-b.md", "funding/deeper/fund-b.md"])
def test_a_file_outside_the_themes_is_caught(corpus: Path, place: str) -> None:
    (corpus / place).parent.mkdir(parents=True, exist_ok=True)
    (corpus / place).write_text(GOOD, encoding="utf-8")
    assert [problem for _, _, problem in problems(corpus)] == ["The file does not lie in the folder of a theme."]


def test_other_files_are_caught_and_hidden_ones_left_alone(corpus: Path) -> None:
    (corpus / "funding" / "fund.docx").write_bytes(b"PK")
    (corpus / "funding" / ".DS_Store").write_bytes(b"x")
    assert problems(corpus) == [("fund.docx", 1, "The file is not a briefing.")]


def test_problems_of_several_files_come_in_order(corpus: Path) -> None:
    (corpus / "health" / "b.md").write_text("Nothing", encoding="utf-8")
    (corpus / "funding" / "a.md").write_text("Nothing", encoding="utf-8")
    assert [name for name, _, _ in problems(corpus)] == ["a.md", "b.md"]


def test_a_broken_vocabulary_is_a_problem(corpus: Path) -> None:
    (corpus / "vocabulary.yaml").write_text("themes: 1", encoding="utf-8")
    assert [name for name, _, _ in problems(corpus)] == ["vocabulary.yaml"]


def test_a_missing_or_empty_folder_is_a_problem(corpus: Path) -> None:
    assert "no such folder" in problems(corpus / "missing")[0][2]
    (corpus / "funding" / "fund-a.md").unlink()
    assert "no briefings" in problems(corpus)[0][2]


PEOPLE = ("Richard Parker", "Jim O'Boyle", "Trevor McMillan", "Aston Centre for Growth", "KPMG UK", "Fund A")
KNOWN = frozenset({"west", "midlands", "birmingham", "warwick", "regional"})


PERSONS = """
    jane.doe j.doe jane_doe jane-a.doe rparker richardp parker parker.richard oboyle trevor.mcmillan tmcmillan
    jane.doe+news j.warwick RICHARD.PARKER
"""
OFFICES = """
    info WMInvestmentzone enquiries apprenticeshiprecruitment centreforgrowth business.support west.midlands
    press.office invest.birmingham regional-team wm5g 2026 hello
"""


@pytest.mark.parametrize("local", PERSONS.split())
def test_addresses_of_persons_are_told(local: str) -> None:
    assert is_personal(f"{local}@example.org", PEOPLE, KNOWN)


@pytest.mark.parametrize("local", OFFICES.split())
def test_addresses_of_offices_may_stay(local: str) -> None:
    assert not is_personal(f"{local}@example.org", PEOPLE, KNOWN)
