"""Which addresses a name has, and which of them are of the public internet."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import Any, Final

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def addresses_of(host: str, port: int, seconds: float) -> list[tuple[int, Any]]:
    """Return the addresses of a name, each with its family. Raises OSError when it has none, or not in time."""
    found: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(OSError(f"the name {host} is not known ({error})"))

    # A look-up cannot be cancelled, so it is abandoned at the time limit.
    threading.Thread(target=look_up, daemon=True).start()
    try:
        infos = found.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError(f"the name {host} was not resolved in time") from None
    if isinstance(infos, OSError):
        raise infos
    return [(info[0], info[4]) for info in infos]


def is_public(text: str) -> bool:
    """Tell whether an IP address is one of the public internet, and does not map to another inside it."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (
        # These carry an IPv4 address that a router may go to.
        address.sixtofour or address.teredo or address.ipv4_mapped or address in _NAT64
    ):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
