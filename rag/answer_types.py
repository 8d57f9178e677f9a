"""What kind of thing a question asks for, and whether a sentence holds such a thing."""

import re
from collections.abc import Callable
from enum import StrEnum

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


class AnswerType(StrEnum):
    """The kind of thing that would answer."""

    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    NAME = "name"
    CONTACT = "contact"
    REASON = "reason"
    ACCESS = "access"


_ASKS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (AnswerType.CONTACT, r"\be-?mails?\b|\bphone\b|\btelephone\b|\bcontact\b|\bget in touch\b|\bwebsite\b"),
        (
            AnswerType.MONEY,
            r"\bhow (?:much|big|large)\b.*\b(?:fund|money|cost|grant|loan|rais|invest|worth|paid|pay|spen[dt]|price|"
            r"revenue|turnover|salar|cheque|ticket|budget|award|charge|fee|rent|sold|borrow|get|give|put)|"
            r"\bhow much\b|\bcosts?\b|\bprice\b|\bsalar(?:y|ies)\b|\bbudget\b|\bturnover\b|\bworth\b|£|\bfees?\b|"
            r"\bvaluation\b|\b(?:biggest|largest|maximum|minimum|smallest) (?:cheque|loan|grant|award|investment)\b",
        ),
        (AnswerType.PERCENT, r"%|\bper ?cent\b|\bpercentage\b|\bproportion\b|\bshare of\b|\bwhat (?:share|rate)\b"),
        (
            AnswerType.DATE,
            r"\bwhen\b|\bwhat (?:year|date|month|day)\b|\bwhich (?:year|month|day)\b|\bsince when\b|\bhow long ago\b|"
            r"\bwhat time\b|\bdeadline\b|\bhow (?:old|recent)\b|\bopening date\b|\buntil when\b|\bby when\b",
        ),
        (
            AnswerType.NUMBER,
            r"\bhow (?:many|big|large|long|far|fast|old|tall|accurate|few|often)\b|\bnumber of\b|\bhow much space\b|"
            r"\bcount of\b|\bsize of\b|\bsq(?:uare)?\b|\bcapacity\b|\btotal\b",
        ),
        (
            AnswerType.PERSON,
            r"\bwho(?:'s|s| is| was| are| were| runs| leads| heads| founded| started| set up| wrote| said| says)?\b|"
            r"\bwhose\b|\bfounders?\b|\bchief exec|\bceo\b|\bdirector\b|\bchair(?:man|woman|ed)?\b|\bboss\b",
        ),
        (
            AnswerType.NAME,
            r"\bwhich\b|\bwhat (?:is|was|are|were) the names?\b|\bwhat(?:'s| is| was) .* called\b|\bwhere\b|"
            r"\bname (?:the|a|some|one|of)\b",
        ),
        (AnswerType.REASON, r"\bwhy\b|\breasons?\b|\bbecause\b|\bwhat for\b|\bpurpose\b"),
        (AnswerType.ACCESS, r"\bapply\b|\bapplications?\b|\bstill open\b|\bopen (?:now|to)\b|\bclosed?\b|\beligib"),
    )
)

_NUMBER_WORDS = (
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?|half|"
    r"a third|a quarter|doubled?|twice|tripled?|none|single)\b"
)

_HOLDS: dict[AnswerType, re.Pattern[str]] = {
    AnswerType.MONEY: re.compile(
        r"[£$€]\s?\d|\b\d[\d,.]*\s?(?:million|billion|m|bn|k)?\s?(?:pounds|euros?|dollars)\b", re.I
    ),
    AnswerType.PERCENT: re.compile(rf"\d\s?%|\bper ?cent\b|{_NUMBER_WORDS}", re.IGNORECASE),
    AnswerType.DATE: re.compile(rf"\b(?:19|20)\d\d(?:/\d\d)?\b|\b(?:{MONTHS})\b"),
    AnswerType.NUMBER: re.compile(rf"\d|{_NUMBER_WORDS}", re.IGNORECASE),
    AnswerType.PERSON: re.compile(r"\b[A-Z][a-zà-ÿ'’-]+ (?:[A-Z]\.? )?(?:Mc|Mac|O'|de |van |al-)?[A-Z][a-zà-ÿ'’-]+\b"),
    AnswerType.NAME: re.compile(r"(?<=[a-z,] )[A-Z][\w&'’-]+"),
    AnswerType.CONTACT: re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\bhttps?://|\bwww\.|\b0\d{3,4}[ \d]{6,}"),
    AnswerType.REASON: re.compile(
        r"\bbecause\b|\bso that\b|\bto (?:help|support|make|let|give|reduce|improve|create|boost|allow|develop)\b|"
        r"\baims? (?:to|at)\b|\bdue to\b|\bsince\b|\bowing\b|\breason",
        re.IGNORECASE,
    ),
    AnswerType.ACCESS: re.compile(
        r"\bclosed?\b|\bopen(?:s|ed)?\b|\bfully allocated\b|\bno (?:more|longer)\b|\bended\b|\bfinished\b|\bapply\b|"
        r"\bapplications?\b|\beligib|\bup to\b|\bmust\b|\bdeadline\b",
        re.IGNORECASE,
    ),
}


def asked_types(question: str) -> frozenset[AnswerType]:
    """The kinds of thing that the wording asks for; empty when it is open."""
    found = {kind for kind, pattern in _ASKS if pattern.search(question)}
    # "How many" asks for a number even where "how much" words stand near it; "how big is the fund" asks for either.
    if re.search(r"\bhow many\b", question, re.IGNORECASE):
        found.discard(AnswerType.MONEY)
    return frozenset(found)


def holds(kind: AnswerType) -> Callable[[str], bool]:
    """A test for whether a text holds a thing of that kind."""
    pattern = _HOLDS[kind]
    return lambda text: pattern.search(text) is not None


def values(text: str) -> frozenset[str]:
    """The figures of a text as written, without spaces: £12.5m, 35%, 2024, 1,200."""
    return frozenset(
        match.group().replace(" ", "").rstrip(".,").casefold()
        for match in re.finditer(r"[£$€]?\d[\d,.]*(?:\s?(?:%|bn\b|m\b|k\b|million\b|billion\b))?", text)
    )
