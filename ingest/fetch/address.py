"""Which addresses the guide may talk to: public unicast and nothing else. Pure.

The ranges are those of IANA's special-purpose registries (RFC 6890 and its updates). They are written out because
`ipaddress.is_global` differs between the Python versions that the guide runs on.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_LOOPBACK_4 = IPv4Network("127.0.0.0/8")
_LOOPBACK_6 = IPv6Address("::1")
_CLOSED_4 = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("2001::/23", "protocol assignments, Teredo among them"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
"""Behind DNS64 every IPv4 server has such an address: the one embedded in it decides."""
_ISATAP = 0x5EFE


def refusal(address: Address, *, allow_loopback: bool = False) -> str | None:
    """Why the address is not talked to, as words for a message; None where it is public.

    With `allow_loopback`, 127.0.0.0/8 and ::1 are open as well, and still no other way of writing them.
    """
    if isinstance(address, IPv4Address):
        if allow_loopback and address in _LOOPBACK_4:
            return None
        return next((reason for network, reason in _CLOSED_4 if address in network), None)
    if allow_loopback and address == _LOOPBACK_6 and address.scope_id is None:
        return None
    if address in _NAT64:
        inner = refusal(IPv4Address(int(address) & 0xFFFFFFFF))
        return None if inner is None else f"NAT64 for {inner}"
    closed = next((reason for network, reason in _CLOSED_6 if address in network), None)
    if closed is None and address not in _OPEN_6:
        return "not public unicast"
    if closed is None and (int(address) >> 32) & 0xFFFF == _ISATAP:
        return "ISATAP"
    return closed
