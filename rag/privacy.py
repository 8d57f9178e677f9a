"""Personal details in what people type: such a question is neither kept nor handed to a search or a model. Pure."""

import re
from enum import StrEnum

from rag.words import fold


class Detail(StrEnum):
    """What kind of personal detail was found."""

    CARD = "card"
    NATIONAL_INSURANCE = "national_insurance"
    EMAIL = "email"
    TELEPHONE = "telephone"
    ACCOUNT = "account"


# All patterns run on folded text: NFKC, lower case, plain hyphens, single spaces.
_DIGITS = re.compile(r"(?<![\d.,£$€])\d(?:[ .-]?\d){12,18}(?!\d)")
_CARD_WORDS = re.compile(r"\b(?:card|visa|mastercard|maestro|amex|debit|credit card|cvv|cvc)\b")
_NATIONAL_INSURANCE = re.compile(
    r"\b(?:qq|(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z])"
    r"(?:[ .-]?\d{2}){3}[ .-]?[a-d]\b"
)
_EMAIL = re.compile(
    r"(?P<local>[\w.!#$%&'*+/=?^`{|}~-]+)\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[\w-]+)+"
    r"|\b[\w.-]+ at [\w-]+ dot (?:co dot uk|com|org|net|uk|io|ac dot uk)\b"
)
_OFFICES = frozenset(
    [
        "info",
        "hello",
        "contact",
        "enquiries",
        "inquiries",
        "press",
        "office",
        "admin",
        "support",
        "help",
        "media",
        "team",
    ]
)
"""Addresses of these names belong to an organisation's desk rather than to a person."""
_NUMBER = r"(?:\+ ?44|00 ?44|\(?0)[ ().-]*(?:\d[ ().-]*){8,9}\d(?!\d)"
_MOBILE = re.compile(r"(?<![\d+])(?:\+ ?44[ ().-]*(?:\(0\))?[ .-]*|00 ?44[ .-]*|0)7(?:[ .-]?\d){9}(?!\d)")
_TELEPHONE = re.compile(rf"(?<![\d+]){_NUMBER}")
_OWN = re.compile(
    r"\b(?:i'm|i am|me|my|mine|us|our|we|call|ring|text|phone|whatsapp|reach|contact|reply to|sign up|register|book)\b"
)
_ACCOUNT = re.compile(
    r"\bmy (?:card|ni|nino|national insurance|passport|account|nhs|driving licence) (?:number|no)\b.*\d{4}"
    r"|\bsort code\b.*\d{2}"
)


def personal_detail(text: str) -> Detail | None:
    """The first kind of personal detail that the text holds; None where it holds none.

    A card number has 13 to 19 digits and passes the Luhn test (ISO/IEC 7812-1), or stands beside a word for a card.
    An organisation's desk (info@…) and a landline count only where the person speaks of himself or herself.
    """
    plain = fold(text)
    own = bool(_OWN.search(plain))
    cards = [re.sub(r"\D", "", match.group()) for match in _DIGITS.finditer(plain)]
    if cards and (any(map(passes_luhn, cards)) or _CARD_WORDS.search(plain)):
        return Detail.CARD
    if _NATIONAL_INSURANCE.search(plain):
        return Detail.NATIONAL_INSURANCE
    if any(own or match["local"] not in _OFFICES for match in _EMAIL.finditer(plain)):
        return Detail.EMAIL
    if _MOBILE.search(plain) or (own and _TELEPHONE.search(plain)):
        return Detail.TELEPHONE
    return Detail.ACCOUNT if _ACCOUNT.search(plain) else None


def passes_luhn(digits: str) -> bool:
    """Whether a string of decimal digits passes the Luhn test; all zeros do not count."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0 and bool(digits.strip("0"))
