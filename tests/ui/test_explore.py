"""Explore: which facts are dated, the table of sources, what the guide lacks, and the pages over a real server."""

from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from ui_sample import SOURCE_IDS

from rag.config import Settings
from rag.pipeline import Pipeline
from rag.store import Place
from rag.types import Passage, Source
from ui.explore.catalogue import PAGE_ROWS, Row, Wanted, matching, rows, wanted_from
from ui.explore.coverage import by_place, by_theme, by_year
from ui.explore.facts import Fact, dated_facts, newest_first, stated_date
from ui.explore.sources_page import sources_page
from ui.explore.timeline_page import WantedFacts, fitting, timeline_page

TODAY = date(2026, 11, 22)
PLACES = (
    Place("West Midlands", "region", ""),
    Place("Birmingham", "council", "West Midlands"),
    Place("Digbeth", "site", "Birmingham"),
    Place("Walsall", "council", "West Midlands"),
)


def source(id_: str, **fields: object) -> Source:
    known = {"title": f"About {id_}", "publisher": "Press", "url": "https://e.org", "recorded": "2026-11-22"}
    return Source(id=id_, **{**known, **fields})  # type: ignore[arg-type]


SOURCES = (
    source("a", title="zebra", published="2026-05-01", theme="funding", places=("Digbeth",), entities=("Aston",)),
    source("b", title="Apple", published="2019", theme="funding", places=("Birmingham", "Digbeth")),
    source("c", title="mango", theme="health", places=("UK",), topics=("drones",)),
    source("d", title="kiwi", published="2026-06", theme="health", status="closed"),
)


def table() -> tuple[Row, ...]:
    return rows(SOURCES, {"a": 2, "b": 9, "c": 1}, {"a": "p1"}, PLACES, TODAY)


def order(wanted: Wanted) -> str:
    return "".join(row.source.id for row in matching(table(), wanted))


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("It opened on 4 February 2025 in Dudley.", "2025-02-04"),
        ("It opened on the 4th February, 2025.", "2025-02-04"),
        ("Laura Shoaf was Chief Executive (May 2024).", "2024-05"),
        ("The centre opened in 2019 with 40 staff.", "2019"),
        ("It ran from October until December 2022.", "2022"),
        ("It may open in June 2027.", "2027-06"),
        ("It ran from 1 May 2022 to 3 June 2022.", "2022"),
        ("On 31 February 2025 it opened.", "2025-02-31"),
        ("It grew from 2019 to 2021.", None),
        ("It grew by 5% in 2023/24.", None),
        ("The rate falls from 6 April 2026 under a measure of 26 November 2025.", None),
        ("It made £2019 a day and employs 2,019 people.", None),
        ("More than 2000 people came.", None),
        ("It opened in May.", None),
        ("", None),
    ],
)
def test_a_sentence_is_dated_by_the_one_time_that_it_names(sentence: str, stated: str | None) -> None:
    assert stated_date(sentence) == stated


def test_facts_are_exact_sentences_with_their_passages() -> None:
    text = "# In 2020\nIt opened in 2019. Nobody knows more. It closed on 3 May 2021."
    passage = Passage(id="p", source_id="a", text=text, start=0, end=len(text), tokens=9)
    facts = list(dated_facts(SOURCES[0], [passage]))
    assert [(fact.date, fact.text) for fact in facts] == [
        ("2019", "It opened in 2019."),
        ("2021-05-03", "It closed on 3 May 2021."),
    ]
    assert all(fact.text in text for fact in facts)


def test_the_timeline_goes_back_from_this_year_and_ends_with_what_is_to_come() -> None:
    dates = ["2041", "2025", "2025-01", "2027", "2025-01-09", "1999"]
    facts = [Fact(value, "t", "p", SOURCES[0]) for value in dates]
    assert [fact.date for fact in newest_first(facts, 2026)] == [
        *("2025-01-09", "2025-01", "2025", "1999", "2027", "2041"),
    ]


def test_facts_are_found_by_words_theme_place_and_year() -> None:
    facts = [Fact("2025", "A fund opened", "p", SOURCES[0]), Fact("2019", "A drone flew", "p", SOURCES[2])]
    places = {row.source.id: row.places for row in table()}
    for wanted, found in (
        (WantedFacts(words="FUND opened"), "2025"),
        (WantedFacts(theme="health"), "2019"),
        (WantedFacts(place="Birmingham"), "2025"),  # by way of Digbeth
        (WantedFacts(year="2019"), "2019"),
    ):
        assert [fact.date for fact in fitting(facts, wanted, places)] == [found]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), "dabc"),
        (Wanted(descending=False), "badc"),
        (Wanted(sort="title", descending=False), "bdca"),
        (Wanted(sort="passages"), "bacd"),
        (Wanted(words="ASTON"), "a"),
        (Wanted(words="press drones"), "c"),
        (Wanted(theme="funding"), "ab"),
        (Wanted(place="Birmingham"), "ab"),
        (Wanted(state="warned"), "db"),
        (Wanted(state="undated"), "c"),
        (Wanted(words="nothing of the kind"), ""),
    ],
)
def test_sources_are_searched_narrowed_and_sorted(wanted: Wanted, ids: str) -> None:
    assert order(wanted) == ids


def test_an_address_says_what_is_wanted_and_nothing_else_can_be() -> None:
    wanted = Wanted(words="a&b=<c>", theme="funding", place="Stoke-on-Trent", state="warned", sort="title", page=3)
    from urllib.parse import parse_qsl

    assert wanted_from(dict(parse_qsl(wanted.query()))) == wanted
    assert Wanted().query() == ""
    for page in ("0", "-1", "x", "²", "9999999"):
        assert wanted_from({"sort": "password", "order": "up", "page": page}) == Wanted()


def test_what_is_held_of_each_theme_place_and_year() -> None:
    themes = {group.name: (group.sources, group.passages, group.warned, group.undated) for group in by_theme(table())}
    assert themes == {"funding": (2, 11, 1, 0), "health": (2, 1, 1, 1)}
    councils, others = by_place(table(), PLACES)
    assert [(group.name, group.sources, group.newest) for group in councils] == [
        ("Birmingham", 2, "2026-05-01"),
        ("Walsall", 0, ""),
    ]
    assert [(group.name, group.sources) for group in others] == [("Digbeth", 2), ("UK", 1)]
    assert by_year(table())[0] == ("2026", 2)
    assert dict(by_year(table()))["2021"] == 0


def test_long_lists_are_cut_into_pages() -> None:
    many = rows([source(f"s{number:03}") for number in range(PAGE_ROWS + 1)], {}, {}, (), TODAY)
    first = sources_page(many, len(many), Wanted(), {}, ())
    assert first.count('scope="row"') == PAGE_ROWS
    assert 'href="/explore/sources?page=2"' in first
    last = sources_page(many, len(many), Wanted(page=99), {}, ())
    assert last.count('scope="row"') == 1
    assert "Page 2 of 2" in last


@pytest.fixture(scope="module")
def client(ui_settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    from ui.server import create_app

    with TestClient(create_app(ui_settings, pipeline), raise_server_exceptions=False) as opened:
        yield opened


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href" and value]


PAGES = ("/explore", "/explore/sources", "/explore/timeline")


def test_the_pages_need_no_script_and_carry_nothing_inline(client: TestClient) -> None:
    for path in PAGES:
        reply = client.get(path)
        assert reply.status_code == 200
        policy = reply.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert client.get(path, headers={"If-None-Match": reply.headers["etag"]}).status_code == 304
        tags = _Tags(reply.text)
        assert "style" not in tags.attributes
        assert not [name for name in tags.attributes if name.startswith("on")]
        assert "style" not in tags.names


def test_every_source_is_listed_and_every_link_leads_somewhere(client: TestClient) -> None:
    page = client.get("/explore/sources").text
    assert f"{len(SOURCE_IDS) + 1} sources" in page
    links = [link for path in PAGES for link in _Tags(client.get(path).text).links if not link.startswith("#")]
    assert len(links) > 40
    for link in set(links):
        assert client.get(link).status_code == 200, link


def test_a_dated_sentence_is_marked_in_its_passage(client: TestClient) -> None:
    links = [link for link in _Tags(client.get("/explore/timeline").text).links if link.startswith("/passages/")]
    assert links
    for link in links:
        assert "<mark>" in client.get(link).text


def test_what_is_searched_for_is_shown_and_never_obeyed(client: TestClient) -> None:
    for path in PAGES[1:]:
        page = client.get(
            path, params={"q": '"><script>1</script>', "place": "<b>x", "theme": "${1}", "year": "'"}
        ).text
        assert "<script>1" not in page
        assert "<b>" not in page
        assert "&lt;script&gt;1" in page
    hostile = client.get("/explore/sources", params={"q": "zanzibar"}).text
    assert "Zanzibar &lt;script&gt;" in hostile
    too_long = client.get("/explore/sources", params={"q": "x" * 201})
    assert too_long.status_code == 400


def test_the_overview_counts_what_the_table_shows(client: TestClient) -> None:
    for link in _Tags(client.get("/explore").text).links:
        if link.startswith("/explore/sources?state="):
            assert "No source fits" not in client.get(link).text


def test_an_empty_list_says_so() -> None:
    assert "No source fits" in sources_page((), 4, Wanted(words="x"), {}, ())
    assert "No dated sentence fits" in timeline_page((), WantedFacts(), {}, {})
