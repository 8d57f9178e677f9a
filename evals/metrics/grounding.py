"""Do the figures and names of each sentence stand in the passages that it cites? Judged without the guide's own gate.

Stricter than `citation_precision` in what it asks of a sentence and looser in where it looks: nothing of the wording is
asked for, but every figure, in digits or in words, and every word with a capital has to be somewhere in the text of a
cited passage. Title, publisher and date of the source do not count.
"""

import re
from collections.abc import Iterator

from evals.items import UNSCORED, Item, Metric, Score, Sources
from evals.records import RecordedAnswer, RecordedSentence, Reply
from evals.text import content_words, figures, names, normalise, without_markers, words
from rag.words import stem

_UNITS = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = {word: number for number, word in enumerate(_UNITS.split(), start=2)} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_INNER = re.compile(r"[.&'-]")


def stray_facts(sentence: str, passages: str) -> tuple[str, ...]:
    """Figures and names of the sentence that are nowhere in the passages' text, figures first."""
    held = frozenset(part for word in words(passages) for part in (word, *_INNER.split(word)))
    said = figures(sentence) | _worded(sentence)
    stray = [f"{value:g}" for value in sorted(said - figures(passages) - _worded(passages))]
    for name in sorted(names(sentence) | _first_name(sentence, passages)):
        if not any(character.isdigit() for character in name) and not _holds(held, name):
            stray.append(name)
    return tuple(stray)


def _worded(text: str) -> frozenset[float]:
    """Numbers written as words, "forty" and "two hundred" alike; the parts of "twenty-five" count one by one."""
    parts = [part for word in words(text) for part in _INNER.split(word)]
    following = [*parts[1:], ""]  # one more where there are no words at all
    return frozenset(
        _NUMBERS[part] * _SCALES.get(after, 1.0)
        for part, after in zip(parts, following, strict=False)
        if part in _NUMBERS
    )


def _holds(held: frozenset[str], name: str) -> bool:
    bare = name.removesuffix("'s")
    return bare in held or all(part in held for part in _INNER.split(bare) if part)


def _first_name(sentence: str, passages: str) -> frozenset[str]:
    """The first word where it carries meaning and no form of it stands in the passages: it may be a name."""
    plain = without_markers(sentence)
    first = frozenset(words(plain)[:1]) & content_words(plain) - frozenset(_NUMBERS)
    return frozenset() if {stem(word) for word in first} & {stem(word) for word in words(passages)} else first


def _cited_text(answer: RecordedAnswer, sentence: RecordedSentence) -> str:
    return "\n".join(one.passage_text for one in answer.citations if one.marker in sentence.markers)


def ungrounded(answer: RecordedAnswer) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sentences of the answer that say a figure or a name that no passage they cite holds, with what is stray."""
    for sentence in answer.sentences:
        stray = stray_facts(sentence.text, _cited_text(answer, sentence))
        if stray:
            yield normalise(sentence.text), stray


def _score(_item: Item, reply: Reply, _sources: Sources) -> Score:
    answer = reply.answer
    if answer is None or not answer.outcome.is_answer or not answer.sentences:
        return UNSCORED
    found = list(ungrounded(answer))
    note = " | ".join(f"{', '.join(stray)}: {text}" for text, stray in found)
    return Score(float(len(found)), float(len(answer.sentences)), note)


METRICS = (
    Metric(
        name="ungrounded", title="Sentences with a stray figure or name", better="lower",
        applies=lambda item: item.case.task == "ask", score=_score,
        about="Sentences of answers that hold a figure or a name that is nowhere in the passages they cite.",
    ),
)  # fmt: skip
