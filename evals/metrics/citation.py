"""Does every sentence stand on the passage it names? Judged from the record, not from what the system believes."""

import re
from collections.abc import Mapping

from evals.items import UNSCORED, Item, Metric, Score, Sources, yes_no
from evals.negation import contradicts
from evals.records import RecordedAnswer, RecordedCitation, RecordedSentence, Reply
from evals.text import content_words, figures, names, normalise, share, without_markers, words

OVERLAP_MIN = 0.5
"""Share of a sentence's content words that its quotes must hold, unless the sentence stands in them word for word."""
CONTRIBUTION_MIN = 0.3
"""The same for one of several citations of a sentence."""
LEAD_IN_WORDS = 5

_MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")


def markers_in(text: str) -> frozenset[int]:
    """Numbers of the markers that the reader sees."""
    return frozenset(int(number) for match in _MARKER.finditer(text) for number in match[1].split(","))


def is_valid(citation: RecordedCitation, sources: Sources) -> bool:
    """The quote is exactly the named stretch of the passage, and the passage is exactly that stretch of its source."""
    if not citation.quote or citation.passage_text[citation.start : citation.end] != citation.quote:
        return False
    source = sources.get(citation.source_id)
    return source is not None and source.text[citation.passage_start : citation.passage_end] == citation.passage_text


def uncited_pieces(answer: RecordedAnswer) -> tuple[str, ...]:
    """What stands in the text beside the answer's sentences: every piece of it is a sentence without a citation.

    A lead-in of at most five words that ends with a colon and holds no figure claims nothing and is left out.
    """
    rest = " ".join(normalise(without_markers(answer.text)).split())
    for sentence in sorted(answer.sentences, key=lambda one: -len(one.text)):
        own = " ".join(normalise(without_markers(sentence.text)).split())
        rest = rest.replace(own, "\n", 1) if own else rest
    pieces = (piece.strip() for piece in re.split(r"\n|(?<=[.!?])\s", rest))
    return tuple(piece for piece in pieces if any(map(str.isalnum, piece)) and not _is_lead_in(piece))


def _is_lead_in(piece: str) -> bool:
    plain = piece.rstrip(" -•*")
    return plain.endswith(":") and len(words(plain)) <= LEAD_IN_WORDS and not figures(plain)


def _quoted(citation: RecordedCitation) -> str:
    return "\n".join((citation.quote, citation.title, citation.publisher, *(citation.published or "").split("-")))


def supports(quotes: str, sentence: str, overlap_min: float) -> bool:
    """True where the sentence stands in the quotes, or they hold its figures, its names and enough of its words.

    Neither may deny what the other affirms: "the fund closed" stands in "it is not true that the fund closed".
    """
    if contradicts(sentence, quotes):
        return False
    plain = normalise(without_markers(sentence)).strip(" .!?;:,-•*\"'")
    if plain and plain in normalise(quotes):
        return True
    if not figures(sentence) <= figures(quotes):
        return False
    held = frozenset(words(quotes))
    return names(sentence) <= held and share(content_words(sentence), held) >= overlap_min


def _sentence_score(sentence: RecordedSentence, cited: Mapping[int, RecordedCitation]) -> tuple[int, int]:
    """(citations that support the sentence, citations it carries)."""
    own = [cited.get(marker) for marker in sentence.markers]
    present = [citation for citation in own if citation is not None]
    if not supports("\n".join(_quoted(citation) for citation in present), sentence.text, OVERLAP_MIN):
        return 0, len(own)
    if len(own) == 1:
        return len(present), 1
    shares = (share(content_words(sentence.text), frozenset(words(_quoted(citation)))) for citation in present)
    return sum(value >= CONTRIBUTION_MIN for value in shares), len(own)


def _answered(reply: Reply) -> RecordedAnswer | None:
    return reply.answer if reply.answer is not None and reply.answer.outcome.is_answer else None


def validity(_item: Item, reply: Reply, sources: Sources) -> Score:
    """Valid citations of all citations; a marker in the text that names no citation is an invalid one."""
    answer = _answered(reply)
    if answer is None:
        return UNSCORED
    dangling = markers_in(answer.text) - {citation.marker for citation in answer.citations}
    valid = sum(is_valid(citation, sources) for citation in answer.citations)
    total = len(answer.citations) + len(dangling)
    if total == 0:
        return Score(0.0, 1.0, "an answer without a citation")
    return Score(float(valid), float(total), f"markers without a citation: {sorted(dangling)}" if dangling else "")


def recall(_item: Item, reply: Reply, sources: Sources) -> Score:
    """Sentences with a valid citation that the reader sees, of all sentences; text beside the sentences is uncited."""
    answer = _answered(reply)
    if answer is None:
        return UNSCORED
    shown = markers_in(answer.text)
    valid = {citation.marker for citation in answer.citations if is_valid(citation, sources)} & shown
    cited = sum(bool(valid & set(sentence.markers)) for sentence in answer.sentences)
    beside = uncited_pieces(answer)
    total = len(answer.sentences) + len(beside)
    if total == 0:
        return Score(0.0, 1.0, "an answer without a sentence")
    return Score(float(cited), float(total), "uncited: " + " | ".join(beside) if beside else "")


def precision(_item: Item, reply: Reply, _sources: Sources) -> Score:
    """Citations whose quote supports their sentence, of all citations that sentences carry."""
    answer = _answered(reply)
    if answer is None:
        return UNSCORED
    cited = {citation.marker: citation for citation in answer.citations}
    pairs = [_sentence_score(sentence, cited) for sentence in answer.sentences]
    total = sum(carried for _, carried in pairs)
    if total == 0:
        return Score(0.0, 1.0, "no sentence carries a citation")
    return Score(float(sum(good for good, _ in pairs)), float(total))


def refusal_clean(_item: Item, reply: Reply, _sources: Sources) -> Score:
    """A refusal cites nothing."""
    answer = reply.answer
    if answer is None or answer.outcome.is_answer:
        return UNSCORED
    return yes_no(not answer.citations and not markers_in(answer.text))


def _asked(item: Item) -> bool:
    return item.case.task == "ask"


METRICS = (
    Metric(
        name="citation_validity", title="Citations valid", applies=_asked, score=validity,
        about="Citations whose quote is an exact piece of the named passage, and the passage of the named source.",
    ),
    Metric(
        name="citation_recall", title="Sentences cited", applies=_asked, score=recall,
        about="Sentences of answers that carry a valid citation.",
    ),
    Metric(
        name="citation_precision", title="Citations that support", applies=_asked, score=precision,
        about="Citations whose quote holds the sentence, or its figures, its names and half its words; nothing denied.",
    ),
    Metric(
        name="refusal_clean", title="Refusals without citations", applies=_asked, score=refusal_clean,
        about="Refusals that neither cite nor show a marker.",
    ),
)  # fmt: skip
