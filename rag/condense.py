"""Completes a question from the conversation when, and only when, it leans on it. Rules alone, no model."""

import re
from collections.abc import Sequence

from rag.cite import MARKER
from rag.types import Turn
from rag.words import STOP_WORDS, fold, is_content, tokens

_PRONOUN = re.compile(
    r"\b(?:it|its|it's|they|them|their|theirs|he|she|him|his|hers?|those|these|this|that|the same|"
    r"(?<!is )(?<!are )(?<!was )(?<!were )there|"
    r"the (?:first|second|third|last|other|former|latter)(?: one)?|the (?:fund|scheme|programme|project|company|campus|"
    r"building|centre|park|network|partnership|deal|grant|course|hub|trial|system|tool|app|plan|report|trust|hospital))\b"
)
_OPENING = re.compile(
    r"^(?:and|but|so|also|then|ok|okay|what about|how about|what else|anything else|more|why|since when)\b"
)
_INSTEAD = re.compile(
    r"^(?:(?:and|but|so|ok|okay|then)[ ,]+)*(?:(?:what about|how about|and)\s+)*"
    r"(?:(?P<opening>in|for|at|near|from)\s+)?(?:the\s+)?(?P<rest>.*?)[ ?.!]*$"
)
_NAME = re.compile(r"\b[A-Z][\w&.'’£-]*(?:\s+(?:(?:of|and|the|for|&)\s+)?[A-Z][\w&.'’-]*)*")
_ASKS_FOR_A_NAME = re.compile(r"\b(?:who|which|what (?:is|was) the (?:name|first))\b")
_TOO_GENERAL = frozenset({"AI", "UK"})
"""Names that say nothing about what a conversation is about."""
_ASKS = frozenset(
    ["how", "who", "when", "where", "why", "which", "what", "is", "was", "are", "were", "do", "does", "did", "can"]
)
_SELF_CONTAINED_TERMS = 4
"""A question with this many content words, none of them a pronoun, stands on its own."""


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation; unchanged where it does not lean on it."""
    if not history or not leans(question):
        return question
    previous = history[-1]
    earlier = condense(previous.question, history[:-1])
    instead = _INSTEAD.match(question.strip()[:1].lower() + question.strip()[1:])
    if instead and _is_fragment(instead.group("rest")):
        return _replace_subject(earlier, instead.group("opening") or "", instead.group("rest"))
    subject = _subject(earlier, previous.answer)
    return f"{question.rstrip(' ?.!')} ({subject})?" if subject else question


def leans(question: str) -> bool:
    """Whether the wording points back: a pronoun, a bare 'the fund', an opening such as 'and', hardly any content."""
    plain = fold(question)
    names = [name for name in _names(question) if name not in _TOO_GENERAL]
    content = [word for word in tokens(question) if is_content(word)]
    pointer = _PRONOUN.search(plain)
    if pointer:
        # A name before the pronoun is what it stands for: "Birmingham's council, what does it do with AI?"
        return not any(name in plain[: pointer.start()] for name in map(fold, names))
    if _OPENING.search(plain):
        return len(content) <= _SELF_CONTAINED_TERMS
    return not names and len(content) <= 2


def _is_fragment(rest: str) -> bool:
    """Whether what follows 'what about' is a bare name or place rather than a question of its own."""
    words = tokens(rest)
    return 0 < len(words) <= 5 and not _ASKS & set(words) and not _PRONOUN.search(fold(rest))


def _replace_subject(earlier: str, opening: str, replacement: str) -> str:
    """The earlier question asked of something else: the name in the same role gives way to the replacement."""
    names = [name for name in _names(earlier) if name not in _TOO_GENERAL]
    if not names:
        return f"{earlier.rstrip(' ?.!')} {replacement}?"
    after = [name for name in names if opening and re.search(rf"\b{opening} (?:the )?{re.escape(name)}", earlier)]
    begin = earlier.index((after or names)[0])
    return earlier[:begin] + replacement + earlier[begin + len((after or names)[0]) :]


def _subject(earlier: str, answer: str) -> str:
    """What the conversation is about: names of the earlier question and new ones of the sentence that answered it."""
    asked = [name for name in _names(earlier) if name not in _TOO_GENERAL][:2]
    lead = MARKER.split(answer.removeprefix("Sources differ:").strip())[0]
    known = fold(" ".join(asked))
    answered = [name for name in _names(lead) if name not in _TOO_GENERAL and fold(name) not in known][:1]
    if asked and not _ASKS_FOR_A_NAME.search(fold(earlier)):
        answered = []
    if asked or answered:
        return ", ".join([*answered, *asked])
    return " ".join([word for word in tokens(earlier) if is_content(word)][:8])


def _names(text: str) -> list[str]:
    """Capitalised names in order, question words at the start and possessives left out."""
    found = []
    for match in _NAME.finditer(text):
        words = match.group().rstrip(".").split()
        while words and fold(words[0]) in STOP_WORDS:
            words = words[1:]
        if words:
            found.append(re.sub(r"['’]s$", "", " ".join(words)))
    return list(dict.fromkeys(found))
