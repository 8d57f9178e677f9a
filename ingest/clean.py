"""The text that is indexed: what a person would read, with nothing hidden in it."""

import re
import unicodedata

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls other than tab, line feed, carriage return, next line
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # soft hyphen, bidi, zero width
    "\U000e0000-\U000e007f"  # tags: text that no screen shows
    "\ud800-\udfff"  # halves of a pair, which cannot be written as UTF-8
    "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_TRAILING = re.compile(r"[^\S\n]+(?=\n|\Z)")


def clean_text(text: str) -> str:
    """NFC with line feeds; controls, direction marks, zero-width and tag characters and trailing spaces removed.

    Blank lines at the beginning and the end go too. Cleaning a clean text changes nothing.
    """
    visible = _HIDDEN.sub("", _LINE_ENDS.sub("\n", text))
    return _TRAILING.sub("", unicodedata.normalize("NFC", visible)).strip()


def clean_line(text: str) -> str:
    """The text cleaned, on one line, with single spaces."""
    return " ".join(clean_text(text).split())
