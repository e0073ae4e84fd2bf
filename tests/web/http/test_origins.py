"""The address of the site for a request: a known one, whatever the request says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.settings import Settings, read_settings
from server.web.app import create_app
from server.web.http.origins import addresses, own_hosts

BASE = "https://w3id.org/alignment-kb/"
TWO = "http://kb.example, https://kb.example, https://other.example:8443"


def own(settings: Settings, **given: str) -> Settings:
    return read_settings({"AKB_STATE": str(settings.state), **given}, root=settings.root)


@pytest.mark.parametrize(
    ("origins", "scheme", "host", "expected"),
    [
        ("", "http", "localhost:8000", "http://localhost:8000/"),
        ("", "http", "LOCALHOST.", "http://localhost/"),
        ("", "http", "[::1]:81", "http://[::1]:81/"),
        ("", "http", "kb.example", BASE),
        ("", "ftp", "localhost", BASE),
        # HTTP/1.0 needs no Host (RFC 9112, section 3.2).
        ("", "http", "", BASE),
        ("", "http", "a b", BASE),
        ("", "http", "localhost:99999", BASE),
        ("", "http", "x@localhost", BASE),
        ("", "http", "localhost/evil", BASE),
        (TWO, "http", "kb.example", "http://kb.example/"),
        (TWO, "https", "KB.example:443", "https://kb.example/"),
        (TWO, "https", "kb.example:80", "http://kb.example/"),
        (TWO, "javascript", "kb.example", "http://kb.example/"),
        (TWO, "http", "kb.example:8443", BASE),
        (TWO, "http", "other.example:8443", "https://other.example:8443/"),
        (TWO, "https", "other.example", BASE),
        (TWO, "http", "localhost", BASE),
        # A proxy in front does TLS, and says nothing of it.
        ("https://kb.example", "http", "kb.example", "https://kb.example/"),
    ],
)
def test_an_address_is_a_known_one_or_the_base(
    origins: str, scheme: str, host: str, expected: str, settings: Settings
) -> None:
    assert addresses(own(settings, AKB_ORIGINS=origins))(scheme, host, "") == expected


def test_the_address_that_the_server_listens_on_is_known_but_no_wildcard(settings: Settings) -> None:
    assert addresses(own(settings, AKB_HOST="10.0.0.5"))("http", "10.0.0.5:8000", "") == "http://10.0.0.5:8000/"
    for wildcard in ("0.0.0.0", "::"):
        host = f"[{wildcard}]" if ":" in wildcard else wildcard
        assert addresses(own(settings, AKB_HOST=wildcard))("http", host, "/kb") == BASE


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("kb.example", True),
        ("KB.example.:8000", True),
        ("other.example", True),
        ("localhost:8000", True),
        ("[::1]", True),
        ("w3id.org", True),
        ("", True),
        ("stranger.example", False),
        ("kb.example.stranger.example", False),
        ("x@kb.example", False),
        ("kb.example/", False),
        ("10.0.0.5:8000", False),
        ("a b", False),
    ],
)
def test_the_hosts_of_the_site_are_those_that_the_settings_name(host: str, expected: bool, settings: Settings) -> None:
    assert own_hosts(own(settings, AKB_ORIGINS=TWO))(host) is expected


def test_what_is_asked_of_another_host_is_misdirected_where_hosts_are_named(settings: Settings) -> None:
    """RFC 9110, sections 7.4 and 15.5.20."""
    app = create_app(own(settings, AKB_ORIGINS=TWO))
    client = app.test_client()
    try:
        for path in ("/robots.txt", "/sparql?query=ASK{}", "/concept/alignment-faking"):
            refused = client.get(path, headers={"Host": "stranger.example"})
            assert refused.status_code == 421
            assert refused.content_type == "application/problem+json"
            assert refused.headers["X-Request-Id"]
            assert refused.cache_control.no_store
            assert client.get(path, headers={"Host": "kb.example"}).status_code < 400
        page = client.get("/", headers={"Host": "stranger.example", "Accept": "text/html"})
        assert page.content_type == "text/html; charset=utf-8"
        assert client.head("/", headers={"Host": "stranger.example"}).data == b""
        assert client.get("/healthz", headers={"Host": "10.0.0.5:8000"}).status_code == 200
    finally:
        app.extensions["akb"].close()


@given(st.sampled_from(["http", "https"]) | st.text(), st.text() | st.from_regex(r"(localhost|kb\.example).*"))
def test_whatever_the_request_says(settings: Settings, scheme: str, host: str) -> None:
    known = {BASE, *(f"{origin}/" for origin in TWO.split(", "))}
    assert addresses(own(settings, AKB_ORIGINS=TWO))(scheme, host, "") in known
