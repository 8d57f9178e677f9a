"""Completes a question from the conversation when, and only when, it leans on it. Rules alone, no model."""

import re
from collections.abc import Sequence

from rag.cite import MARKER
from rag.types import Turn
from rag.words import STOP_WORDS, fold, is_content, tokens

_PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|them|their|theirs|he|she|him|his|hers?|those|these|this|that|there|the same|"
    r"the (?:first|second|third|last|other|former|latter)(?: one)?|the (?:fund|scheme|programme|project|company|campus|"
    r"building|centre|park|network|partnership|deal|grant|course|hub|trial|system|tool|app|plan|report|trust|hospital))\b"
)
_OPENING = re.compile(
    r"^(?:and|but|so|also|then|ok|okay|what about|how about|what else|anything else|more|why|since when)\b"
)
_INSTEAD = re.compile(r"^(?:(?:and|but|so|ok|okay|then)[ ,]+)*(?:what about|how about|and|in|for)\s+(.*?)\??$")
_NAME = re.compile(r"\b[A-Z0-9£][\w&.'’£-]*(?:\s+(?:(?:of|and|the|for|&)\s+)?[A-Z][\w&.'’-]*)*")
_SELF_CONTAINED_TERMS = 4
"""A question with this many content words, none of them a pronoun, stands on its own."""


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation; unchanged where it does not lean on it."""
    if not history or not leans(question):
        return question
    previous = history[-1]
    earlier = condense(previous.question, history[:-1])
    instead = _INSTEAD.match(question.strip()[:1].lower() + question.strip()[1:])
    if instead and _is_fragment(instead.group(1)):
        return _replace_subject(earlier, instead.group(1))
    subject = _subject(earlier, previous.answer)
    return f"{question.rstrip(' ?.!')} ({subject})?" if subject else question


def leans(question: str) -> bool:
    """Whether the wording points back: a pronoun or a bare 'the fund', an opening such as 'and', or hardly any content."""
    plain = fold(question)
    names = [name for name in _names(question) if fold(name) not in STOP_WORDS]
    content = [word for word in tokens(question) if is_content(word)]
    if _OPENING.search(plain):
        return len(content) <= _SELF_CONTAINED_TERMS or bool(_PRONOUN.search(plain))
    if _PRONOUN.search(plain):
        return len(names) == 0 or bool(re.search(r"\b(?:it|they|them|its|their|he|she)\b", plain) and len(names) < 2)
    return not names and len(content) <= 2


def _is_fragment(rest: str) -> bool:
    """Whether what follows 'what about' is a bare name or place rather than a question of its own."""
    words = tokens(rest)
    asks = {
        "how",
        "who",
        "when",
        "where",
        "why",
        "which",
        "what",
        "is",
        "was",
        "are",
        "were",
        "do",
        "does",
        "did",
        "can",
    }
    return 0 < len(words) <= 5 and not asks & set(words) and not _PRONOUN.search(fold(rest))


def _replace_subject(earlier: str, replacement: str) -> str:
    """The earlier question asked of something else: its last name gives way to the replacement."""
    names = _names(earlier)
    if names:
        begin = earlier.rindex(names[-1])
        return earlier[:begin] + replacement + earlier[begin + len(names[-1]) :]
    return f"{earlier.rstrip(' ?.!')} {replacement}?"


def _subject(earlier: str, answer: str) -> str:
    """What the conversation is about: the names of the earlier question, else its content words, else the answer's names."""
    names = _names(earlier)
    if names:
        return ", ".join(names[:3])
    content = [word for word in tokens(earlier) if is_content(word)]
    answered = _names(MARKER.sub("", answer.split("\n")[0]))
    return ", ".join(answered[:2]) if not content else " ".join(content[:8])


def _names(text: str) -> list[str]:
    """Capitalised names in order, question words at the start left out."""
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and fold(words[0]) in STOP_WORDS:
            words = words[1:]
        if words:
            found.append(" ".join(words))
    return list(dict.fromkeys(found))
