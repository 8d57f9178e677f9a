from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.briefing import parse_file
from ingest.read import find_files
from rag.sentences import split_sentences

CORPUS = Path(__file__).parents[2] / "corpus"

CASES = {
    "titles and initials": ["Dr. A. J. Smith met Prof. Jones at St. John's.", "She left."],
    "companies": ["Acme Ltd. Birmingham is a firm.", "It grew.", "It bought Widgets Inc.", "The price was not given."],
    "decimals and money": ["It raised £12.5m in 2021.", "That was 3.4% of all."],
    "numbers of things": ["See No. 5 and p. 4, e.g. Figure 2, i.e. the map.", "Then stop."],
    "countries and times": ["The U.S. market opens at 9 a.m. on Monday.", "It closes at 5 p.m.", "We leave then."],
    "addresses": ["See https://a.co.uk/x.html?q=1. for more at a.b@c.org.", "Or www.b.com.", "Bye."],
    "quotes": ["“Quite so.”", '"Really?" he said.', "(He meant it.)", "Yes!"],
    "ellipsis": ["Not yet... maybe later…", "Or never."],
    "footnote": ["It is the largest in Europe.[12]", "Coventry is next."],
    "version": ["It runs version 2.0 of Node.js and .NET 8.", "Good."],
    "dates": ["It ran from 3 Sept. 2021 to Jan. 2022.", "It ended."],
    "question then capital": ["Who pays?", "Nobody."],
    "plan b": ["This is plan B.", "The other failed."],
    "wide stops": ["你好。", "再见！"],
}


@pytest.mark.parametrize("sentences", CASES.values(), ids=CASES.keys())
def test_sentences_on_one_line_are_told_apart(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_lines_blocks_and_items_are_boundaries() -> None:
    text = (
        "# Heading\nFirst line ends.\nsecond line goes on\nhere\n\nNew block\n- one\n- two\n  go on\n1. three\n| a |\n"
    )
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "# Heading",
        "First line ends.",
        "second line goes on\nhere",
        "New block",
        "- one",
        "- two\n  go on",
        "1. three",
        "| a |",
    ]


def test_empty_text_has_no_sentences() -> None:
    assert split_sentences("") == split_sentences(" \n\t\n ") == ()


WORDS = ". |! |? |- |1. |Dr. |U.S. |£1.5m| |The|a|B|#|# |…|。|)|[3]|é|ß|🤖"
PIECES = st.sampled_from([*WORDS.split("|"), "|", '"', "\n", "\t", "\x0b", "\x1c", "\u00a0", "\u2028", "\r\n"])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_each_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    covered = [index for start, end in spans for index in range(start, end)]
    assert covered == sorted(set(covered))
    assert {index for index, char in enumerate(text) if not char.isspace()} <= set(covered)
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""


@pytest.mark.parametrize("unit", ["a. ", ". ", ".", ".)", ".[1]", "。", " ", "- \n", "#", "1", "\r\n"])
def test_a_long_run_takes_no_square_of_its_length(unit: str) -> None:
    # At a million characters, the square would not finish in a working day.
    text = unit * (1_000_000 // len(unit)) + "a"
    assert split_sentences(text)[-1][1] == len(text)


def test_in_the_corpus_the_sentences_are_the_lines() -> None:
    bodies = [parse_file(file).body for file in find_files(CORPUS)]
    assert len(bodies) > 100
    for body in bodies:
        lines = [line.strip() for line in body.split("\n") if line.strip()]
        assert [body[start:end] for start, end in split_sentences(body)] == lines
