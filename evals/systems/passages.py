"""What the baselines share: an answer made of the best passage's first sentences, whatever was asked."""

from collections.abc import Sequence

from rag.sentences import split_sentences
from rag.types import Answer, Citation, Hit, Outcome, Sentence

SENTENCES = 2
"""Sentences of the best passage that make the answer."""


def first_sentences(question: str, hits: Sequence[Hit], answerer: str, index_build: str, search_ms: float) -> Answer:
    """The first two sentences of the best hit, each cited word for word; a refusal only where nothing was found."""
    timings = {"retrieve": search_ms, "total": search_ms}
    if not hits:
        return Answer(
            question=question, standalone_question=question, outcome=Outcome.NOT_IN_SOURCES, reason="no_match",
            text="Nothing was found.", timings_ms=timings, answerer=answerer, index_build=index_build,
        )  # fmt: skip
    best = hits[0]
    spans = split_sentences(best.passage.text)[:SENTENCES] or ((0, len(best.passage.text)),)
    quotes = [best.passage.text[start:end] for start, end in spans]
    return Answer(
        question=question,
        standalone_question=question,
        outcome=Outcome.ANSWERED,
        reason="",
        text=" ".join(f"{quote} [{marker}]" for marker, quote in enumerate(quotes, start=1)),
        sentences=tuple(
            Sentence(text=quote, markers=(marker,), support=best.score) for marker, quote in enumerate(quotes, start=1)
        ),
        citations=tuple(
            Citation(marker=marker, passage=best.passage, source=best.source, quote=quote, start=start, end=end)
            for marker, (quote, (start, end)) in enumerate(zip(quotes, spans, strict=True), start=1)
        ),
        hits=tuple(hits),
        timings_ms=timings,
        answerer=answerer,
        index_build=index_build,
    )
