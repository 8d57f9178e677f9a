from datetime import date

from saved_article import ARTICLE, NAGS, QUOTES, saved_article

from ingest.readers.document import read_document
from rag.sentences import split_sentences


def read(text: str, name: str = "saved.txt") -> str:
    return read_document(text.encode(), name, None, None, date(2026, 11, 22)).text


def test_every_line_of_the_article_stays_and_no_nag_does() -> None:
    lines = read(saved_article()).split("\n\n")
    assert [line for line in ARTICLE if line not in lines] == []
    assert [nag for nag in NAGS if any(nag in line for line in lines)] == []
    assert len(lines) == len(ARTICLE) + len(QUOTES)


def test_a_speaker_is_bound_to_the_quote_that_the_lines_introduce() -> None:
    text = read(saved_article())
    for (name, role), quote in QUOTES:
        assert f"{name} {role}: {quote}" in text


def test_the_deadline_is_read_and_the_title_found() -> None:
    found = read_document(saved_article().encode(), "saved.txt", None, None, date(2026, 11, 22))
    assert (found.valid_until, found.title, found.author) == ("2031-06-30", ARTICLE[0], "Priya Marlowe")
    assert found.valid_until_quote == ARTICLE[8]


def test_the_same_lines_without_blank_ones_between_give_the_same_sentences() -> None:
    apart, close = read(saved_article()), read(saved_article().replace("\n\n", "\n"))
    wanted = {apart[start:end] for start, end in split_sentences(apart)}
    assert {line for line in ARTICLE if line not in close} == set()
    assert [nag for nag in NAGS if nag in close] == []
    assert wanted
