"""Connections to the very addresses that were checked, which end when their time does.

A name is resolved once, every address of it is checked, and the connection goes to one of those: a name that changes
its address between check and use gains nothing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final
from urllib.request import AbstractHTTPHandler, Request

from .addresses import addresses_of, is_public
from .failures import NotPublicError

_NEVER: Final = float("inf")


class Guard:
    """What holds for all connections of one exchange."""

    def __init__(self, seconds: float | None, idle: float, *, public: bool) -> None:
        """`seconds` is for the whole of it, `idle` for each wait for a byte; `public` allows public addresses only."""
        self._deadline = _NEVER if seconds is None else time.monotonic() + seconds
        self._idle = idle
        self._public = public
        self._open: list[socket.socket] = []
        self._is_cut = False

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return self._deadline - time.monotonic()

    @property
    def idle(self) -> float:
        """How many seconds the next byte may take."""
        return max(min(self._idle, self.left), 0.001)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Cut every connection at the deadline, whatever it is doing.

        Timeouts of a socket start anew with each byte; this one does not.
        """
        watchdog = None
        if self._deadline != _NEVER:
            watchdog = threading.Timer(max(self.left, 0), self._cut)
            watchdog.daemon = True
            watchdog.start()
        try:
            yield
        finally:
            if watchdog is not None:
                watchdog.cancel()
            for held in self._open:
                held.close()

    def reach(self, address: tuple[str, int], *_: Any) -> socket.socket:
        """Connect to a host and port. Raises NotPublicError, or OSError when it is not reached."""
        host, port = address
        found = addresses_of(host, port, self.idle)
        if self._public and not all(is_public(place[0]) for _, place in found):
            raise NotPublicError
        error: OSError = OSError(f"the name {host} has no address")
        for tried, (family, place) in enumerate(found):
            connection = socket.socket(family, socket.SOCK_STREAM)
            # An address that never answers leaves time for the next one.
            connection.settimeout(self.idle / (len(found) - tried))
            try:
                connection.connect(place)
            except OSError as refused:
                connection.close()
                error = refused
                continue
            connection.settimeout(self.idle)
            # A second descriptor of the same connection: TLS takes the first one away, and headers once read drop it.
            self._open.append(connection.dup())
            if self._is_cut:
                self._cut()
            return connection
        raise error

    def _cut(self) -> None:
        self._is_cut = True
        for held in self._open:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


class _Connection(http.client.HTTPConnection):
    def __init__(self, host: str, guard: Guard, **options: Any) -> None:
        super().__init__(host, **options)
        self._create_connection = guard.reach


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, host: str, guard: Guard, **options: Any) -> None:
        super().__init__(host, **options)
        self._create_connection = guard.reach


@cache
def _tls() -> ssl.SSLContext:
    """Return what certificates are checked against; to read it takes longer than most requests."""
    return ssl.create_default_context()


class GuardedHandler(AbstractHTTPHandler):
    """Opens http and https addresses by connections under a guard."""

    http_request = https_request = AbstractHTTPHandler.do_request_

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        """Send a request without TLS."""
        return self.do_open(lambda host, **options: _Connection(host, self._guard, **options), req)

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        """Send a request by TLS."""
        return self.do_open(
            lambda host, **options: _SecureConnection(host, self._guard, context=_tls(), **options), req
        )
