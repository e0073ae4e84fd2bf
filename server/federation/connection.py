"""A connection to the very address that was checked, which ends when its time does.

A name is resolved once, every address of it is checked, and the connection goes to one of those: a name that changes
its address between check and use gains nothing. No redirect is followed, no proxy is asked.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import urlsplit

from ..errors import ForbiddenQueryError
from .peers import Peer

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@contextmanager
def connected(peer: Peer, deadline: float) -> Iterator[http.client.HTTPConnection]:
    """Yield a connection to a peer that is cut at the deadline (of time.monotonic), whatever it is doing.

    Raises ForbiddenQueryError when the address of the peer is not allowed, OSError when it is not reached.
    """
    connection = _Connection(peer, deadline)
    # Timeouts of a socket start anew with each byte; this one does not.
    watchdog = threading.Timer(max(deadline - time.monotonic(), 0), connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield connection
    finally:
        watchdog.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    def __init__(self, peer: Peer, deadline: float) -> None:
        target = urlsplit(peer.endpoint)
        self._secure = target.scheme == "https"
        self.default_port = 443 if self._secure else 80  # the Host header leaves this one out
        super().__init__(target.hostname or "", target.port or self.default_port)
        self._peer = peer
        self._deadline = deadline
        self._cut = False
        self._live: socket.socket | None = None  # `sock` is gone once the headers are read

    def connect(self) -> None:
        error: OSError = OSError("the name has no address")
        for family, address in _addresses(self._peer, self.host, self.port, self._deadline):
            plain = socket.socket(family, socket.SOCK_STREAM)
            plain.settimeout(max(self._deadline - time.monotonic(), 0.001))
            try:
                plain.connect(address)
            except OSError as refused:
                plain.close()
                error = refused
                continue
            self._use(plain)
            return
        raise error

    def _use(self, plain: socket.socket) -> None:
        self.sock = plain
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self._live = self.sock
        if self._cut:
            raise TimeoutError("the time is over")
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def cut(self) -> None:
        self._cut = True
        if self._live is not None:
            with suppress(OSError):
                # Not that of SSLSocket, which waits for the other side.
                socket.socket.shutdown(self._live, socket.SHUT_RDWR)


def _addresses(peer: Peer, host: str, port: int, deadline: float) -> list[tuple[int, Any]]:
    """Return the addresses of a peer, all of which are allowed."""
    found: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(OSError(f"the name {host} is not known ({error})"))

    # A look-up cannot be cancelled, so it is abandoned at the time limit.
    threading.Thread(target=look_up, daemon=True).start()
    try:
        infos = found.get(timeout=max(deadline - time.monotonic(), 0.001))
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(infos, OSError):
        raise infos
    for info in infos if not peer.private else ():
        if not is_public(info[4][0]):
            raise ForbiddenQueryError(
                f"The peer {peer.name} is not called: its name leads to an address that is not public.",
                "its operator sets private = true in peers.toml if that is intended.",
            )
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
    return address.is_global and not address.is_multicast
