"""The one place where text from documents, questions and models becomes HTML. Pure.

Everything that reaches a page passes through `escape` (text and attribute values) or `safe_url` (link targets).
"""

import html
import re
import unicodedata
from urllib.parse import urlsplit

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Gradio runs the content of an HTML block through its template languages, in which these three begin expressions.
_TEMPLATE_SIGNS = {ord("{"): "&#123;", ord("}"): "&#125;", ord("$"): "&#36;", ord("`"): "&#96;"}
_URL_SPACE = re.compile(r"[\s\x00-\x20\x7f\\]")
URL_CHARS_MAX = 2_000


def plain(text: str) -> str:
    """The text without characters that a page must not carry: controls, lone surrogates, direction overrides."""
    return "".join(
        char
        for char in text
        if char in "\n\t" or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in _BIDI_OVERRIDES)
    )


def escape(text: str) -> str:
    """The text for use between tags or in a double-quoted attribute; markup in it is shown, never obeyed."""
    return html.escape(plain(text), quote=True).translate(_TEMPLATE_SIGNS)


def safe_url(url: str) -> str | None:
    """The address escaped for an href, or None unless it is an absolute http or https address with a host."""
    if not url or len(url) > URL_CHARS_MAX or _URL_SPACE.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.username is not None:
        return None
    return escape(url)
