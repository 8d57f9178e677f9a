"""Servers on loopback that drip, never end, break off, or send far more than they seem to."""

import gzip
import io
import time
import zlib
from collections.abc import Callable

import pytest
from site_sample import Request, Site, reply

from ingest.fetch.errors import (
    BodyTooLarge,
    FetchError,
    FetchTimeout,
    TransferBroken,
)
from ingest.fetch.fetcher import Fetcher

NewFetcher = Callable[..., Fetcher]


def drip(request: Request) -> None:
    request.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(1000):
        request.socket.sendall(b"x")
        time.sleep(0.05)


def drip_head(request: Request) -> None:
    request.socket.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        request.socket.sendall(f"X-{number}: x\r\n".encode())
        time.sleep(0.05)


def say_nothing(request: Request) -> None:
    request.socket.recv(1)


@pytest.mark.parametrize("handler", [drip, drip_head, say_nothing])
def test_a_server_that_drips_is_left_in_time(
    site: Site, new_fetcher: NewFetcher, handler: Callable[[Request], None]
) -> None:
    site.pages["/"] = handler
    begun = time.monotonic()
    with pytest.raises(FetchTimeout):
        new_fetcher(fetch_timeout_s=0.6).fetch(site.url())
    assert time.monotonic() - begun < 5


def endless(request: Request) -> None:
    request.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        request.socket.sendall(b"x" * 65_536)


def endless_head(request: Request) -> None:
    request.socket.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        request.socket.sendall(b"X-More: " + b"x" * 60_000 + b"\r\n")


def endless_interim(request: Request) -> None:
    while True:
        request.socket.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")


@pytest.mark.parametrize(("handler", "wanted"), [(endless, BodyTooLarge), (endless_head, TransferBroken)])
def test_what_never_ends_is_cut_off(
    site: Site, new_fetcher: NewFetcher, handler: Callable[[Request], None], wanted: type[FetchError]
) -> None:
    site.pages["/"] = handler
    with pytest.raises(wanted):
        new_fetcher().fetch(site.url())


def test_interim_replies_without_end_are_left_in_time(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = endless_interim
    with pytest.raises(FetchTimeout):
        new_fetcher(fetch_timeout_s=0.6).fetch(site.url())


@pytest.mark.parametrize(
    "data",
    [
        reply("short", Content_Length="500"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 99999 X\r\n\r\n",
        b"",
        reply(""),
        reply("x", Content_Encoding="br"),
        reply(b"no gzip", Content_Encoding="gzip"),
        reply(gzip.compress(b"cut short" * 1000)[:-20], Content_Encoding="gzip"),
    ],
    ids=range(12),
)
def test_a_broken_transfer_is_told_and_gives_no_half_page(site: Site, new_fetcher: NewFetcher, data: bytes) -> None:
    site.pages["/"] = data
    with pytest.raises(TransferBroken):
        new_fetcher().fetch(site.url())


def test_what_follows_the_announced_length_is_not_part_of_the_page(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply("hello and more", Content_Length="5")
    assert new_fetcher().fetch(site.url()).body == b"hello"


def test_a_length_over_the_limit_is_refused_before_the_body(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"
    with pytest.raises(BodyTooLarge):
        new_fetcher().fetch(site.url())


def bomb(megabytes: int) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        for _ in range(megabytes):
            file.write(bytes(1_000_000))
    return out.getvalue()


def test_a_gzip_bomb_is_cut_off_at_the_limit(site: Site, new_fetcher: NewFetcher) -> None:
    packed = bomb(100)
    assert len(packed) < 110_000
    site.pages["/"] = reply(packed, Content_Encoding="gzip")
    site.pages["/members"] = reply(bomb(1) * 50, Content_Encoding="gzip")
    site.pages["/twice"] = reply(gzip.compress(packed), Content_Encoding="gzip, gzip")
    for path, wanted in (("/", BodyTooLarge), ("/members", BodyTooLarge), ("/twice", TransferBroken)):
        with pytest.raises(wanted):
            new_fetcher().fetch(site.url(path))


def test_gzip_of_several_members_is_read_whole(site: Site, new_fetcher: NewFetcher) -> None:
    site.pages["/"] = reply(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(8), Content_Encoding="gzip")
    assert new_fetcher().fetch(site.url()).body == b"one two"
    assert zlib.crc32(b"one two")
