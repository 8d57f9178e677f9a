"""From a name to addresses."""

import socket
import threading
from ipaddress import ip_address
from typing import Protocol

from ingest.fetch.address import Address
from ingest.fetch.errors import FetchTimeout, NameUnresolved


class Resolver(Protocol):
    """Says where a name leads. Asked anew for every connection; what it says is dialled and nothing else."""

    def addresses(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        """All addresses of the host, best first. Raises NameUnresolved or FetchTimeout."""


class SystemResolver:
    """The operating system's own resolver."""

    def addresses(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        """See Resolver."""
        found: list[Address] = []
        failed: list[Exception] = []

        def ask() -> None:
            try:
                rows = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
                found.extend(dict.fromkeys(ip_address(str(row[4][0])) for row in rows))
            except (OSError, UnicodeError, ValueError) as error:
                failed.append(error)

        # getaddrinfo knows no time-out; a thread that hangs is left behind and ends by itself.
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(timeout_s)
        if thread.is_alive():
            raise FetchTimeout(host, f"The name {host} was not found within {timeout_s:.0f} s.", "Try again.")
        if failed or not found:
            reason = f" ({failed[0]})" if failed else ""
            raise NameUnresolved(host, f"The name {host} is not known{reason}.", "Check the address.")
        return tuple(found)
