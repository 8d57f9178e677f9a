"""Ways of writing addresses inside a network, tried on the fetcher; a listener on this machine hears who comes."""

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv4Network, ip_address
from urllib.parse import parse_qs, quote, urlsplit

from ingest.fetch.address import Address
from ingest.fetch.errors import AddressRefused, FetchError, NameUnresolved, RedirectRefused, UrlRefused
from ingest.fetch.fetcher import Fetcher
from rag.config import Settings

SEED = 20261127
NETWORKS = tuple(
    map(
        IPv4Network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
    )
)
METADATA = IPv4Address("169.254.169.254")
LOGINS = ("", "", "", "user@", "user:pw@", "1.1.1.1@", "1.1.1.1\\@")
SIX_FORMS = slice(8, 14)
"""Those of `forms` that hide the address in one of IPv6."""
WAYS = ("written", "redirect", "name")
"""As the address that is asked for; as where a public page leads; as what a public name leads to as well."""
FETCH_TIMEOUT_S = 5.0
_BEFORE_DIALLING = (AddressRefused, NameUnresolved, RedirectRefused, UrlRefused)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One address tried."""

    way: str
    url: str
    refused: bool
    """Whether it was turned down before anything was dialled."""


def forms(address: IPv4Address) -> list[str]:
    """Ways in which one IPv4 address is written in URLs to get it past a check."""
    number, parts = int(address), [int(part) for part in str(address).split(".")]
    return [
        str(address),
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"0x{part:x}" for part in parts),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"[::ffff:{address}]",
        f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]",
        f"[0:0:0:0:0:ffff:{address}]",
        f"{address}.",
        ".".join(f"%3{part}" if part < 10 else str(part) for part in parts),
        "".join(chr(0xFF10 + int(char)) if char.isdigit() else "。" for char in str(address)),
    ]


def inside(dice: random.Random) -> Iterator[IPv4Address]:
    """Addresses inside a network without end: those that matter, the borders of each network, then any."""
    yield from (IPv4Address("127.0.0.1"), METADATA, IPv4Address(0))
    for network in NETWORKS:
        yield from (network[0], network[-1])
    while True:
        network = dice.choice(NETWORKS)
        yield network[dice.randrange(network.num_addresses)]


class Doors:
    """Counts who comes: on a port of every address of this machine, and on a web server that only leads elsewhere."""

    def __init__(self) -> None:
        self.knocks = 0
        self._socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self._site = ThreadingHTTPServer(("127.0.0.1", 0), _Leading)
        self.port = int(self._socket.getsockname()[1])
        self.site = f"127.0.0.1:{self._site.server_address[1]}"
        for serve in (self._count, self._site.serve_forever):
            threading.Thread(target=serve, daemon=True).start()

    def _count(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.knocks += 1
                connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._site.shutdown()
        self._site.server_close()
        self._socket.close()


@contextmanager
def opened() -> Iterator[Doors]:
    """Doors that are heard: one knock of our own is counted and forgotten. Closed afterwards."""
    doors = Doors()
    try:
        with socket.create_connection(("127.0.0.1", doors.port)) as knock:
            knock.recv(1)
        if doors.knocks != 1:
            raise OSError("the listener did not hear a knock of our own")
        doors.knocks = 0
        yield doors
    finally:
        doors.close()


def try_all(doors: Doors, count: int, seed: int = SEED) -> Iterator[Attempt]:
    """Try `count` addresses, each way in turn."""
    dice = random.Random(seed)  # noqa: S311 - chance, not secrecy
    fields = {"fetch_interval_s": 0.0, "fetch_timeout_s": FETCH_TIMEOUT_S}
    outsider = Fetcher(Settings.model_validate(fields))
    may_ask_loopback = Settings.model_validate({**fields, "fetch_allow_loopback": True})
    for number, address in zip(range(count), inside(dice), strict=False):
        way = WAYS[number % len(WAYS)]
        written = dice.choice(forms(address))
        if way == "written":
            url = f"http://{dice.choice(LOGINS)}{written}:{doors.port}/"
            yield _tried(outsider, way, url)
        elif way == "redirect":
            # The site that leads there is on loopback, which this fetcher may ask; hidden in IPv6 it still may not.
            hidden = dice.choice(forms(address)[SIX_FORMS]) if address.is_loopback else written
            target = f"http://{dice.choice(LOGINS)}{hidden}:{doors.port}/"
            yield _tried(Fetcher(may_ask_loopback), way, f"http://{doors.site}/?to={quote(target)}")
        else:
            # Loopback stands for the public address that the name has too, and that alone is open.
            closed = ip_address(f"::ffff:{address}") if address.is_loopback else address
            name = f"http://name-{number}.example:{doors.port}/"
            yield _tried(Fetcher(may_ask_loopback, _Both((ip_address("127.0.0.1"), closed))), way, name)


def _tried(fetcher: Fetcher, way: str, url: str) -> Attempt:
    try:
        fetcher.fetch(url)
    except _BEFORE_DIALLING:
        return Attempt(way, url, refused=True)
    except FetchError:
        return Attempt(way, url, refused=False)
    return Attempt(way, url, refused=False)


class _Both:
    """A resolver that gives the same addresses for every name."""

    def __init__(self, addresses: tuple[Address, ...]) -> None:
        self._addresses = addresses

    def addresses(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        """See ingest.fetch.resolve.Resolver."""
        del host, timeout_s
        return self._addresses


class _Leading(BaseHTTPRequestHandler):
    """Leads to the address that the query names; has no robots.txt."""

    def do_GET(self) -> None:
        """See BaseHTTPRequestHandler."""
        targets = parse_qs(urlsplit(self.path).query).get("to")
        self.send_response(302 if targets else 404)
        if targets:
            self.send_header("Location", targets[0].encode("ascii", "ignore").decode())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
