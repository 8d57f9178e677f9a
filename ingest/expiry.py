"""Until when something can be had, as the text itself says it: "applications close on 31 March 2025". Pure."""

import re

from ingest.found_dates import written_dates
from rag.sentences import split_sentences

LONG_TEXT_CHARS = 15_000
"""A longer text is a report that mentions deadlines, not the notice of one."""
_WHAT = (
    r"(?:applications?|entries|nominations?|registrations?|bids?|submissions?|proposals?|tenders?|bookings?"
    r"|expressions? of interest|consultations?|calls?|competitions?|rounds?|(?:application )?windows?|offers?|schemes?"
    r"|funds?|programmes?|grants?|surveys?|vouchers?)"
)
_CLOSES = r"(?:will close|closes?|closing|are due|is due|will end|ends?|expires?|must be (?:received|submitted|made))"
_RULES = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        rf"\b{_WHAT}\b[^.;]{{0,80}}?\b{_CLOSES}\b[^.;]{{0,40}}$",
        r"\b(?:closing date|deadline|last day|final date)\b[^.;]{0,80}$",
        r"\b(?:apply|register|submit|respond|enter|book|sign up|express (?:an |your )?interest)\b[^.;]{0,80}"
        r"\b(?:by|before|until|no later than)\b[^.;]{0,30}$",
        r"\b(?:open|available|valid|runs?|running)\b[^.;]{0,60}\b(?:until|till|to)\b[^.;]{0,25}$",
    )
)
_PAST = re.compile(r"\b(?:closed|ended|expired|ran|was open|were due|was due|last year)\b", re.IGNORECASE)


def find_expiry(text: str, published: str | None) -> tuple[str, str] | None:
    """The last date until which the text says that something is open, and the sentence that says so; else None.

    A date before `published` is no deadline. A date without a year is none either: nothing says which year is meant.
    """
    if len(text) > LONG_TEXT_CHARS:
        return None
    found: list[tuple[str, str]] = []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        if _PAST.search(sentence):
            continue
        for first, _, value in written_dates(sentence):
            before = sentence[max(0, first - 200) : first]
            if any(rule.search(before) for rule in _RULES) and value >= (published or "")[: len(value)]:
                found.append((value, sentence))
    return max(found, default=None)
