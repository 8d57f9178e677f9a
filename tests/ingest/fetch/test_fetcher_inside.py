"""No redirect and no name leads the fetcher to an address inside a private network."""

import socket
import ssl
import threading
from collections.abc import Callable

import pytest
from site_sample import Names, Site, redirect, reply

from ingest.fetch.errors import (
    AddressRefused,
    RedirectRefused,
    TransferBroken,
    UrlRefused,
)
from ingest.fetch.fetcher import Fetcher

NewFetcher = Callable[..., Fetcher]


INSIDE = [
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://[::ffff:7f00:1]:{port}/secret",
    "http://[::127.0.0.1]:{port}/secret",
    "http://[64:ff9b::7f00:1]:{port}/secret",
    "http://[2002:7f00:1::]:{port}/secret",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://0.0.0.0:{port}/secret",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "//169.254.169.254/",
]


@pytest.mark.parametrize("location", INSIDE)
@pytest.mark.parametrize("status", [301, 307])
def test_a_redirect_to_the_inside_is_refused(site: Site, new_fetcher: NewFetcher, location: str, status: int) -> None:
    site.pages["/"] = redirect(location.format(port=site.port), status)
    with pytest.raises(AddressRefused, match="not on the public internet"):
        new_fetcher().fetch(site.url())
    assert site.paths() == ["/"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://me:secret@127.0.0.1/", "data:,x"]
)
def test_a_redirect_to_no_web_address_is_refused(site: Site, new_fetcher: NewFetcher, location: str) -> None:
    site.pages["/"] = redirect(location)
    with pytest.raises(UrlRefused) as refused:
        new_fetcher().fetch(site.url())
    assert "secret" not in str(refused.value)


def test_a_redirect_to_what_is_no_address_is_refused_and_not_tried_again(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = redirect("http://0254.020.00.00/")
    with pytest.raises(RedirectRefused, match="no address"):
        new_fetcher().fetch(site.url())
    assert site.paths() == ["/"]


def test_without_the_setting_loopback_is_refused_before_anything_is_dialled(
    site: Site, new_fetcher: NewFetcher
) -> None:
    for url in (site.url(), site.url(host="localhost"), site.url(host="2130706433"), site.url(host="127.1")):
        with pytest.raises(AddressRefused, match="loopback"):
            new_fetcher(fetch_allow_loopback=False).fetch(url)
    assert site.requests == []


def test_one_inside_address_among_several_is_enough_to_refuse(site: Site, new_fetcher: NewFetcher) -> None:
    names = Names(mixed=[["127.0.0.1", "10.1.2.3"]])
    with pytest.raises(AddressRefused, match="private"):
        new_fetcher(names).fetch(site.url(host="mixed.example"))
    assert site.requests == []


def test_a_name_that_is_public_first_and_inside_later_is_refused_each_time_it_is_inside(
    site: Site, new_fetcher: NewFetcher
) -> None:
    # Loopback stands for the public address here: the setting of tests opens it, and 10.1.2.3 stays closed.
    names = Names(rebind=[["127.0.0.1"], ["127.0.0.1"], ["10.1.2.3"]])
    site.pages["/"] = reply("page")
    fetcher = new_fetcher(names)
    assert fetcher.fetch(site.url(host="rebind.example")).body == b"page"
    with pytest.raises(AddressRefused, match="private"):
        fetcher.fetch(site.url(host="rebind.example"))
    assert names.asked == ["rebind.example"] * 3  # robots.txt, the page, the page again: never dialled by name
    assert {request.headers["host"] for request in site.requests} == {f"rebind.example:{site.port}"}


def test_the_certificate_is_asked_for_by_name_though_the_address_is_pinned(new_fetcher: NewFetcher) -> None:
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        with pytest.raises(TransferBroken):
            new_fetcher(Names(secure=[["127.0.0.1"]])).fetch(f"https://secure.example:{port}/")
        thread.join(timeout=10)
    assert asked == ["secure.example"]
