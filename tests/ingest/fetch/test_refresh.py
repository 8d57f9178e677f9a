"""Pages from the web in the index: taken in, brought in step, kept when a fetch fails, gone and back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from site_sample import Request, Site, redirect, reply

from ingest.fetch.fetcher import Fetcher
from ingest.fetch.refresh import WebReport, index_pages, refresh
from ingest.incoming import source_id
from ingest.progress import Silent
from ingest.sync import index, remove_sources, restore_sources
from rag.config import Settings
from rag.errors import ConfigError, UnknownSource
from rag.store import Ledger, Store, held_sources

NewSettings = Callable[..., Settings]
FIRST = "The Brackenhill Fund lends up to £250,000 to robotics firms in Dudley."
SECOND = "The Brackenhill Fund now lends up to £400,000 to robotics firms in Dudley and Walsall."


def article(*paragraphs: str, title: str = "Brackenhill Fund opens") -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    filler = "<p>The council set the fund up in March with three banks, and its board meets every month.</p>"
    return (
        f"<html lang='en'><head><title>{title}</title></head><body>"
        f"<nav><a href='/'>Home</a> <a href='/x'>News</a></nav>"
        f"<article><h1>{title}</h1>{body}{filler}</article><footer>Accept all cookies?</footer></body></html>"
    )


@pytest.fixture
def settings(new_settings: NewSettings, write_briefing: Callable[..., Path]) -> Settings:
    write_briefing("held-file", "Stafford keeps a register of drones.")
    made = new_settings(fetch_allow_loopback=True, fetch_interval_s=0.0, fetch_timeout_s=5.0)
    index(made)
    return made


class Guide:
    """What the tests do with the index of one site."""

    def __init__(self, settings: Settings, site: Site) -> None:
        self.settings, self.site = settings, site

    def add(self, *paths: str, **given: str) -> WebReport:
        return index_pages(self.settings, [self.site.url(path) for path in paths], self._fetcher(), Silent(), given)

    def refresh(self, *ids: str) -> WebReport:
        return refresh(self.settings, ids, self._fetcher(), Silent())

    def outcome(self) -> str:
        (change,) = self.refresh().changes
        return change.outcome

    def state(self, id_: str) -> tuple[str, int, int]:
        held = held_sources(self.settings)[id_]
        return held.state, held.fetch.failures, held.fetch.missing

    def finds(self, words: str) -> list[str]:
        """Texts of passages that either search finds for words that stand in them."""
        with Store.open(self.settings) as store:
            ids = [id_ for id_, _ in store.query_text(words.split(), 5)]
            return [passage.text for passage in store.passages(ids)]

    def _fetcher(self) -> Fetcher:
        return Fetcher(self.settings)


@pytest.fixture
def guide(settings: Settings, site: Site) -> Guide:
    site.pages["/news/fund"] = reply(article(FIRST), ETag='"1"')
    return Guide(settings, site)


def test_a_page_is_taken_in_and_its_menu_left_out(guide: Guide, settings: Settings) -> None:
    report = guide.add("/news/fund", topics="funding", publisher="Dudley News")
    (change,) = report.changes
    assert (change.outcome, report.exit_code) == ("added", 0)
    assert change.source_id == source_id(guide.site.url("/news/fund"))
    with Store.open(settings) as store:
        source = store.source(change.source_id)
        assert (source.title, source.publisher, source.topics) == (
            "Brackenhill Fund opens",
            "Dudley News",
            ("funding",),
        )
        assert source.url == guide.site.url("/news/fund")
        text = store.source_text(change.source_id)
        assert FIRST in text
        assert "cookies" not in text
        assert {item.id for item in store.sources()} == {"held-file", change.source_id}
    held = held_sources(settings)[change.source_id]
    assert held.fetch.etag == '"1"'
    assert held.fetch.fetched_at


def test_the_life_of_a_page(guide: Guide, settings: Settings) -> None:
    (added,) = guide.add("/news/fund").changes
    id_, page = added.source_id, guide.site.pages

    def not_modified(request: Request) -> bytes:
        return reply(status=304) if request.headers.get("if-none-match") == '"1"' else reply("no validators", 500)

    page["/news/fund"] = not_modified
    assert guide.outcome() == "unchanged"
    page["/news/fund"] = reply("broken", 500)
    report = guide.refresh()
    assert report.exit_code == 1
    assert "The older text stays." in "\n".join(report.lines())
    assert guide.state(id_) == ("current", 1, 0)
    assert guide.finds("Brackenhill") != []
    page["/news/fund"] = reply("gone", 404)
    assert guide.outcome() == "missing"
    assert guide.state(id_) == ("current", 2, 1)
    assert guide.finds("Brackenhill") != []
    assert guide.outcome() == "gone"
    assert guide.state(id_) == ("gone", 3, 2)
    assert guide.finds("Brackenhill") == []
    assert guide.outcome() == "gone"
    index(settings)  # bringing files in step neither removes it nor brings it back
    assert guide.state(id_)[0] == "gone"
    with Store.open(settings) as store:
        assert id_ not in {source.id for source in store.sources()}
        assert FIRST in store.source_text(id_)
    page["/news/fund"] = reply(article(FIRST), ETag='"2"')
    assert guide.outcome() == "back"
    assert guide.state(id_) == ("current", 0, 0)
    assert any(FIRST in text for text in guide.finds("Brackenhill"))
    outcomes = [record.outcome for record in Ledger(settings.store).fetches(id_)]
    assert outcomes == ["back", "gone", "gone", "missing", "failed", "unchanged", "added"]


def test_a_changed_page_replaces_its_text_and_keeps_what_people_said_of_it(guide: Guide, settings: Settings) -> None:
    (added,) = guide.add("/news/fund", title="The fund, as we call it", published="2025-03").changes
    guide.site.pages["/news/fund"] = reply(article(SECOND, title="New headline"))
    assert guide.outcome() == "changed"
    assert guide.outcome() == "unchanged"
    with Store.open(settings) as store:
        source = store.source(added.source_id)
        assert (source.title, source.published) == ("The fund, as we call it", "2025-03")
        text = store.source_text(added.source_id)
    assert SECOND in text
    assert FIRST not in text


def test_a_new_banner_is_no_change(guide: Guide) -> None:
    guide.add("/news/fund")
    guide.site.pages["/news/fund"] = reply(article(FIRST).replace("Accept all cookies?", "Spring sale! Log in."))
    assert guide.outcome() == "unchanged"


def test_a_failure_between_two_404s_starts_the_count_again(guide: Guide) -> None:
    guide.add("/news/fund")
    outcomes = []
    for status in (404, 500, 410, 404):
        guide.site.pages["/news/fund"] = reply("x", status)
        outcomes.append(guide.outcome())
    assert outcomes == ["missing", "failed", "missing", "gone"]


def test_a_page_that_becomes_unreadable_keeps_its_text(guide: Guide) -> None:
    guide.add("/news/fund")
    guide.site.pages["/news/fund"] = reply(bytes(range(256)) * 40, content_type="application/octet-stream")
    assert guide.outcome() == "failed"
    assert guide.finds("Brackenhill") != []


def test_a_page_that_redirects_inside_keeps_its_text(guide: Guide) -> None:
    guide.add("/news/fund")
    guide.site.pages["/news/fund"] = redirect("http://169.254.169.254/latest/")
    assert guide.outcome() == "failed"
    assert guide.finds("Brackenhill") != []


def test_a_retired_page_is_left_alone_until_it_is_restored(guide: Guide, settings: Settings) -> None:
    (added,) = guide.add("/news/fund").changes
    remove_sources(settings, [added.source_id])
    assert guide.finds("Brackenhill") == []
    assert guide.refresh().changes == ()
    (again,) = guide.add("/news/fund").changes
    assert again.outcome == "retired"
    assert guide.finds("Brackenhill") == []
    restore_sources(settings, [added.source_id])
    assert guide.finds("Brackenhill") != []


def test_only_sources_from_the_web_are_refreshed(guide: Guide) -> None:
    with pytest.raises(ConfigError, match="did not come from the web"):
        guide.refresh("held-file")
    with pytest.raises(UnknownSource):
        guide.refresh("nobody")


def test_a_feed_fills_the_index_and_a_bad_page_stops_none(guide: Guide, settings: Settings) -> None:
    items = "".join(f"<item><link>/news/{name}</link></item>" for name in ("fund", "nurses", "lost"))
    guide.site.pages |= {
        "/feed": reply(f"<rss version='2.0'><channel>{items}</channel></rss>"),
        "/news/nurses": reply(article("Walsall trains nurses to read scans with new software.", title="Nurses")),
    }
    report = guide.add("/feed")
    assert [change.outcome for change in report.changes] == ["added", "added", "failed"]
    assert report.exit_code == 1
    assert [change.outcome for change in guide.add("/feed").changes] == ["unchanged", "unchanged", "failed"]
    assert len(held_sources(settings)) == 3


def test_a_dry_run_changes_nothing(guide: Guide, settings: Settings) -> None:
    urls = [guide.site.url("/news/fund")]
    report = index_pages(settings, urls, Fetcher(settings), Silent(), dry_run=True)
    assert "Would be: 1 added." in report.lines()[0]
    assert set(held_sources(settings)) == {"held-file"}
    guide.add("/news/fund")
    for text, outcome in ((FIRST, "unchanged"), (SECOND, "changed")):
        guide.site.pages["/news/fund"] = reply(article(text))
        (change,) = index_pages(settings, urls, Fetcher(settings), Silent(), dry_run=True).changes
        assert change.outcome == outcome
    assert guide.finds("Walsall") == []
