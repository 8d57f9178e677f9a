"""What a text denies: words in the scope of a negation, clause by clause.

After NegEx (Chapman et al. 2001): a cue denies the words that follow it up to the end of its clause. It reads words,
not grammar, so its limits are known: it does not see denial by opposites ("excluded", "turned down"), by contrast
("firms, rather than students"), by a cue behind what it denies ("the claim is false"), or across clauses ("They asked
to join. We said no."), and two cues in one clause deny once.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from evals.text import normalise, without_markers
from rag.words import is_content, stem, tokens

_CUE = re.compile(
    r"\b(?:no longer|not yet|yet to|not|no|never|none|nobody|nothing|neither|nor|cannot|without|hardly|barely|"
    r"unable to|unlikely to|fail(?:s|ed|ing)? to|refus(?:e|es|ed|ing) to|lack(?:s|ed|ing)?|(?:[a-z]+n't))\b"
)
_NO_CUE = re.compile(
    r"\bnot (?:only|just|merely|least|to mention|without)\b|\bno (?:doubt|fewer|less|more|later|earlier) than\b|"
    r"\bno doubt\b|\bnever fail\w* to\b|\bcannot but\b|\bno\.? ?\d+|\bwhy not\b|\bwhether or not\b"
)
"""Words of denial that deny nothing."""
_CLAUSE_END = re.compile(
    r"[;:!?()\n]|,(?!\d{3}\b)|\.(?!\d)|\s-\s|\b(?:but|although|though|while|whereas|however|because|except|unless|until|"
    r"since|so|which|who|where|when|if|and)\b"
)
_LEADING = re.compile(r"^\W*(yes|no)\b(?!\.? ?\d| (?:doubt|longer|fewer|less|more|later|earlier)\b)")
_OVER = frozenset({"closed", "ended", "cancelled", "scrapped", "withdrawn", "abandoned", "unchanged", "stopped"})
"""Words that deny what was asked about where the question does not use them itself."""


@dataclass(frozen=True, slots=True)
class Denial:
    """The content of a text by stem."""

    scopes: tuple[frozenset[str], ...]
    """What each cue denies; cues with no content behind them are left out."""
    denied: frozenset[str]
    affirmed: frozenset[str]
    """Said at least once outside of every scope; a word can be both."""
    bare: bool
    """Whether a cue stands alone, as in "they never did"."""


@lru_cache(maxsize=4096)
def denial(text: str) -> Denial:
    """What a text denies and what it affirms; markers are left out."""
    plain = _NO_CUE.sub(lambda match: " " * len(match[0]), _plain(text))
    scopes: list[frozenset[str]] = []
    affirmed: set[str] = set()
    bare = False
    for clause in _CLAUSE_END.split(plain):
        cue = _CUE.search(clause)
        affirmed |= _content(clause[: cue.start()] if cue else clause)
        if cue:
            scope = _content(_CUE.sub(" ", clause[cue.end() :]))
            scopes += [scope] if scope else []
            bare = bare or not scope
    return Denial(tuple(scopes), frozenset().union(*scopes), frozenset(affirmed), bare)


def _plain(text: str) -> str:
    """Normalised line by line: a new line ends a clause."""
    return "\n".join(normalise(without_markers(line)) for line in text.split("\n"))


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(text) if is_content(word))


def contradicts(sentence: str, quote: str) -> bool:
    """True where one of the two denies what the other affirms.

    It does where more than half of the words that a cue of one denies, as far as the other has them, are affirmed in
    the other and denied nowhere in it. A negation that touches nothing of the other contradicts nothing.
    """
    said, held = denial(sentence), denial(quote)
    return _flipped(said, held) or _flipped(held, said)


def _flipped(one: Denial, other: Denial) -> bool:
    plain = other.affirmed - other.denied
    for scope in one.scopes:
        # What the same text also affirms is not its denial: "not in 2020, but in 2023 it won the fund".
        shared = (scope - one.affirmed) & (other.affirmed | other.denied)
        if shared and 2 * len(shared & plain) > len(shared):
            return True
    return False


def polarity(text: str, question: str = "") -> str:
    """Yes or no, as the text answers a question; empty for an empty text.

    A leading yes or no decides. Else it is no where a word of the question stands in the scope of a negation, or where
    the text says of it that it ended; a negation of something else does not count. Where the text shares no word with
    the question, any negation means no.
    """
    plain = _plain(text).strip()
    if not plain:
        return ""
    leading = _LEADING.match(plain)
    if leading:
        return leading[1]
    found, asked = denial(text), _content(normalise(question))
    over = {stem(word) for word in _OVER} - asked
    if not asked & (found.denied | found.affirmed):
        return "no" if found.scopes or found.bare or over & found.affirmed else "yes"
    denied = asked & (found.denied - found.affirmed)
    return "no" if denied or over & (found.affirmed - found.denied) else "yes"
