"""Fetching from real servers on loopback, most of which behave badly."""

import socket
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from site_sample import Names, Request, Site, redirect, reply

from ingest.fetch.errors import (
    FetchError,
    HttpFailure,
    NameUnresolved,
    PageMissing,
    RedirectRefused,
    Throttled,
)
from ingest.fetch.fetcher import Fetcher, Validators

NewFetcher = Callable[..., Fetcher]


def test_a_page_comes_with_its_type_and_validators(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/news"] = reply(
        "<p>Hello</p>",
        content_type="text/html; charset=utf-8",
        ETag='"v1"',
        Last_Modified="Sun, 22 Nov 2026 10:00:00 GMT",
    )
    page = new_fetcher().fetch(site.url("/news#part"))
    assert page.body == b"<p>Hello</p>"
    assert page.content_type == "text/html; charset=utf-8"
    assert page.url == page.final_url == site.url("/news")
    assert page.validators == Validators(site.url("/news"), '"v1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    headers = site.requests[-1].headers
    assert headers["user-agent"] == "wmai/0.1"
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert not {"cookie", "authorization", "referer"} & headers.keys()


def test_a_page_that_is_still_the_same_is_not_sent_again(site: Site, new_fetcher: NewFetcher) -> None:
    def page(request: Request) -> bytes:
        return reply(status=304) if request.headers.get("if-none-match") == '"v1"' else reply("new", ETag='"v1"')

    site.pages["/"] = page
    first = new_fetcher().fetch(site.url())
    second = new_fetcher().fetch(site.url(), first.validators)
    assert second.not_modified
    assert second.body == b""
    assert second.validators == first.validators


def test_validators_of_another_address_are_not_sent(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/old"] = redirect("/new")
    site.pages["/new"] = reply("page")
    new_fetcher().fetch(site.url("/old"), Validators(site.url("/old"), '"v1"', ""))
    assert [request.headers.get("if-none-match") for request in site.requests if request.path != "/robots.txt"] == [
        '"v1"',
        None,
    ]


def test_a_304_that_nobody_asked_for_is_a_failure(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply(status=304)
    with pytest.raises(HttpFailure, match="304"):
        new_fetcher().fetch(site.url())


def test_the_second_address_is_tried_where_the_first_does_not_answer(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply("page")
    names = Names(two=[["::1", "127.0.0.1"]])
    assert new_fetcher(names).fetch(site.url(host="two.example")).body == b"page"


def test_a_loop_of_redirects_ends(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = redirect("/")
    with pytest.raises(RedirectRefused):
        new_fetcher().fetch(site.url())
    assert len(site.paths()) == 6


def test_a_redirect_to_nowhere_is_refused(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply(status=302)
    with pytest.raises(RedirectRefused):
        new_fetcher().fetch(site.url())


@pytest.mark.parametrize("status", [404, 410])
def test_a_missing_page_has_an_error_of_its_own(site: Site, new_fetcher: NewFetcher, status: int) -> None:
    site.pages["/"] = reply("gone", status)
    with pytest.raises(PageMissing) as missing:
        new_fetcher().fetch(site.url())
    assert missing.value.status == status


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 418, 500, 503])
def test_other_statuses_are_failures(site: Site, new_fetcher: NewFetcher, status: int) -> None:
    site.pages["/"] = reply(b"" if status == 204 else b"x", status)
    with pytest.raises(HttpFailure, match=str(status)):
        new_fetcher().fetch(site.url())


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_time_gets_it(site: Site, new_fetcher: NewFetcher, status: int) -> None:
    times: list[float] = []

    def page(_request: Request) -> bytes:
        times.append(time.monotonic())
        return reply("later", status, Retry_After="1") if len(times) == 1 else reply("page")

    site.pages["/"] = page
    assert new_fetcher().fetch(site.url()).body == b"page"
    assert times[1] - times[0] >= 0.9


@pytest.mark.parametrize("after", ["3600", "Sun, 22 Nov 2099 10:00:00 GMT"])
def test_a_server_that_asks_for_much_time_is_left_for_another_run(
    site: Site, new_fetcher: NewFetcher, after: str
) -> None:
    site.pages["/"] = reply("later", 429, Retry_After=after)
    with pytest.raises(Throttled) as throttled:
        new_fetcher().fetch(site.url())
    assert throttled.value.retry_after_s >= 3600
    assert len(site.paths()) == 1


def test_a_server_that_always_asks_for_time_is_given_up(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply("later", 429, Retry_After="0")
    with pytest.raises(Throttled):
        new_fetcher().fetch(site.url())
    assert len(site.paths()) == 3


@pytest.mark.parametrize("after", ["", "soon", "-5", "Sun, 99 Nov"])
def test_a_429_without_a_usable_time_is_a_failure(site: Site, new_fetcher: NewFetcher, after: str) -> None:
    site.pages["/"] = reply("later", 429, Retry_After=after)
    with pytest.raises(HttpFailure, match="429"):
        new_fetcher().fetch(site.url())


def test_a_site_is_asked_at_the_pace_of_the_setting(site: Site, new_fetcher: NewFetcher) -> None:
    times: list[float] = []

    def page(_request: Request) -> bytes:
        times.append(time.monotonic())
        return reply("page")

    site.pages["/"] = page
    fetcher = new_fetcher(fetch_interval_s=1.0)
    for _ in range(3):
        fetcher.fetch(site.url())
    # A busy machine may take a while before it hands a request to the page.
    assert min(later - sooner for sooner, later in pairwise(times)) >= 0.85


def test_proxies_of_the_environment_are_not_used(
    site: Site, new_fetcher: NewFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/"] = reply("page")
    with Site() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        assert new_fetcher().fetch(site.url()).body == b"page"
        assert proxy.requests == []


def test_a_cookie_is_not_sent_back(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply(status=302, Location="/next", Set_Cookie="id=1; Path=/")
    site.pages["/next"] = reply("page", Set_Cookie="id=2; Path=/")
    fetcher = new_fetcher()
    fetcher.fetch(site.url())
    fetcher.fetch(site.url())
    assert all("cookie" not in request.headers for request in site.requests)


def test_an_unknown_name_is_told(new_fetcher: NewFetcher) -> None:
    with pytest.raises(NameUnresolved, match=r"nowhere\.example"):
        new_fetcher(Names()).fetch("http://nowhere.example/")


def test_a_closed_port_is_told(site: Site, new_fetcher: NewFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchError):
        new_fetcher().fetch(f"http://127.0.0.1:{port}/")
