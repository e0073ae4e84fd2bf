"""A cached answer never depends on a header that it does not name, and no stranger chooses the links in it.

RFC 9110, section 12.5.5 (Vary); RFC 9111, section 4.1 (what a cache compares); RFC 9112, section 3.2 (Host).
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from server.build.build import build
from server.settings import read_settings
from server.web.app import create_app
from server.web.http.origins import own_hosts
from tests.conftest import HANG
from tests.thorough import NIGHTLY, part
from tests.web.test_everywhere import addresses

ORIGINS = ("http://kb.example", "https://kb.example", "https://two.example:8443")
BASE = "https://w3id.org/alignment-kb/"
SITES = [(f"{origin}/", *origin.split("://")) for origin in ORIGINS] + [(BASE, "https", "w3id.org")]
LEFT_OUT = re.compile(r"\.json$|%00|nowhere|/quote|/schemes|Alignment-Faking")
"""Addresses of which others of the same kind are walked, or where there is nothing."""
MORE = (
    f"/sparql?query={quote('SELECT * { ?s a akb:Claim } ORDER BY ?s LIMIT 3')}",
    f"/sparql?query={quote('SELECT (STR(<x>) AS ?x) {}')}",
    f"/sparql?format=csv&query={quote('SELECT (STR(<x>) AS ?x) {}')}",
    f"/sparql?query={quote('CONSTRUCT { <x> a <y> } {}')}",
    "/search?q=faking",
    "/search/suggest?q=fak",
    "/graph-store?default",
    "/path?from=concept:alignment-faking&to=paper:sleeper-agents",
    "/resolve?id=concept:alignment-faking",
    "/concept/alignment-faking?_mediatype=text/turtle",
    "/reconcile/preview?id=concept:alignment-faking",
    "/reconcile/flyout/entity?id=concept:alignment-faking",
)
VARIATIONS = {
    "Host": ["two.example:8443", "stranger.example", ""],
    "X-Forwarded-Host": ["two.example:8443", "stranger.example"],
    "X-Forwarded-Proto": ["https", "javascript"],
    "X-Forwarded-For": ["203.0.113.9"],
    "X-Forwarded-Prefix": ["/stranger"],
    "Forwarded": ["host=stranger.example;proto=https"],
    "Accept": ["text/html", "text/turtle", "text/csv", "image/png"],
    "Accept-Language": ["de", "zh"],
    "Accept-Encoding": ["br", "gzip"],
    "Accept-Profile": ["<http://schema.org/>"],
    "Origin": ["https://stranger.example"],
    "Cookie": ["session=1; lang=de"],
    "Prefer": ["return=minimal"],
    "User-Agent": ["Mozilla/5.0"],
    "Referer": ["https://stranger.example/"],
    "Authorization": ["Basic YTpi"],
    "X-Original-URL": ["/nowhere"],
    "Range": ["bytes=0-9"],
}
OF_NO_MATTER = (
    *("Cookie", "Origin", "Authorization", "X-Original-URL", "X-Forwarded-Prefix", "Forwarded"),
    *("Prefer", "User-Agent", "Referer", "X-Forwarded-For"),
)
"""Of those, the ones that say nothing of the answer: the first six nowhere, the others at few addresses if at all."""
SHOWN = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Profile",
    "Location",
    "Link",
)


@pytest.fixture(scope="module")
def behind(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an application behind one proxy, at several addresses, whose base has words in German."""
    folder = tmp_path_factory.mktemp("behind")
    root = make_base(folder / "base")
    (root / "akb.toml").write_text('embedding = "none"\ndownloads = "nt"\n', encoding="utf-8")
    entity = root / "kb" / "concept" / "alignment-faking.ttl"
    label = 'skos:prefLabel "Alignment Faking"@en'
    text = entity.read_text(encoding="utf-8")
    assert label in text
    entity.write_text(text.replace(label, f'{label} , "Scheinausrichtung"@de'), encoding="utf-8")
    environment = {"AKB_STATE": str(folder / "state"), "AKB_PROXIES": "1", "AKB_ORIGINS": ",".join(ORIGINS)}
    settings = read_settings(environment, root=root)
    build(settings)
    app = create_app(settings)
    yield app.test_client()
    app.extensions["akb"].close()


def all_addresses(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = {one for rule in rules for one in addresses(rule) if not LEFT_OUT.search(one)}
    return sorted(found)


def ask(client: FlaskClient, address: str, headers: dict[str, str]) -> TestResponse:
    return client.get(address, headers={"Host": "kb.example", **headers})


def is_stored(response: TestResponse) -> bool:
    return not response.cache_control.no_store and not response.cache_control.private


def said(response: TestResponse) -> tuple[object, ...]:
    return (response.status_code, response.data, *(response.headers.get(name) for name in SHOWN))


def test_where_a_header_changes_an_answer_vary_names_it(behind: FlaskClient) -> None:
    changed = set()
    walked = all_addresses(behind.application)
    assert len(walked) + len(MORE) > 80
    for address in (*part(walked, 36), *MORE):
        first = ask(behind, address, {})
        if first.status_code >= 400:
            assert not is_stored(first), address
            continue
        # What changes nothing together changes nothing one by one.
        together = {header: VARIATIONS[header][0] for header in OF_NO_MATTER}
        others = said(ask(behind, address, together)) != said(first) or NIGHTLY
        for header, values in VARIATIONS.items():
            for value in values if others or header not in OF_NO_MATTER else ():
                other = ask(behind, address, {header: value})
                if other.status_code == 206:
                    # A part of the same representation, which caches know for such (RFC 9111, section 3.3).
                    assert other.data == first.data[:10], address
                    continue
                if other.status_code == 416 and not first.data:
                    # Nothing has no first bytes (RFC 9110, section 14.1.2); here, a history in a base that has none.
                    assert not is_stored(other)
                    continue
                if other.status_code == 421:
                    # It is for another target, and so for another key of a cache (RFC 9111, section 2).
                    assert header in {"Host", "X-Forwarded-Host"}
                    assert not is_stored(other)
                    continue
                if not (is_stored(first) or is_stored(other)) or said(first) == said(other):
                    continue
                changed.add(header)
                for response in (first, other):
                    names = {name.lower() for name in response.vary}
                    if is_stored(response):
                        assert header.lower() in names, (address, header, value, response.status_code)
    # What a page may well depend on, so that the test would fail if nothing did.
    assert {"Accept", "Accept-Encoding", "Accept-Language", "Accept-Profile", "Host"} <= changed
    assert not changed & {*OF_NO_MATTER[:6]}


NAMING = [
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/void.nt",
    "/reconcile",
    "/concept.linkset.json",
    "/catalogue.ttl",
]
HOSTS = ["stranger.example", "kb.example:81", "kb.example.stranger.example", "kb.example@stranger.example", "a b"]


@hypothesis_settings(max_examples=40)
@given(
    host=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40) | st.sampled_from(HOSTS),
    proto=st.sampled_from(["", "http", "https", "javascript", "http,https", "//"]),
    header=st.sampled_from(["Host", "X-Forwarded-Host"]),
    path=st.sampled_from(NAMING),
)
def test_no_stranger_chooses_where_a_link_leads(
    behind: FlaskClient, host: str, proto: str, header: str, path: str
) -> None:
    response = ask(behind, path, {header: host, **({"X-Forwarded-Proto": proto} if proto else {})})
    if response.status_code == 421:
        assert not own_hosts(behind.application.extensions["akb"].settings)(host)
        return
    assert response.status_code == 200
    # At each of the known addresses the document is the same but for that address.
    known = {site: ask(behind, path, {"Host": host, "X-Forwarded-Proto": scheme}).text for site, scheme, host in SITES}
    assert response.text in known.values()
    assert all(site in text for site, text in known.items())


@pytest.mark.slow
@pytest.mark.parametrize(
    "head",
    [
        b"GET /robots.txt HTTP/1.0",
        b"GET /robots.txt HTTP/1.0\r\nHost: stranger.example",
        b"GET /robots.txt HTTP/1.0\r\nX-Forwarded-Host: stranger.example",
        b"GET http://stranger.example/robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close",
        b"GET /robots.txt HTTP/1.1\r\nConnection: close",
        b"GET /robots.txt HTTP/1.1\r\nHost: a\r\nHost: stranger.example\r\nConnection: close",
    ],
)
def test_on_the_wire_a_link_starts_with_the_base_where_no_known_host_is_named(head: bytes, server: str) -> None:
    """RFC 9112, section 3.2: HTTP/1.0 needs no Host; what HTTP/1.1 lacks or has twice may be refused, with 400."""
    with socket.create_connection(("127.0.0.1", urlsplit(server).port), timeout=HANG) as connection:
        connection.sendall(head + b"\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()
    links = re.findall(r"^Sitemap: (\S*)$", answer, re.MULTILINE)
    assert links == [f"{BASE}sitemap.xml"] or (b"HTTP/1.1" in head and " 400 " in answer.partition("\r\n")[0])


def test_what_is_cached_inside_is_for_the_same_wishes_only(behind: FlaskClient) -> None:
    """The response cache compares what Vary may name; two requests that differ there never share an answer."""
    address = "/concept/alignment-faking.html"
    answers = {
        (language, coding): ask(behind, address, {"Accept-Language": language, "Accept-Encoding": coding}).data
        for _ in range(2)
        for language in ("en", "de")
        for coding in ("", "br")
    }
    assert len(set(answers.values())) == len(answers)
