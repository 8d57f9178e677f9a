"""Feeds, sitemaps and lists: what they list, and what is refused in them."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_sample import Request, Site, redirect, reply

from ingest.fetch.errors import BodyTooLarge, FetchError, ListUnreadable, TransferBroken
from ingest.fetch.fetcher import Fetcher
from ingest.fetch.gather import Gathered, gather
from ingest.fetch.listing import Kind, feed_listing, kind_of, list_file, sitemap_listing
from ingest.progress import Silent

NewFetcher = Callable[..., Fetcher]
URL = "https://news.example/feed"

RSS = b"""<?xml version="1.0"?><!-- made by hand --><rss version="2.0"><channel><title>News</title>
<link>https://news.example/</link>
<item><title>One</title><link>/one?a=1&amp;b=2</link></item>
<item><title>Two</title><link>https://news.example/two#comments</link></item>
<item><title>Twice</title><link>https://news.example/two</link></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
<item><title>No link</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="enclosure" href="/talk.mp3"/>
<link rel="alternate" href="/atom"/></entry></feed>"""
SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://news.example/one </loc><lastmod>2026-01-01</lastmod></url>
<url><loc>https://www.news.example/two</loc><image:image><image:loc>https://news.example/x.png</image:loc></image:image>
</url><url><loc>https://elsewhere.example/three</loc></url></urlset>"""


def test_a_feed_lists_its_entries_pages() -> None:
    found = feed_listing(RSS, URL, "text/xml")
    assert found.pages == ("https://news.example/one?a=1&b=2", "https://news.example/two")
    assert found.left_out == ("javascript:alert(1)",)
    assert feed_listing(ATOM, URL, "").pages == ("https://news.example/atom",)


def test_a_sitemap_lists_the_pages_of_its_own_site() -> None:
    found = sitemap_listing(SITEMAP, "https://news.example/sitemap.xml")
    assert found.pages == ("https://news.example/one", "https://www.news.example/two")
    assert found.left_out == ("https://elsewhere.example/three",)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, Kind.FEED),
        (ATOM, Kind.FEED),
        (b'<rdf:RDF xmlns:rdf="x">', Kind.FEED),
        (SITEMAP, Kind.SITEMAP),
        (gzip.compress(SITEMAP), Kind.SITEMAP),
        (b"\xef\xbb\xbf\n<sitemapindex>", Kind.SITEMAP),
        (b"<!DOCTYPE html><html><body><rss></body>", Kind.PAGE),
        (b"<p>We have an <rss> feed", Kind.PAGE),
        (b"%PDF-1.7", Kind.PAGE),
        (b"", Kind.PAGE),
        (b"<!-- " + b"x" * 10_000, Kind.PAGE),
    ],
)
def test_what_a_body_is_shows_in_its_root(body: bytes, kind: Kind) -> None:
    assert kind_of(body, URL) is kind


ENTITIES = b'<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "body",
    [
        ENTITIES + b"<urlset><url><loc>https://news.example/&x;</loc></url></urlset>",
        b"<urlset><url><loc>https://news.example/",
        b"<urlset>" + b"<url>" * 10,
    ],
)
def test_a_sitemap_with_entities_or_torn_is_refused(body: bytes) -> None:
    with pytest.raises(ListUnreadable):
        sitemap_listing(body, URL)


def test_a_feed_of_entities_within_entities_stays_small() -> None:
    names = [f"e{number}" for number in range(9)]
    nested = "".join(f'<!ENTITY {name} "{f"&{inner};" * 50}">' for inner, name in pairwise(names))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "{"a" * 1000}">{nested}]>'
    feed = f"{doctype}<rss><channel><item><title>&e8;</title></item></channel></rss>"
    with pytest.raises(ListUnreadable):
        feed_listing(feed.encode(), URL, "")


def test_a_zipped_sitemap_cannot_unpack_without_end() -> None:
    with pytest.raises(BodyTooLarge):
        kind_of(gzip.compress(b" " * 60_000_000), URL)
    with pytest.raises(TransferBroken):
        kind_of(gzip.compress(SITEMAP)[:-5], URL)


def test_a_list_of_sources_has_one_address_a_line() -> None:
    text = "\ufeff# News\nhttps://a.example/x#part\n\n  http://b.example/ # our own\r\nhttps://a.example/x#part\n"
    assert list_file(text, "sources.txt") == ("https://a.example/x#part", "http://b.example/")


@pytest.mark.parametrize(
    ("text", "wanted"), [("http://a.example/\nnot this", "sources.txt:2"), ("# none\n", "lists no")]
)
def test_a_bad_line_of_a_list_is_named(text: str, wanted: str) -> None:
    with pytest.raises(ListUnreadable, match=wanted):
        list_file(text, "sources.txt")


@given(
    st.binary(max_size=400), st.sampled_from([b"", RSS, SITEMAP, b"<urlset>", b"<rss><channel>"]), st.integers(0, 700)
)
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_or_refused(noise: bytes, frame: bytes, cut: int) -> None:
    body = frame[:cut] + noise + frame[cut:]
    for read in (
        lambda: kind_of(body, URL),
        lambda: feed_listing(body, URL, ""),
        lambda: sitemap_listing(body, URL),
    ):
        with suppress(FetchError):
            read()


def run(fetcher: Fetcher, *urls: str, urls_max: int = 100) -> Gathered:
    return gather(fetcher, urls, urls_max, Silent())


def feed_of(*paths: str) -> bytes:
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    return reply(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/html")


def test_feeds_and_sitemaps_give_their_pages(site: Site, new_fetcher: NewFetcher) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url('/part.xml.gz')}</loc></sitemap></sitemapindex>"
    part = f"<urlset><url><loc>{site.url('/three')}</loc></url></urlset>"
    site.pages |= {f"/{name}": reply(f"<p>{name}</p>") for name in ("one", "two", "three", "four")}
    site.pages |= {
        "/feed": feed_of("/one", "/two"),
        "/sitemap.xml": reply(index, content_type="text/xml"),
        "/part.xml.gz": reply(gzip.compress(part.encode()), content_type="application/gzip"),
    }
    found = run(new_fetcher(), *map(site.url, ("/feed", "/sitemap.xml", "/four", "/one")))
    assert [page.body for page in found.pages] == [
        f"<p>{name}</p>".encode() for name in ("one", "two", "three", "four")
    ]
    assert found.refused == ()
    assert site.paths().count("/one") == 1


def test_one_bad_address_stops_no_other(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {"/feed": feed_of("/missing", "/good", "http://169.254.169.254/x"), "/good": reply("good")}
    found = run(new_fetcher(), "http://10.0.0.1/", "nonsense://x", site.url("/feed"), site.url("/gone"))
    assert [page.body for page in found.pages] == [b"good"]
    assert [refusal.url for refusal in found.refused] == [
        "http://10.0.0.1/",
        "nonsense://x",
        site.url("/missing"),
        "http://169.254.169.254/x",
        site.url("/gone"),
    ]


def test_the_number_of_pages_is_bounded(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {f"/{number}": reply(f"{number}") for number in range(50)}
    site.pages["/feed"] = feed_of(*(f"/{number}" for number in range(50)))
    found = run(new_fetcher(), site.url("/feed"), urls_max=7)
    assert len(found.pages) == 7
    assert "43 of 50 pages left out" in found.notes[0]


def test_a_feed_within_a_feed_is_not_followed(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {"/feed": feed_of("/feed", "/inner"), "/inner": feed_of("/page"), "/page": reply("x")}
    found = run(new_fetcher(), site.url("/feed"))
    assert found.pages == ()
    assert [refusal.url for refusal in found.refused] == [site.url("/inner")]


def test_a_sitemap_that_lists_itself_ends(site: Site, new_fetcher: NewFetcher) -> None:
    def endless(request: Request) -> bytes:
        number = int(request.path[1:] or 0)
        items = "".join(f"<sitemap><loc>{site.url(f'/{number * 10 + digit}')}</loc></sitemap>" for digit in range(10))
        return reply(f"<sitemapindex>{items}</sitemapindex>")

    site.pages |= {f"/{number}": endless for number in range(1, 100_000)}
    found = run(new_fetcher(), site.url("/1"))
    assert found.pages == ()
    assert len(site.paths()) <= 51
    assert "further sitemaps left out" in found.notes[0]


def test_two_addresses_of_one_page_give_it_once(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {"/old": redirect("/new"), "/new": reply("page")}
    assert len(run(new_fetcher(), site.url("/old"), site.url("/new")).pages) == 1
