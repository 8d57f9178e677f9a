"""Words of any script, in the form in which they are compared with a glossary."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0963\u0970-\u0dff])+")
"""A figure with its separators, or letters with the marks that belong to them; Python's \\w leaves vowel signs out."""

_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        # One letter for what Arabic, Urdu and their keyboards write in several ways.
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ہ": "ه",
        "ھ": "ه",
        "ۃ": "ه",
        "ة": "ه",
        "ں": "ن",
        # Nasal signs that writers use for one another.
        "\u0901": "\u0902",
        "\u0a70": "\u0a02",
        "\u0a01": "\u0a02",
        "\u0a81": "\u0a82",
    }
)
_DROPPED = re.compile(r"[\u0300-\u036f\u0640\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc]")
"""Accents of Latin letters, Arabic vowel signs, the Indic dot below."""
_NATIVE_DIGIT = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Lower case, without accents, vowel signs that people leave out, and differences between keyboards."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", plain).translate(_LETTERS))


def script(word: str) -> str:
    """Script of the first letter by its Unicode name, such as LATIN or GURMUKHI; empty without a letter."""
    letter = next((character for character in word if character.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


def with_plain_digits(text: str) -> str:
    """The text with the decimal digits of every script as 0 to 9."""
    return _NATIVE_DIGIT.sub(lambda match: str(unicodedata.decimal(match.group(), match.group())), text)
