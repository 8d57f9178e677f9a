"""A question taken apart: its content words with their weights, the names in it and what kind of thing it asks for."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer_types import AnswerType, asked_types
from rag.words import fold, is_content, stem, tokens

Frequencies = Callable[[Sequence[str]], dict[str, int]]
"""In how many passages each of the words stands, in any of its forms."""

_NAME = re.compile(r"\b[A-Z][\w&.'’-]*(?:\s+(?:of|and|the|for|&)?\s*[A-Z][\w&.'’-]*)*|\b\w*[a-z]\w*[A-Z]\w*\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LATEST = re.compile(
    r"\b(?:latest|newest|now|nowadays|current(?:ly)?|today|most recent|at the moment|these days|still|so far)\b"
)
_LIST = re.compile(
    r"\b(?:list|all the|all of|name (?:the|all|some)|which (?:\w+ ){0,3}(?:are|were|have|got|use|took|run|offer)\b|"
    r"what (?:are|were)\b|who (?:are|were) (?:the|all)|who(?:'s| is)? in\b|who all|examples? of|partners|members|sites|"
    r"which \w+s\b|what \w+s\b)"
)
_COMPARE = re.compile(r"\b(?:compare|compared|versus|vs|difference|differ|different|which numbers|or|both|more than)\b")
_OVERVIEW = re.compile(
    r"^(?:(?:hi|hello|ok|so|and|please|can you|could you) )*(?:tell me|what do you know|give me an overview|explain|"
    r"describe|i want to know|info|information|overview|wh(?:at|o)(?:'s| is| are))\b(?: more)?(?: about| on| of)?"
)
_YES_NO = re.compile(
    r"^(?:so |and |but |then |ok |hi |hello |please )*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|"
    r"should|may|any|am)\b"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question."""

    word: str
    """Folded."""
    stem: str
    weight: float
    """Inverse document frequency, ln((N + 1) / (n + 0.5)); never below 0.1."""
    known: bool
    """Whether any passage holds it."""
    name: bool
    """Whether it stands in a name, by its capital."""


@dataclass(frozen=True, slots=True)
class Question:
    """What retrieval and the reader look at."""

    text: str
    """As asked, spelling repaired."""
    terms: tuple[Term, ...]
    """Each content word once, in order."""
    types: frozenset[AnswerType]
    names: tuple[str, ...]
    """Capitalised names, folded."""
    years: tuple[str, ...]
    wants_latest: bool
    wants_list: bool
    wants_comparison: bool
    wants_yes_no: bool
    wants_overview: bool
    """Whether it asks about a thing in general, so that any sentence about the thing answers."""

    @property
    def weight(self) -> float:
        """Sum of the terms' weights; 0 for a question without a content word."""
        return sum(term.weight for term in self.terms)

    @property
    def unknown_share(self) -> float:
        """Share of the weight that lies on words no passage holds, in [0, 1]; words of other scripts do not count."""
        terms = [term for term in self.terms if term.word.isascii()]
        total = sum(term.weight for term in terms)
        return sum(term.weight for term in terms if not term.known) / total if total else 0.0


def analyse(text: str, frequencies: Frequencies, passage_count: int) -> Question:
    """Take a question apart; `frequencies` counts passages among `passage_count`."""
    words = list(dict.fromkeys(word for word in tokens(text) if is_content(word)))
    counts = frequencies(words)
    names = _names(text)
    in_names = {word for name in names for word in tokens(name)}
    terms: dict[str, Term] = {}
    for word in words:
        weight = math.log((passage_count + 1) / (counts[word] + 0.5))
        term = Term(word, stem(word), max(weight, 0.1), counts[word] > 0, word in in_names)
        terms.setdefault(term.stem, term)
    plain = fold(text)
    return Question(
        text=text,
        terms=tuple(terms.values()),
        types=asked_types(text),
        names=names,
        years=tuple(_YEAR.findall(text)),
        wants_latest=bool(_LATEST.search(plain)),
        wants_list=bool(_LIST.search(plain)),
        wants_comparison=bool(_COMPARE.search(plain)),
        wants_yes_no=bool(_YES_NO.search(plain)),
        wants_overview=bool(_OVERVIEW.match(plain)) and bool(words) and all(word in in_names for word in words),
    )


def _names(text: str) -> tuple[str, ...]:
    """Names by their capitals; the first word counts only where it is not a plain question word."""
    found = []
    for match in _NAME.finditer(text):
        words = [word for word in tokens(match.group()) if is_content(word)]
        if words:
            found.append(" ".join(words))
    return tuple(dict.fromkeys(found))
