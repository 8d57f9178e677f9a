from pathlib import Path

import pytest

from ingest.briefing import BriefingError, parse_file, parse_text

PATH = Path("corpus/funding/fund-a.md")
HEAD = """---
id: fund-a
title: 'Fund: A'
publisher: A & B
url: https://example.org/a?x=1
published: "2025-10"
recorded: 2026-11-22
status: closed
valid_until: "2026-03-31"
topics: [funding, grants]
places:
  - Birmingham
entities: [Fund A]
licence: Apache-2.0
---
"""
BODY = "Fund A lends £5.\nIt began in 2025.\n"


def test_a_briefing_is_taken_apart() -> None:
    briefing = parse_text(HEAD + BODY, PATH)
    front = briefing.front
    assert (front.id, front.title, front.publisher) == ("fund-a", "Fund: A", "A & B")
    assert (front.published, front.recorded, front.valid_until) == ("2025-10", "2026-11-22", "2026-03-31")
    assert (front.status, front.topics, front.places) == ("closed", ("funding", "grants"), ("Birmingham",))
    assert (briefing.body, briefing.theme) == (BODY, "funding")


def test_lines_are_those_of_the_file() -> None:
    briefing = parse_text(HEAD + BODY, PATH)
    lines = (HEAD + BODY).split("\n")
    assert lines[briefing.body_line - 1] == "Fund A lends £5."
    assert all(lines[line - 1].startswith(f"{key}:") for key, line in briefing.key_lines.items())


def test_optional_keys_may_be_left_out() -> None:
    left = "".join(
        line for line in HEAD.splitlines(keepends=True) if not line.startswith(("pub", "status", "valid", "entities"))
    )
    front = parse_text(left.replace("url:", "publisher: B\nurl:") + BODY, PATH).front
    assert (front.published, front.status, front.valid_until, front.entities) == (None, None, None, ())


@pytest.mark.parametrize(("written", "read"), [("2025", "2025"), ("2025-10", "2025-10"), ("2025-10-23", "2025-10-23")])
def test_dates_need_no_quotation_marks(written: str, read: str) -> None:
    assert parse_text(HEAD.replace('"2025-10"', written) + BODY, PATH).front.published == read


def test_words_that_yaml_takes_for_values_stay_words() -> None:
    front = parse_text(HEAD.replace("'Fund: A'", "No").replace("A & B", "1.50") + BODY, PATH).front
    assert (front.title, front.publisher) == ("No", "1.50")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "fund-a.md"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + BODY).replace("\n", "\r\n").encode())
    assert parse_file(path).body == BODY


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "fund-a.md"
    path.write_bytes((HEAD + BODY).encode("latin-1"))
    with pytest.raises(BriefingError, match="not UTF-8") as caught:
        parse_file(path)
    assert caught.value.line == HEAD.count("\n") + 1
    assert "UTF-8" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", 1, "no front matter"),
        (BODY, 1, "no front matter"),
        ("A sentence.\n" + HEAD, 1, "no front matter"),
        (HEAD.rstrip("-\n"), 1, "not closed"),
        ("---\n---\n" + BODY, 1, "no `key: value`"),
        ("---\n- id\n---\n" + BODY, 1, "no `key: value`"),
        (HEAD.replace("[funding, grants]", "[funding, grants"), 11, "cannot be read"),
        (HEAD.replace("title: 'Fund: A'", "title: Fund: A"), 3, "cannot be read"),
        (HEAD.replace("url:", "id: twice\nurl:"), 5, "comes twice"),
        (HEAD.replace("A & B", "A \x07 B"), 4, "cannot be read"),
        (HEAD.replace("A & B", "[" * 5000), 4, "cannot be read|`publisher`"),
    ],
)
def test_a_head_that_cannot_be_read_is_named_with_its_line(text: str, line: int, found: str) -> None:
    with pytest.raises(BriefingError, match=found) as caught:
        parse_text(text, PATH)
    assert caught.value.path == PATH
    assert caught.value.remedy
    if "[[" not in text:
        assert caught.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "line", "found"),
    [
        ("id: fund-a", "id: Fund A", 2, "`id` is 'Fund A'"),
        ("title: 'Fund: A'", "title: ''", 3, "`title` is ''"),
        ("publisher: A & B\n", "", 1, "`publisher` is missing"),
        ("https://example.org/a?x=1", "ftp://example.org", 5, "`url` is"),
        ("https://example.org/a?x=1", "https://", 5, "`url` is"),
        ("https://example.org/a?x=1", "https://[", 5, "`url` is"),
        ('"2025-10"', "October 2025", 6, "`published` is 'October 2025'"),
        ('"2025-10"', "2025-13", 6, "`published` is '2025-13'"),
        ('"2025-10"', "2025-02-30", 6, "`published` is '2025-02-30'"),
        ('"2025-10"', "", 6, "`published` is ''"),
        ("2026-11-22", "2026-11", 7, "`recorded` is '2026-11'"),
        ("recorded: 2026-11-22\n", "", 1, "`recorded` is missing"),
        ("status: closed", "status: over", 8, "`status` is 'over'"),
        ("[funding, grants]", "funding", 10, "`topics` is 'funding'"),
        ("[funding, grants]", "[]", 10, "`topics` is"),
        ("licence:", "license:", 14, "no key `license`"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(old: str, new: str, line: int, found: str) -> None:
    assert HEAD.count(old) == 1
    with pytest.raises(BriefingError) as caught:
        parse_text(HEAD.replace(old, new) + BODY, PATH)
    problem = next(problem for problem in caught.value.problems if found in problem.problem)
    assert problem.line == line
    assert problem.file == PATH
    assert problem.remedy


def test_all_wrong_values_are_named_at_once() -> None:
    with pytest.raises(BriefingError) as caught:
        parse_text(HEAD.replace("id: fund-a", "id: A").replace("status: closed", "status: over") + BODY, PATH)
    assert [problem.line for problem in caught.value.problems] == [2, 8]
