"""Which address the site has for a request: one that the settings know, whatever Host and proxies say.

Anyone can send any Host. A link that is made from it could lead readers of a cached answer to a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Response, request

from ...settings import Settings
from ..current import current_settings
from .observing import OPERATIONS
from .prefixes import HEADER, current_prefix, depends_on_header, prefix_of
from .refusals import refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SITE: Final = "akb.site"
_NAMED: Final = "akb.site.named"
_HOST: Final = "akb.site.host"
"""Keys in the WSGI environment: the address of the site, whether the answer names it, and the Host of the request."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - to tell these from the others
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class KnownOrigins:
    """A WSGI application that gives another one no host and no scheme but those of a known address of the site."""

    def __init__(self, application: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._site = _sites(settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        # No host has a longer name.
        host = environ[_HOST] = environ.get("HTTP_HOST", "")[:300]
        environ[_SITE], environ["wsgi.url_scheme"], environ["HTTP_HOST"] = self._site(
            environ["wsgi.url_scheme"], host, prefix_of(environ)
        )
        return self._application(environ, start_response)


class OwnHosts:
    """A WSGI application that hands on what is asked of the hosts of the site, and refuses all else with 421.

    RFC 9110, section 7.4. It stands inside of `KnownOrigins`. Who looks after the server may ask by any name.
    """

    def __init__(self, application: WSGIApplication, settings: Settings) -> None:
        self._application = application
        self._is_own = own_hosts(settings)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if self._is_own(environ[_HOST]) or environ["PATH_INFO"] in OPERATIONS:
            return self._application(environ, start_response)
        _, headers, body = refusal(
            421,
            "The request names a host that is not one of this site.",
            "ask at the address of the site; who runs it names its hosts in AKB_ORIGINS, and has proxies pass them on.",
            accept=environ.get("HTTP_ACCEPT", ""),
        )
        start_response("421 MISDIRECTED REQUEST", headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)


def own_hosts(settings: Settings) -> Callable[[str], bool]:
    """Return a function that tells whether a Host is one of the site's: by its name, whatever the port.

    These are the origins, that of the base, and what this machine calls itself. A request of HTTP/1.0 may have none.
    """
    names = {_of(origin)[0] for origin in (*settings.origins, settings.namespaces.base)} | _own_names(settings)
    # A base may have no host, and a Host may be none.
    names -= {""}

    @lru_cache(maxsize=256)
    def is_own(host: str) -> bool:
        return not host or _split("http", host)[0] in names

    return is_own


def _own_names(settings: Settings) -> frozenset[str]:
    return _LOOPBACK | ({settings.host.lower()} - _WILDCARDS)


def addresses(settings: Settings) -> Callable[[str, str, str], str]:
    """Return a function from the scheme, Host and prefix of a request to the address of the site, ending with a slash.

    Its origin is one of those of the settings. Where these name none it is that of the request, as long as that is this
    machine by the name of the loopback, or the address that the server listens on. Else the address is the base.
    """
    base, origins = settings.namespaces.base, settings.origins
    own = _own_names(settings)

    def address(scheme: str, host: str, prefix: str) -> str:
        name, port = _split(scheme, host)
        if not origins:
            if name not in own or scheme not in _DEFAULT_PORTS:
                return base
            shown = f"[{name}]" if ":" in name else name
            return f"{scheme}://{shown}{'' if port == _DEFAULT_PORTS[scheme] else f':{port}'}{prefix}/"
        same = [one for one in origins if _of(one) == (name, port) or _without_port(one, host)]
        found = next((one for one in same if one.startswith(f"{scheme}://")), same[0] if same else "")
        return f"{found}{prefix}/" if found else base

    return address


def _sites(settings: Settings) -> Callable[[str, str, str], tuple[str, str, str]]:
    """Return a function like that of `addresses`, which gives the scheme and the host of the site as well."""
    address = addresses(settings)

    # Readers name few different hosts; a stranger who makes them up must not fill the memory.
    @lru_cache(maxsize=256)
    def site(scheme: str, host: str, prefix: str) -> tuple[str, str, str]:
        found = address(scheme, host, prefix)
        name, _, rest = found.partition("://")
        return found, name, rest.partition("/")[0]

    return site


def site_address() -> str:
    """Return the address of the site for the present request, with a slash at its end.

    The answer then says that it depends on the headers that name the host.
    """
    request.environ[_NAMED] = True
    return site_of(request.environ)


def home_address() -> str:
    """Return the address at which the site is for everybody, with a slash at its end.

    That is the first of the settings, else the base. It does not depend on who asks, nor on the host that they name.
    """
    settings = current_settings()
    return f"{settings.origins[0]}{current_prefix()}/" if settings.origins else settings.namespaces.base


def site_of(environ: WSGIEnvironment) -> str:
    """Return the address of the site for a request, with a slash at its end."""
    site: str = environ[_SITE]
    return site


def naming_headers(settings: Settings) -> tuple[str, ...]:
    """Return the headers from which the address of the site is chosen."""
    if not settings.proxies:
        return ("Host",)
    if settings.proxy_headers == "forwarded":
        return ("Host", "Forwarded")
    return ("Host", "X-Forwarded-Host", "X-Forwarded-Proto", *([HEADER] if depends_on_header(settings) else []))


def say_dependence(response: Response, settings: Settings) -> None:
    """Name in Vary the headers that say the host and the prefix, where the answer depends on them.

    RFC 9110, section 12.5.5. Nearly every answer has local addresses in its headers at least.
    """
    if _NAMED in request.environ:
        response.vary.update(naming_headers(settings))
    elif depends_on_header(settings):
        response.vary.add(HEADER)


def _split(scheme: str, host: str) -> tuple[str, int]:
    """Return the name and the port of a Host (RFC 9110, section 7.2); an empty name for what is none."""
    try:
        parts = urlsplit(f"//{host.strip()}")
        if parts.netloc != host.strip() or "@" in host:
            return "", 0
        return (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS.get(scheme, 0)
    except ValueError:
        return "", 0


def _of(origin: str) -> tuple[str, int]:
    scheme, _, rest = origin.partition("://")
    return _split(scheme, rest.partition("/")[0])


def _without_port(origin: str, host: str) -> bool:
    """Tell whether a Host without a port names an origin that has none either, over whatever scheme it came."""
    return host.strip().lower().rstrip(".") == origin.partition("://")[2]
