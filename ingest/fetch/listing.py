"""Pages that list other pages: feeds (RSS, Atom), sitemaps and lists of sources. Pure.

A feed or sitemap is known by its root element: servers call either text/xml, text/html or text/plain.
"""

import io
import re
import xml.parsers.expat
from dataclasses import dataclass
from enum import Enum

from ingest.fetch.errors import ListUnreadable, UrlRefused
from ingest.fetch.unpack import GZIP_MAGIC, gunzip
from ingest.fetch.url import looks_like_url, parse_url

SITEMAP_BYTES_MAX = 50_000_000
"""An uncompressed sitemap may have 50 MB (sitemaps.org)."""
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})[\s>/]")
_SKIPPED = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<![^>]*>", re.DOTALL)
_FEED_ROOTS = frozenset({b"rss", b"feed", b"RDF"})
_HEAD_BYTES = 4096
_PARSER_FAILURES = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What feedparser lets through for bytes that are no feed, besides the errors that it notes itself."""


class Kind(Enum):
    """What was fetched."""

    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"


@dataclass(frozen=True, slots=True)
class Listing:
    """The addresses that a listing gives, in its order and without doubles."""

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...] = ()
    """Further sitemaps, for a sitemap index."""
    left_out: tuple[str, ...] = ()
    """Entries that are no addresses, or of another site in a sitemap."""


def kind_of(body: bytes, url: str) -> Kind:
    """Whether a body is a page or lists pages. Raises TransferBroken or BodyTooLarge for a .gz that does not unpack."""
    root = _root(_unzipped(body, url))
    if root in _FEED_ROOTS:
        return Kind.FEED
    return Kind.SITEMAP if root in (b"urlset", b"sitemapindex") else Kind.PAGE


def feed_listing(body: bytes, url: str, content_type: str) -> Listing:
    """The pages of a feed's entries. Raises ListUnreadable for a feed that cannot be taken apart or has no entry."""
    import feedparser  # type: ignore[import-untyped]  # takes a tenth of a second, and few runs read a feed

    # A stream and not bytes: of a string, feedparser would see whether it is an address or a file to open.
    try:
        parsed = feedparser.parse(
            io.BytesIO(_unzipped(body, url)),
            response_headers={"content-location": url, "content-type": content_type or "application/xml"},
            sanitize_html=False,
            resolve_relative_uris=True,
        )
    except _PARSER_FAILURES as error:
        raise ListUnreadable(url, f"{url} cannot be read as a feed ({error}).", "Give the pages' addresses.") from error
    links = [str(entry["link"]) for entry in parsed.entries if entry.get("link")]
    if not links:
        reason = f" ({parsed.bozo_exception})" if parsed.get("bozo") else ""
        raise ListUnreadable(url, f"{url} is a feed without pages{reason}.", "Give the pages' own addresses.")
    return _sorted_out(links, url)


def sitemap_listing(body: bytes, url: str) -> Listing:
    """The addresses of a sitemap or sitemap index (sitemaps.org); only those of the sitemap's own site count.

    Raises ListUnreadable where it is no well-formed XML or declares entities.
    """
    reader = _SitemapReader(url)
    try:
        reader.parser.Parse(_unzipped(body, url), True)
    except (xml.parsers.expat.ExpatError, LookupError, ValueError) as error:  # the last two: encodings of no kind
        raise ListUnreadable(
            url, f"{url} is no well-formed sitemap ({error}).", "Give the pages' addresses."
        ) from error
    pages = _sorted_out(reader.pages, url)
    own = _site(url)
    foreign = tuple(page for page in pages.pages if _site(page) != own)
    sitemaps = _sorted_out(reader.sitemaps, url)
    return Listing(
        tuple(page for page in pages.pages if _site(page) == own),
        tuple(item for item in sitemaps.pages if _site(item) == own),
        (*pages.left_out, *foreign, *sitemaps.left_out, *(item for item in sitemaps.pages if _site(item) != own)),
    )


def is_list_file(name: str) -> bool:
    """Whether a file is a list of sources: sources.txt, or any name that ends in .sources.txt."""
    return name == "sources.txt" or name.endswith(".sources.txt")


def list_file(text: str, name: str) -> tuple[str, ...]:
    """The addresses of a list of sources: one a line; blank lines and what follows a # are left out.

    Raises ListUnreadable, naming the line, for one that is no address.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        entry = re.sub(r"(^|\s)#.*", "", line).strip()
        if not entry:
            continue
        if not looks_like_url(entry):
            raise ListUnreadable(
                name, f"{name}:{number}: {entry[:80]!r} is no web address.", "Write one http(s):// address a line."
            )
        found[entry] = None
    if not found:
        raise ListUnreadable(name, f"{name} lists no address.", "Write one http(s):// address a line.")
    return tuple(found)


class _SitemapReader:
    """Collects the text of <loc> elements under <url> and <sitemap>."""

    def __init__(self, url: str) -> None:
        self.pages: list[str] = []
        self.sitemaps: list[str] = []
        self._url = url
        self._trail: list[str] = []
        self._text = ""
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise ListUnreadable(self._url, f"{self._url} declares a document type, as no sitemap does.", "")

    def _start(self, name: str, _attributes: object) -> None:
        self._trail.append(name.rpartition(":")[2])
        self._text = ""

    def _data(self, text: str) -> None:
        self._text += text if len(self._text) < 4000 else ""

    def _end(self, _name: str) -> None:
        if self._trail[-2:] == ["url", "loc"]:
            self.pages.append(self._text.strip())
        elif self._trail[-2:] == ["sitemap", "loc"]:
            self.sitemaps.append(self._text.strip())
        self._trail.pop()


def _unzipped(body: bytes, url: str) -> bytes:
    return gunzip(body, SITEMAP_BYTES_MAX, url) if body.startswith(GZIP_MAGIC) else body


def _root(body: bytes) -> bytes:
    """The name of the first element, with what may stand before it skipped; empty where there is none."""
    head = body[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    position = 0
    while skipped := _SKIPPED.match(head, position):
        position = skipped.end()
    found = _ROOT.match(head, position)
    return found[1] if found else b""


def _sorted_out(links: list[str], base: str) -> Listing:
    pages: dict[str, None] = {}
    left_out: list[str] = []
    for link in links:
        try:
            pages[parse_url(link, base).url] = None
        except UrlRefused:
            left_out.append(link)
    return Listing(tuple(pages), (), tuple(left_out))


def _site(url: str) -> str:
    target = parse_url(url)
    return f"{target.host.removeprefix('www.')}:{target.port if target.port not in (80, 443) else 'web'}"
