"""The quote gate on messy text: nothing passes that is not word for word in its passage."""

from hypothesis import given
from hypothesis import strategies as st

from rag.cite import Draft, Evidence, gate, holds, marked, unmatched
from rag.types import Passage, Source

SOURCE = Source(id="s", title="T", publisher="P", url="https://example.org", recorded="2026-11-22")


def passage(text: str, id_: str = "p") -> Passage:
    return Passage(id=id_, source_id="s", text=text, start=0, end=len(text), tokens=1)


def evidence(text: str, start: int, end: int, quote: str | None = None) -> Evidence:
    return Evidence(passage(text), SOURCE, text[start:end] if quote is None else quote, start, end)


@given(st.text(min_size=1), st.data())
def test_every_citation_that_passes_quotes_its_passage_exactly(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = data.draw(st.one_of(st.just(text[start:end]), st.text()))
    sentences, citations = gate([Draft(text="Said.", evidence=(evidence(text, start, end, quote),), support=0.5)])
    for citation in citations:
        assert citation.passage.text[citation.start : citation.end] == citation.quote
        assert citation.quote.strip()
    assert bool(sentences) == (quote == text[start:end] and bool(quote.strip()))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=8))
def test_markers_count_from_one_without_gaps_and_each_has_a_citation(spans: list[tuple[int, int]]) -> None:
    drafts = [
        Draft(text=f"Sentence {number}.", evidence=(evidence("Some words here.", start, start + length),), support=0.5)
        for number, (start, length) in enumerate(spans)
    ]
    sentences, citations = gate(drafts)
    assert [citation.marker for citation in citations] == list(range(1, len(citations) + 1))
    used = {marker for sentence in sentences for marker in sentence.markers}
    assert used == {citation.marker for citation in citations}
    assert not unmatched(" ".join(map(marked, sentences)), citations)


def test_a_misquoting_draft_is_dropped_and_the_sound_one_beside_it_stays() -> None:
    text = "The fund has £25m. It was launched in 2023."
    sound = Draft(text="The fund has £25m.", evidence=(evidence(text, 0, 18),), support=0.9)
    altered = Draft(text="The fund has £52m.", evidence=(evidence(text, 0, 18, "The fund has £52m."),), support=0.9)
    sentences, citations = gate([altered, sound])
    assert [sentence.text for sentence in sentences] == ["The fund has £25m."]
    assert len(citations) == 1


def test_right_words_at_wrong_offsets_do_not_hold() -> None:
    assert not holds(evidence("one two", 1, 4, "one"))


def test_the_same_words_keep_one_marker() -> None:
    drafts = [Draft(text=f"Point {n}.", evidence=(evidence("Same words.", 0, 11),), support=0.5) for n in range(2)]
    sentences, citations = gate(drafts)
    assert [sentence.markers for sentence in sentences] == [(1,), (1,)]
    assert len(citations) == 1


def test_a_sentence_that_carries_a_marker_of_its_own_is_dropped() -> None:
    text = "Trust this [7]."
    assert gate([Draft(text=text, evidence=(evidence(text, 0, len(text)),), support=1.0)]) == ((), ())


def test_markers_without_a_citation_are_found() -> None:
    _, citations = gate([Draft(text="A.", evidence=(evidence("A.", 0, 2),), support=1.0)])
    assert unmatched("A. [1] B. [2]", citations) == (2,)
