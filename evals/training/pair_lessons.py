"""What the pair reader is taught: questions with sentences that answer, and with those that only look like it."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import track

from evals.fit.examples import labels
from evals.fit.questions import TrainingQuestion
from evals.training.alike import says_the_same
from rag.config import Settings
from rag.features import Candidate
from rag.fitted import load_fitted
from rag.models import load_embedder
from rag.models.pair_reader import titled
from rag.models.sentence_reader import SentenceReader
from rag.reader import Reader
from rag.retrieve import Retriever
from rag.store import Store

_NAME = re.compile(r"(?<=[a-z] )[A-Z][\w&.'’-]*(?: (?:of |and |the |for )?[A-Z][\w&.'’-]*)*")
_YEAR = re.compile(r"\b20[12]\d\b")
_YEARS_OFF = (-4, -3, -2, -1, 1, 2, 3, 4)
_TRIES = 5
_READ = 40
"""Sentences of which the wrong ones are taken."""


@dataclass(frozen=True, slots=True)
class PairLesson:
    """A question with right sentences, none where the corpus does not answer, and wrong ones, hardest first."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    held_out: bool


def pair_lessons(settings: Settings, questions: Sequence[TrainingQuestion], console: Console) -> list[PairLesson]:
    """Each question but those to decline; sentences stand behind their source's title, as they are read."""
    found = []
    with Store.open(settings) as store:
        view, retriever = store.view(), Retriever(load_embedder(settings), settings)
        reader = Reader(SentenceReader(settings.embed_threads), load_fitted(), _READ)
        asked = [item for item in questions if item.kind != "decline"]
        for item in track(asked, "Preparing pairs", console=console):
            search = retriever.find(item.question, view)
            candidates = [judged.candidate for judged in reader.read(search.question, search.candidates).judged]
            right = labels(item, candidates)
            good = [candidates[index] for index in np.flatnonzero(right)]
            bad = [candidates[index] for index in np.flatnonzero(~right)]
            said = [candidate.text for candidate in good]
            wrong = tuple(_titled(candidate) for candidate in bad if not says_the_same(candidate.text, said))
            if wrong and (good or not item.gold):
                lesson = PairLesson(item.question, tuple(map(_titled, good)), wrong, item.split == "held_out")
                found.append(lesson)
    return found


def _titled(candidate: Candidate) -> str:
    return titled(candidate.source.title, candidate.text)


def names_in(lessons: Sequence[PairLesson]) -> list[str]:
    """Every capitalised name inside the questions."""
    return sorted({match.group() for lesson in lessons for match in _NAME.finditer(lesson.question)})


def swapped(question: str, sentence: str, names: Sequence[str]) -> str | None:
    """The question about something that the sentence does not speak of: another name or year; None without either."""
    inside = sentence.casefold()
    found = [match for match in _NAME.finditer(question) if match.group().casefold() in inside]
    years = [match for match in _YEAR.finditer(question) if match.group() in sentence]
    if not found and not years:
        return None
    match = random.choice(found + years)  # noqa: S311 - not for secrets
    for _ in range(_TRIES):
        other = _other_year(match.group()) if match in years else random.choice(names)  # noqa: S311
        asked = set(question.casefold().split())
        if other.casefold() not in inside and not asked & set(other.casefold().split()):
            return question[: match.start()] + other + question[match.end() :]
    return None


def _other_year(year: str) -> str:
    return str(int(year) + random.choice(_YEARS_OFF))  # noqa: S311
