"""What a site asks of programs is done."""

from collections.abc import Callable

import pytest
from site_sample import Request, Site, redirect, reply

from ingest.fetch.errors import AddressRefused, FetchTimeout, RobotsRefused
from ingest.fetch.fetcher import Fetcher

NewFetcher = Callable[..., Fetcher]

RULES = """\
User-agent: *
Disallow: /private

User-agent: wmai
Disallow: /for-people
Crawl-delay: 0.2
"""


def test_what_the_site_does_not_want_read_is_not_asked_for(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {
        "/robots.txt": reply(RULES, content_type="text/plain"),
        "/": reply("page"),
        "/for-people": reply("x"),
    }
    fetcher = new_fetcher()
    assert fetcher.fetch(site.url()).body == b"page"
    with pytest.raises(RobotsRefused, match="for-people"):
        fetcher.fetch(site.url("/for-people"))
    assert site.paths() == ["/"]
    assert [request.path for request in site.requests].count("/robots.txt") == 1


def test_rules_are_meant_by_name(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {"/robots.txt": reply(RULES), "/for-people": reply("x"), "/private": reply("x")}
    assert new_fetcher(fetch_user_agent="other/1").fetch(site.url("/for-people")).body == b"x"
    with pytest.raises(RobotsRefused):
        new_fetcher(fetch_user_agent="other/1").fetch(site.url("/private"))


def test_a_redirect_to_what_is_not_wanted_is_not_followed(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {"/robots.txt": reply(RULES), "/": redirect("/for-people"), "/for-people": reply("x")}
    with pytest.raises(RobotsRefused):
        new_fetcher().fetch(site.url())
    assert site.paths() == ["/"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_robots_txt_everything_is_allowed(site: Site, new_fetcher: NewFetcher, status: int) -> None:
    site.pages |= {"/robots.txt": reply("", status), "/": reply("page")}
    assert new_fetcher().fetch(site.url()).body == b"page"


@pytest.mark.parametrize(
    "robots", [reply("", 500), reply("", 503), reply("", 429), reply("#" * 600_000)], ids=["500", "503", "429", "large"]
)
def test_a_robots_txt_that_cannot_be_read_closes_the_site(site: Site, new_fetcher: NewFetcher, robots: bytes) -> None:
    site.pages |= {"/robots.txt": robots, "/": reply("page")}
    with pytest.raises(RobotsRefused, match="cannot be read"):
        new_fetcher().fetch(site.url())
    assert site.paths() == []


def test_a_dead_site_is_waited_for_once(site: Site, new_fetcher: NewFetcher) -> None:
    def hang(request: Request) -> None:
        request.socket.recv(1)

    site.pages["/robots.txt"] = hang
    fetcher = new_fetcher(fetch_timeout_s=0.3)
    for _ in range(3):
        with pytest.raises(FetchTimeout):
            fetcher.fetch(site.url())
    assert len(site.requests) == 1


def test_a_robots_txt_cannot_lead_inside_either(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages |= {"/robots.txt": redirect("http://169.254.169.254/"), "/": reply("page")}
    with pytest.raises(AddressRefused):
        new_fetcher().fetch(site.url())


@pytest.mark.parametrize("text", ["\xff\xfe\x00", "Disallow: /", "User-agent: *\nDisallow: " + "*a" * 2000, "<html>"])
def test_nonsense_in_a_robots_txt_stops_nothing_else(site: Site, new_fetcher: NewFetcher, text: str) -> None:
    site.pages |= {"/robots.txt": reply(text.encode("latin-1")), "/" + "a" * 500: reply("page")}
    assert new_fetcher().fetch(site.url("/" + "a" * 500)).body == b"page"
