"""Requests that come through reverse proxies of ours: who asked, by which scheme, host and prefix (RFC 7239).

What the proxies say of the scheme and the host is believed only as far as it names a known address: `origins.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING

from werkzeug.http import parse_list_header, parse_options_header
from werkzeug.middleware.proxy_fix import ProxyFix

from ...settings import Settings
from .observing import peer_of
from .origins import KnownOrigins
from .prefixes import UnderPrefix, depends_on_header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def behind_proxies(application: WSGIApplication, settings: Settings) -> WSGIApplication:
    """Return an application that believes as many proxies as the settings name, and only the headers that they write.

    Anyone may send these headers: entries to the left of those of our proxies are not trusted, nor is any from a
    connection that does not come from one of their networks, where the settings name these.
    """
    known: WSGIApplication = KnownOrigins(application, settings)
    direct = UnderPrefix(known, settings) if any(settings.prefixes[:1]) else known
    count = settings.proxies
    if not count:
        return direct
    inside = UnderPrefix(known, settings, proxies=count) if depends_on_header(settings) else direct
    if settings.proxy_headers == "forwarded":
        behind: WSGIApplication = _FromForwarded(ProxyFix(inside, x_for=1, x_proto=1, x_host=1), count)
    else:
        behind = ProxyFix(inside, x_for=count, x_proto=count, x_host=count)
    return _FromNetworks(behind, direct, settings.proxy_networks) if settings.proxy_networks else behind


def address_of(settings: Settings) -> Callable[[WSGIEnvironment], str]:
    """Return a function that tells from which address a request comes, as the application will have it told."""
    application = behind_proxies(lambda *_: (), settings)

    def address(environ: WSGIEnvironment) -> str:
        told = dict(environ)
        application(told, _not_begun)
        return peer_of(told)

    return address if settings.proxies else peer_of


def _not_begun(*_: object) -> Callable[[bytes], object]:
    """Take the status and headers of an answer that nobody wants."""
    return len


class _FromNetworks:
    """Hands a request that comes from one of some networks to one application, any other to another."""

    def __init__(
        self, inside: WSGIApplication, outside: WSGIApplication, networks: tuple[IPv4Network | IPv6Network, ...]
    ) -> None:
        self._inside, self._outside, self._networks = inside, outside, networks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        application = self._inside if self._is_inside(peer_of(environ)) else self._outside
        return application(environ, start_response)

    def _is_inside(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        # A socket for both families shows an IPv4 address as an IPv6 one.
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self._networks)


class _FromForwarded:
    """Puts what the header Forwarded says into the headers that werkzeug reads."""

    def __init__(self, application: WSGIApplication, count: int) -> None:
        self._application = application
        self._count = count

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in ("FOR", "PROTO", "HOST", "PORT", "PREFIX"):
            environ.pop(f"HTTP_X_FORWARDED_{name}", None)
        # Each proxy adds an element at the end (section 4).
        elements = parse_list_header(environ.get("HTTP_FORWARDED", ""))
        if len(elements) >= self._count:
            said = parse_options_header(f"element;{elements[-self._count]}")[1]
            for name in ("for", "proto", "host"):
                if value := said.get(name):
                    environ[f"HTTP_X_FORWARDED_{name.upper()}"] = _node(value) if name == "for" else value
        return self._application(environ, start_response)


def _node(value: str) -> str:
    """Return the name of a node without its port (section 6)."""
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0]
