"""Completes a question from the conversation when, and only when, it leans on it. Rules alone, no model."""

import re
from collections.abc import Sequence

from rag.cite import MARKER
from rag.types import Turn
from rag.words import STOP_WORDS, fold, is_content, tokens

_NOUNS = (
    "fund|scheme|programme|project|company|campus|building|centre|park|network|partnership|deal|grant|course|hub|"
    "trial|system|tool|app|plan|report|trust|hospital|software|firm|start-?up|contract|money|round|platform|service|"
    "council|university|group|body|lab|laboratory|study|survey|pilot|event|conference|award|prize|team|product|"
    "technology|accelerator|incubator|zone|college|school|academy|investment|loan|strategy|charity"
)
_THING = re.compile(rf"\b(?:the|that|this|those|these) (?:same |whole |new )?(?P<noun>{_NOUNS})s?\b")
"""A thing named by its kind alone."""
_PLACE_IN_LIST = re.compile(
    r"\b(?:the|that) (?P<place>first|second|third|fourth|fifth|last|other|former|latter)"
    r"(?: one|(?=\s*[?.,!]|$| is\b| was\b| does\b| did\b| has\b| have\b))"
)
_PRONOUN = re.compile(
    r"\b(?:it(?! (?:true|possible|rain|snow|that)\b)|its|it's|they|them|their|theirs|he|she|him|his|hers?|those|these|"
    r"this|that|the same|either|both of|(?<!is )(?<!are )(?<!was )(?<!were )there)\b"
)
_STANDS_FOR = re.compile(
    r"\b(?:it(?! (?:true|possible|rain|snow|that)\b)(?!['’])|they|them|he|she|him|(?P<whose>its|their|his))\b"
    rf"|{_PLACE_IN_LIST.pattern}(?:['’]s)?",
    re.IGNORECASE,
)
"""Words in whose place a name can stand."""
_COMPARES = re.compile(
    r"\b(?:compare[ds]?|bigger|larger|smaller|older|newer|earlier|later|more|less|fewer|better|both|either|difference|"
    r"differ|which of|same|versus|vs)\b"
)
_PLURAL = re.compile(r"\b(?:they|them|their|both|either|those|these|which of|the two|compare[ds]?|difference)\b")
_ORDINALS = {"first": 0, "former": 0, "second": 1, "latter": -1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_OPENING = re.compile(
    r"^(?:and|but|so|also|then|ok|okay|what about|how about|what else|anything else|more|why|since when)\b"
)
_INSTEAD = re.compile(
    r"^(?:(?:and|but|so|ok|okay|then)[ ,]+)*(?:(?:what about|how about|and)\s+)*"
    r"(?:(?P<opening>in|for|at|near|from)\s+)?(?:the\s+)?(?P<rest>.*?)[ ?.!]*$"
)
_NAME = re.compile(
    r"\b[A-Z][\w&.'’£-]*(?:\s+(?:(?:of|and|the|for|&)\s+)?[A-Z][\w&.'’-]*)*(?: \d{1,2}\b)?"
    r"|\b[a-z]+[A-Z]\w*\b"
)
"""Runs of capitalised words, with a number behind them as in "Version 1", and words such as iCentrum."""
_PLACE = re.compile(
    r"\b(?:birmingham|coventry|dudley|sandwell|solihull|walsall|wolverhampton|warwick|warwickshire|worcester|"
    r"worcestershire|staffordshire|stafford|stoke|stoke-on-trent|telford|shropshire|shrewsbury|hereford|herefordshire|"
    r"malvern|leamington|leamington spa|rugby|tamworth|lichfield|redditch|black country|west midlands|the midlands)\b"
)
"""Places of the region by which people narrow a question."""
_ASKS_FOR_A_NAME = re.compile(r"\b(?:who|which|what (?:is|was) the (?:name|first))\b")
_TOO_GENERAL = frozenset({"AI", "UK"})
"""Names that say nothing about what a conversation is about."""
_DIFFER = "Sources differ:"
_ASKS = frozenset(
    ["how", "who", "when", "where", "why", "which", "what", "is", "was", "are", "were", "do", "does", "did", "can"]
)
_OPEN_TERMS = 4
"""After an opening such as "and", a question with more content words than this is a new one."""
_WHOLE_TERMS = 5
"""With this many content words a question says itself what its pronouns stand for."""
_BARE_TERMS = 2
"""With so few content words and no name a question says too little to stand alone."""
_RESTRICTED = re.compile(r"\b(?:in|at|for|of|by|with|from|near|about) (?!the\b|that\b|this\b|total\b)[a-z]{3,}")
"""Says where or for what by itself: "how many start-ups in coventry"."""


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation; unchanged where it does not lean on it."""
    if not history or not leans(question):
        return question
    previous = history[-1]
    earlier = condense(previous.question, history[:-1])
    instead = _INSTEAD.match(question.strip()[:1].lower() + question.strip()[1:])
    if instead and _is_fragment(instead.group("rest")):
        return _replace_subject(earlier, instead.group("opening") or "", instead.group("rest"))
    subject = _pointed_at(question, history) or _subject(question, earlier, previous.answer)
    return _with_subject(question, subject) if subject else question


def _with_subject(question: str, subject: str) -> str:
    """The question with one name in the place of what stands for it, else with the subject in brackets behind it."""
    pointers = list(_STANDS_FOR.finditer(question))
    if len(pointers) != 1 or ", " in subject:
        return f"{question.rstrip(' ?.!')} ({subject})?"
    pointer = pointers[0]
    owned = "'s" if pointer["whose"] or pointer.group().endswith(("'s", "’s")) else ""
    return f"{question[: pointer.start()]}{subject}{owned}{question[pointer.end() :]}"


def leans(question: str) -> bool:
    """Whether the wording points back: a pronoun, a bare 'the fund', an opening such as 'and', hardly any content."""
    plain = fold(question)
    names = [fold(name) for name in _names(question) if name not in _TOO_GENERAL]
    content = [word for word in tokens(question) if is_content(word)]
    opening = bool(_OPENING.search(plain))
    if _PLACE_IN_LIST.search(plain):
        return True
    pointer = _PRONOUN.search(plain)
    if pointer:
        return (opening and not names) or not _says_itself(plain[: pointer.end()], names, len(content))
    if opening:
        return len(content) <= _OPEN_TERMS
    if _THING.search(plain):
        return not names and len(content) <= _WHOLE_TERMS
    return not names and len(content) <= _BARE_TERMS and not (len(content) > 1 and _RESTRICTED.search(plain))


def _says_itself(before: str, names: Sequence[str], terms: int) -> bool:
    """Whether what the pronoun stands for is in the question: a name or some words before it, or much content."""
    # "Birmingham's council, what does it do with AI?" says it; "and in Worcestershire, how many has it helped?" says
    # only where.
    named = any(
        name in before and not re.search(rf"\b(?:in|at|for|near|from) {re.escape(name)}", before) for name in names
    )
    described = len([word for word in tokens(before) if is_content(word)]) > _BARE_TERMS and not _THING.search(before)
    return named or described or (terms >= _WHOLE_TERMS and not _THING.search(before))


def _pointed_at(question: str, history: Sequence[Turn]) -> str:
    """What "the second one", "the fund" or "which of them" names in the turns before; empty for other wordings."""
    plain = fold(question)
    place = _PLACE_IN_LIST.search(plain)
    if place:
        return _listed(history, place["place"])
    if len(history) > 1 and _COMPARES.search(plain) and _PLURAL.search(plain):
        both = [_topic(history[: len(history) - back]) for back in (1, 0)]
        return ", ".join(dict.fromkeys(name for name in both if name))
    thing = _THING.search(plain)
    if thing:
        said = (name for turn in reversed(history) for name in _said_names(turn))
        return next((name for name in said if re.search(rf"\b{thing['noun']}\b", fold(name))), "")
    return ""


def _listed(history: Sequence[Turn], place: str) -> str:
    """The thing at a place of the latest answer that lists several: each sentence shown speaks of one."""
    for back, turn in enumerate(reversed(history)):
        shown = [part for part in MARKER.split(turn.answer.removeprefix(_DIFFER).strip())[::2] if part.strip()]
        leads = list(dict.fromkeys(names[0] for part in shown if (names := _answer_names(part))))
        if place == "other" and len(history) - back > 1:
            return _topic(history[: len(history) - back - 1])
        if place in _ORDINALS and len(leads) > max(_ORDINALS[place], 0):
            return leads[_ORDINALS[place]]
    return ""


def _topic(history: Sequence[Turn]) -> str:
    """What the last of these turns is about: the first name of its completed question, or of its answer."""
    earlier = condense(history[-1].question, history[:-1])
    asked = [name for name in _names(earlier) if name not in _TOO_GENERAL]
    return (asked or _answer_names(history[-1].answer) or [""])[0]


def _said_names(turn: Turn) -> list[str]:
    """Names of a turn, those of the question first."""
    return [*_names(turn.question), *_answer_names(turn.answer)]


def _answer_names(text: str) -> list[str]:
    """Names of what was shown, general ones left out."""
    return [name for name in _names(MARKER.sub(" ", text)) if name not in _TOO_GENERAL]


def _is_fragment(rest: str) -> bool:
    """Whether what follows 'what about' is a bare name or place rather than a question of its own."""
    words = tokens(rest)
    plain = fold(rest)
    points = _PRONOUN.search(plain) or _THING.search(plain) or _PLACE_IN_LIST.search(f"the {plain}")
    return 0 < len(words) <= 5 and not _ASKS & set(words) and not points


def _replace_subject(earlier: str, opening: str, replacement: str) -> str:
    """The earlier question asked of something else: the name in the same role gives way to the replacement."""
    names = [name for name in _names(earlier) if name not in _TOO_GENERAL]
    if not names:
        return f"{earlier.rstrip(' ?.!')} {replacement}?"
    after = [name for name in names if opening and re.search(rf"\b{opening} (?:the )?{re.escape(name)}", earlier)]
    begin = earlier.index((after or names)[0])
    return earlier[:begin] + replacement + earlier[begin + len((after or names)[0]) :]


def _subject(question: str, earlier: str, answer: str) -> str:
    """What the conversation is about: names of the earlier question and new ones of the sentence that answered it.

    Where the question names a place of its own, the earlier one's places give way.
    """
    elsewhere = bool(_PLACE.search(fold(question)))
    asked = [name for name in _names(earlier) if name not in _TOO_GENERAL]
    lead = MARKER.split(answer.removeprefix(_DIFFER).strip())[0]
    known = fold(" ".join(asked[:2]))
    answered = [name for name in _names(lead) if name not in _TOO_GENERAL and fold(name) not in known][:1]
    if elsewhere:
        asked = [name for name in asked if not _PLACE.fullmatch(fold(name))]
        answered = [name for name in answered if not _PLACE.search(fold(name))]
    asked = asked[:2]
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
