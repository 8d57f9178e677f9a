"""Lessons from public question sets in SQuAD's format, which teach what an answer is before our own questions do."""

from collections.abc import Iterable, Sequence
from zlib import crc32

from evals.cases import Case
from evals.suites import Suite
from evals.training.pair_lessons import PairLesson
from rag.models.pair_reader import titled
from rag.sentences import split_sentences
from rag.types import Document
from rag.words import content_stems

_HELD_OUT_OF = 40
"""One paragraph of so many is not taught."""
_CHARACTERS_MAX = 240
"""A longer question leaves too little room for the sentence that it is read with."""


def general_lessons(suites: Iterable[Suite], left_out: frozenset[str] = frozenset()) -> list[PairLesson]:
    """Each question with its paragraph's sentences behind the article's title, wrong ones by the words that they share.

    `left_out` are texts of paragraphs that something else is measured on. A paragraph of one sentence teaches nothing,
    and a question of over 240 characters is left out.
    """
    found: list[PairLesson] = []
    for suite in suites:
        by_id = {document.source.id: document for document in suite.documents}
        for case in suite.cases:
            document = by_id[(*case.source_ids, *case.near_miss_source_ids)[0]]
            if document.text not in left_out and len(case.question) <= _CHARACTERS_MAX:
                lesson = _lesson(case, document)
                if lesson.wrong and bool(lesson.right) == bool(case.spans):
                    found.append(lesson)
    return found


def _lesson(case: Case, document: Document) -> PairLesson:
    right: list[str] = []
    wrong: list[str] = []
    for start, end in split_sentences(document.text):
        holds = any(start <= span.start < end for span in case.spans if span.start is not None)
        (right if holds else wrong).append(document.text[start:end])
    asked = content_stems(case.question)
    wrong.sort(key=lambda sentence: -len(asked & content_stems(sentence)))
    return PairLesson(
        question=case.question,
        right=_titled(document.source.title, right),
        wrong=_titled(document.source.title, wrong),
        held_out=crc32(document.source.id.encode()) % _HELD_OUT_OF == 0,
    )


def _titled(title: str, sentences: Sequence[str]) -> tuple[str, ...]:
    return tuple(titled(title, " ".join(sentence.split())) for sentence in sentences)
