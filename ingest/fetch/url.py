"""Addresses of pages as people write them, checked before anything is asked. Pure."""

import re
from dataclasses import dataclass

import httpx

from ingest.fetch.errors import UrlRefused

URL_CHARS_MAX = 2_000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\xa0\\\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_REMEDY = "Give an address such as https://example.org/news."
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
HOST_CHARS_MAX = 253
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, as far as its words go; where its name leads is checked on connecting."""

    url: str
    """Normalised: host in lower case and IDNA, no fragment."""
    scheme: str
    host: str
    """Without brackets."""
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in robots.txt's own address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def looks_like_url(text: str) -> bool:
    """Whether a word of the command line is meant as a web address and not as a path."""
    return "://" in text or bool(re.match(r"https?:", text, re.IGNORECASE))


def parse_url(text: str, base: str = "") -> Target:
    """Check and normalise one address; `base` completes a relative one. Raises UrlRefused."""
    url = text.strip()
    shown = url if len(url) <= 100 else f"{url[:97]}…"
    if not url or len(url) > URL_CHARS_MAX or _UNSEEN.search(url):
        raise UrlRefused(shown, f"{shown!r} is no address: it is empty, too long or holds blanks.", _REMEDY)
    try:
        parsed = httpx.URL(base).join(url) if base else httpx.URL(url)
        host, port = parsed.raw_host.decode("ascii"), parsed.port
        normal = str(parsed.copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise UrlRefused(shown, f"{shown!r} is no address ({error}).", _REMEDY) from error
    if parsed.scheme not in _PORTS:
        raise UrlRefused(shown, f"{shown!r} does not begin with http:// or https://.", _REMEDY)
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise UrlRefused(_without_login(parsed), "The address holds a user name or password.", "Leave them out.")
    if len(host) > HOST_CHARS_MAX or not _HOST.fullmatch(host) or (port is not None and not 0 < port < 65_536):
        raise UrlRefused(shown, f"{shown!r} names no server.", _REMEDY)
    return Target(normal, parsed.scheme, host.lower(), port or _PORTS[parsed.scheme])


def _without_login(url: httpx.URL) -> str:
    """A password is not repeated in a message or a log."""
    return f"{url.scheme}://{url.host}{url.path}"
