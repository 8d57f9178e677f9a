from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import chunk, embedding_text
from ingest.clean import clean_text
from ingest.section import sections
from rag.sentences import split_sentences
from rag.tokens import count_tokens
from rag.types import Document, Passage, Source

SOURCE = Source(id="one", title="The title", publisher="The press", url="https://example.org", recorded="2026-11-22")
SENTENCE = "The fund in Coventry invests up to £1m in firms that build things for makers of cars."


def document(text: str) -> Document:
    return Document(source=SOURCE, text=clean_text(text))


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


PARTS = (
    "Short one.|# Alpha|## Beta|### Gamma||- item one|no stop here|```|# inside?|A 🤖 b. C! D? e.|####### 7|#no|## C ##"
)
LINES = st.sampled_from([*PARTS.split("|"), SENTENCE, "x" * 900, "你好。" * 50, "word " * 300, "\u200bhidden\u202e"])
BODIES = st.one_of(st.lists(LINES, max_size=25).map("\n".join), st.text(max_size=400))


@given(body=BODIES, bound=st.integers(32, 120), overlap=st.integers(0, 3))
@settings(deadline=None)
def test_nothing_is_lost_moved_or_too_long(body: str, bound: int, overlap: int) -> None:
    held = document(body)
    passages = chunk(held, bound, overlap)
    for passage in passages:
        assert held.text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert passage.tokens == count_tokens(passage.text) <= bound
    assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
    assert len({passage.id for passage in passages}) == len(passages)
    covered = {index for passage in passages for index in range(passage.start, passage.end)}
    trails = {title for passage in passages for title in passage.heading.split(" › ")}
    first = 0
    for line in held.text.split("\n"):
        # Hashes may be marks of a heading, which are in neither.
        visible = {first + index for index, char in enumerate(line) if not char.isspace() and char != "#"}
        assert visible <= covered or line.strip().strip("#").strip() in trails
        first += len(line) + 1
    if overlap == 0:
        assert sum(passage.end - passage.start for passage in passages) == len(covered)


@given(body=BODIES)
@settings(deadline=None)
def test_the_same_text_gives_the_same_passages(body: str) -> None:
    assert chunk(document(body), 60, 1) == chunk(document(body), 60, 1)


def test_sentences_are_kept_whole_and_packed_to_the_bound() -> None:
    held = document("\n".join([SENTENCE] * 10))
    bound = count_tokens("\n".join([SENTENCE] * 3))
    passages = chunk(held, bound, 0)
    assert texts(passages) == ["\n".join([SENTENCE] * 3)] * 3 + [SENTENCE]


def test_a_passage_does_not_cross_a_heading_and_carries_its_trail() -> None:
    held = document("Before.\n# Money\nFirst.\n## Seed\nSecond.\nThird.\n# People\nFourth.")
    passages = chunk(held, 120, 0)
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("", "Before."),
        ("Money", "First."),
        ("Money › Seed", "Second.\nThird."),
        ("People", "Fourth."),
    ]


def test_a_heading_with_nothing_under_it_is_a_passage() -> None:
    passages = chunk(document("# One\n## Two\n# Three\nText.\n## Four"), 120, 0)
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("One", "Two"),
        ("Three", "Text."),
        ("Three", "Four"),
    ]


def test_a_hash_inside_a_fence_is_no_heading() -> None:
    assert [section.heading for section in sections("# A\n```\n# not one\n```\nText.")] == ["A"]


def test_a_sentence_over_the_bound_is_cut_between_words() -> None:
    long = " ".join(f"word{number}" for number in range(200)) + "."
    passages = chunk(document(long), 40, 0)
    assert " ".join(texts(passages)) == long
    assert all(passage.tokens > 30 for passage in passages[:-1])


def test_an_unbroken_string_is_cut_hard() -> None:
    passages = chunk(document("é" * 5000), 32, 0)
    assert "".join(texts(passages)) == "é" * 5000
    assert all(passage.tokens <= 32 for passage in passages)


def test_an_unbroken_string_of_a_million_characters_is_cut_in_time() -> None:
    # The square of the length would not finish.
    passages = chunk(document("ab" * 500_000), 120, 0)
    assert sum(len(passage.text) for passage in passages) == 1_000_000


def test_an_overlap_repeats_the_last_sentences() -> None:
    lines = [f"Sentence number {number} says something of about this length." for number in range(6)]
    passages = chunk(document("\n".join(lines)), count_tokens("\n".join(lines[:3])), 1)
    assert texts(passages) == ["\n".join(lines[:3]), "\n".join(lines[2:5]), "\n".join(lines[4:6])]


def test_the_embedded_text_carries_what_the_quote_does_not() -> None:
    (passage,) = chunk(document("# Seed\nThe fund is open."), 120, 0)
    dated = replace(SOURCE, published="2026-05")
    assert embedding_text(dated, passage) == "The title — The press — 2026-05\nSeed\nThe fund is open."
    assert passage.text == "The fund is open."


def test_an_id_is_opaque_and_changes_with_the_place() -> None:
    one, two = chunk(document("# A\nSame.\n# B\nSame."), 120, 0)
    assert one.text == two.text
    assert one.id != two.id
    assert len(one.id) == 16
    assert int(one.id, 16) >= 0


@pytest.mark.parametrize("bound", [32, 120])
def test_sentences_of_a_passage_are_those_of_the_document(bound: int) -> None:
    held = document("\n".join([SENTENCE, "Dr. A. Smith leads it.", "It opened in 2021!"] * 5))
    whole = [held.text[start:end] for start, end in split_sentences(held.text)]
    found = [
        passage.text[start:end] for passage in chunk(held, bound, 0) for start, end in split_sentences(passage.text)
    ]
    assert found == whole


def test_a_passage_knows_its_pages_and_where_they_begin() -> None:
    pages = ["The fund invests in Coventry.", "It backs robots", "and foundries in Dudley."]
    text = " ".join(pages)
    starts = (0, len(pages[0]) + 1, len(pages[0]) + len(pages[1]) + 2)
    found = chunk(Document(source=SOURCE, text=text, pages=starts), 12, 0)
    assert [passage.page for passage in found] == [1, 2]
    assert found[1].page_at(found[1].text.index("robots")) == 2
    assert found[1].page_at(found[1].text.index("and foundries")) == 3
    assert chunk(Document(source=SOURCE, text=text), 12, 0)[0].page_at(3) is None
