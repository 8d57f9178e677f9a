"""Which addresses are talked to, and which ways of writing an address are understood."""

import ipaddress
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.fetch.address import refusal
from ingest.fetch.errors import UrlRefused
from ingest.fetch.url import parse_url

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "193.0.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4009::200e",
    "64:ff9b::808:808",
]
CLOSED = [
    "0.0.0.0",  # noqa: S104  refused, not listened on
    "10.255.255.255",
    "100.64.0.0",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.0.1",
    "198.19.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "2a00::5efe:7f00:1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_talked_to(text: str) -> None:
    assert refusal(ip_address(text)) is None


@pytest.mark.parametrize("text", CLOSED)
def test_all_others_are_not(text: str) -> None:
    assert refusal(ip_address(text))


def test_the_setting_opens_loopback_and_nothing_else() -> None:
    opened = {text for text in CLOSED if refusal(ip_address(text), allow_loopback=True) is None}
    assert opened == {"127.0.0.1", "127.255.255.255", "::1"}


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
@settings(max_examples=1000, deadline=None)
def test_whatever_python_calls_closed_is_closed(address: IPv4Address | IPv6Address) -> None:
    inner = address.ipv4_mapped or address.sixtofour if isinstance(address, IPv6Address) else None
    closed = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    nat64 = address in ipaddress.ip_network("64:ff9b::/96") if isinstance(address, IPv6Address) else False
    if (closed or address.is_reserved or address.is_unspecified or inner is not None) and not nat64:
        assert refusal(address)


@given(st.ip_addresses(v=4))
@settings(max_examples=500, deadline=None)
def test_an_address_inside_another_counts(inner: IPv4Address) -> None:
    number = int(inner)
    nat64 = IPv6Address((0x64FF9B << 96) | number)
    assert (refusal(nat64) is None) == (refusal(inner) is None)
    for outer in (0xFFFF << 32 | number, number, (0x2002 << 112) | (number << 80)):
        assert refusal(IPv6Address(outer), allow_loopback=True) or outer == 1


@given(
    st.text(max_size=60),
    st.sampled_from(["", "http://", "https://", "http:", "//", "http://[", "http://a@", "HTTP://"]),
)
@settings(max_examples=1500, deadline=None)
@example("\x00", "http://")
@example("[::1", "http://")
def test_any_text_is_an_address_or_refused(text: str, scheme: str) -> None:
    with suppress(UrlRefused):
        target = parse_url(scheme + text)
        assert target.scheme in ("http", "https")
        assert target.host
        assert "@" not in target.origin
        assert parse_url(target.url) == target
