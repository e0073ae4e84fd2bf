"""What reverse proxies say of a request, and who is believed (RFC 7239)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wsgi import get_current_url

from server.settings import Settings, read_settings
from server.web.http.proxies import address_of, behind_proxies

OLD = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "kb.example.org"}
NEW = {"Forwarded": 'for=1.1.1.1;host=evil.example, for="[2001:db8::1]:4711";proto=https;host=kb.example.org'}


def seen(
    settings: Settings, headers: dict[str, str], proxies: int, names: str = "x-forwarded", networks: str = ""
) -> tuple[str, str]:
    """Return the address of the client and the URL that an application sees."""
    given = {"AKB_PROXIES": str(proxies), "AKB_PROXY_HEADERS": names, "AKB_PROXY_NETWORKS": networks}
    given["AKB_ORIGINS"] = "http://localhost, https://localhost, https://kb.example.org"
    own = read_settings({"AKB_STATE": str(settings.state), **given}, root=settings.root)
    found: list[tuple[str, str]] = []

    def application(environ: dict[str, str], _start: object) -> list[bytes]:
        found.append((environ["REMOTE_ADDR"], get_current_url(environ)))
        return []

    environ = EnvironBuilder(headers=headers, environ_overrides={"REMOTE_ADDR": "9.9.9.9"}).get_environ()
    told = address_of(own)(environ)
    list(behind_proxies(application, own)(environ, lambda *_: None))
    assert told == found[0][0], "the address as it is told before the application is asked"
    return found[0]


DIRECT = ("9.9.9.9", "http://localhost/")


@pytest.mark.parametrize(
    ("headers", "proxies", "names", "expected"),
    [
        (OLD, 0, "x-forwarded", DIRECT),
        (NEW, 0, "forwarded", DIRECT),
        (OLD, 1, "x-forwarded", ("2.2.2.2", "https://kb.example.org/")),
        (OLD, 2, "x-forwarded", ("1.1.1.1", "http://localhost/")),
        (OLD, 3, "x-forwarded", DIRECT),
        (NEW, 1, "forwarded", ("2001:db8::1", "https://kb.example.org/")),
        (NEW, 3, "forwarded", DIRECT),
        # Whoever writes the one kind of header is not believed for the other.
        (NEW, 1, "x-forwarded", DIRECT),
        (OLD, 1, "forwarded", DIRECT),
        ({"Forwarded": "for=2.2.2.2:80"}, 1, "forwarded", ("2.2.2.2", "http://localhost/")),
        ({"Forwarded": "for=unknown;proto=https"}, 1, "forwarded", ("unknown", "https://localhost/")),
        ({"Forwarded": ";;,=,"}, 1, "forwarded", DIRECT),
    ],
)
def test_as_many_proxies_are_believed_as_there_are(
    headers: dict[str, str], proxies: int, names: str, expected: tuple[str, str], settings: Settings
) -> None:
    assert seen(settings, headers, proxies, names) == expected


@pytest.mark.parametrize(
    ("networks", "believed"),
    [("9.9.9.9", True), ("::1, 9.9.0.0/16", True), ("127.0.0.1", False), ("2001:db8::/32", False)],
)
def test_a_proxy_is_believed_only_where_it_connects_from_one_of_its_networks(
    networks: str, believed: bool, settings: Settings
) -> None:
    expected = ("2.2.2.2", "https://kb.example.org/") if believed else DIRECT
    assert seen(settings, OLD, 1, networks=networks) == expected


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_no_header_makes_it_fail(settings: Settings, text: str) -> None:
    assert seen(settings, {"Forwarded": text}, 1, "forwarded")[0]
