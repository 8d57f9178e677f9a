"""From addresses to pages: each is fetched, feeds and sitemaps give their pages, one bad address stops no other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.fetch.errors import FetchError, ListUnreadable
from ingest.fetch.fetcher import Fetched, Fetcher, Validators
from ingest.fetch.listing import Kind, Listing, feed_listing, kind_of, sitemap_listing
from ingest.progress import Progress

SITEMAPS_MAX = 50
"""Sitemaps read for one sitemap index."""
SITEMAP_DEPTH_MAX = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address from which no page came."""

    url: str
    error: FetchError


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a set of addresses gave."""

    pages: tuple[Fetched, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]
    """What the report should say besides: listings cut short, entries left out."""


@dataclass
class _Basket:
    """What one run has gathered so far."""

    urls_max: int
    pages: dict[str, Fetched] = field(default_factory=dict)
    """By final address, so that a page that two addresses lead to comes once."""
    asked: set[str] = field(default_factory=set)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.pages) + len(self.refused) >= self.urls_max


def gather(
    fetcher: Fetcher,
    urls: Sequence[str],
    urls_max: int,
    progress: Progress,
    held: Mapping[str, Validators] | None = None,
) -> Gathered:
    """Fetch every address; those that turn out to be feeds or sitemaps give the pages that they list.

    `held` has the validators of pages that are in the index, by address. At most `urls_max` pages are tried.
    """
    basket = _Basket(urls_max)
    held = held or {}
    progress.begin("Fetching", len(urls))
    for url in urls:
        page = _fetched(fetcher, url, held, basket)
        if page is not None:
            _take(fetcher, page, held, basket, progress)
        progress.advance()
    return Gathered(tuple(basket.pages.values()), tuple(basket.refused), tuple(basket.notes))


def _take(fetcher: Fetcher, page: Fetched, held: Mapping[str, Validators], basket: _Basket, progress: Progress) -> None:
    """Keep a page, or fetch what it lists."""
    try:
        kind = Kind.PAGE if page.not_modified else kind_of(page.body, page.final_url)
        if kind is Kind.PAGE:
            basket.pages.setdefault(page.final_url, page)
            return
        listings = [_feed(page)] if kind is Kind.FEED else list(_sitemaps(fetcher, page, basket))
    except FetchError as error:
        basket.refused.append(Refusal(page.url, error))
        return
    listed = list(dict.fromkeys(url for listing in listings for url in listing.pages))
    left_out = sum(len(listing.left_out) for listing in listings)
    if left_out:
        basket.notes.append(f"{page.url}: {left_out} entries left out: no web addresses, or of another site.")
    progress.begin(f"Fetching the pages of {page.url}", len(listed))
    for number, url in enumerate(listed):
        if basket.is_full:
            rest = len(listed) - number
            basket.notes.append(f"{page.url}: {rest} of {len(listed)} pages left out (WMAI_FETCH_URLS_MAX).")
            return
        _take_listed(fetcher, url, held, basket)
        progress.advance()


def _take_listed(fetcher: Fetcher, url: str, held: Mapping[str, Validators], basket: _Basket) -> None:
    page = _fetched(fetcher, url, held, basket)
    if page is None:
        return
    if not page.not_modified and kind_of(page.body, page.final_url) is not Kind.PAGE:
        error = ListUnreadable(url, f"{url} lists pages itself.", "Name it on the command line to take its pages.")
        basket.refused.append(Refusal(url, error))
        return
    basket.pages.setdefault(page.final_url, page)


def _fetched(fetcher: Fetcher, url: str, held: Mapping[str, Validators], basket: _Basket) -> Fetched | None:
    """The page; None where it cannot be had, or was asked for before in this run."""
    if url in basket.asked:
        return None
    basket.asked.add(url)
    try:
        return fetcher.fetch(url, held.get(url, Validators()))
    except FetchError as error:
        basket.refused.append(Refusal(url, error))
        return None


def _feed(page: Fetched) -> Listing:
    return feed_listing(page.body, page.final_url, page.content_type)


def _sitemaps(fetcher: Fetcher, page: Fetched, basket: _Basket) -> Iterator[Listing]:
    """The listing of a sitemap and, for an index, those of its sitemaps; one that is broken does not stop the rest."""
    waiting = [(page, 1)]
    read = 0
    while waiting:
        sitemap, depth = waiting.pop(0)
        listing = sitemap_listing(sitemap.body, sitemap.final_url)
        yield listing
        for url in listing.sitemaps:
            read += 1
            if read > SITEMAPS_MAX or depth >= SITEMAP_DEPTH_MAX:
                basket.notes.append(f"{page.url}: further sitemaps left out, from {url} on.")
                return
            further = _fetched(fetcher, url, {}, basket)
            if further is not None:
                waiting.append((further, depth + 1))
