"""A site under a path: no address in any answer leads out of it, and what is cached never mixes two of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, TestResponse

from server.errors import UsageError
from server.settings import Settings, as_prefix, read_settings
from server.web.app import create_app
from server.web.http.prefixes import prefixed, without_prefix
from server.web.http.proxies import behind_proxies
from tests.thorough import NIGHTLY
from tests.web.test_everywhere import addresses

HOST = "http://kb.example"
AF = "/concept/alignment-faking"
OPEN = {"AKB_PROXIES": "1", "AKB_ORIGINS": "", "AKB_HOST": "kb.example"}
"""Settings that name no address of the site but the host on which it listens."""
MORE = (
    "/search.html?q=deceptive&page=1",
    "/search.json?q=alignment&size=2",
    "/search/suggest?q=align",
    "/search.html?q=zzzzzz",
    "/concept.html?size=2&page=2",
    "/concept.json?size=2",
    f"{AF}/neighbourhood.html?size=2",
    f"{AF}/neighbourhood.json?size=2",
    f"{AF}/picture.svg",
    f"{AF}/card",
    "/path.html?from=concept:alignment-faking&to=concept:deceptive-alignment",
    "/explain.html?subject=concept:alignment-faking",
    "/explain.json?subject=concept:alignment-faking",
    "/resolve?id=concept:alignment-faking",
    "/resolve?id=https://w3id.org/alignment-kb/concept/alignment-faking",
    "/resolve?id=akb:Concept",
    "/Concept/Alignment_Faking/",
    "/concept:alignment-faking",
    "/sparql?query=SELECT%20*%20%7B%3Fs%20a%20akb:Concept%7D",
    "/sparql?query=DESCRIBE%20concept:alignment-faking",
    "/sparql?query=SELECT",
    "/sparql?query=CONSTRUCT%20%7B%3Ca%3E%20%3Cb%3E%20%3Cc%3E%7D%20%7B%7D",
    "/reconcile/flyout/entity?id=concept:alignment-faking",
    "/reconcile/preview?id=concept:alignment-faking",
    "/reconcile/1.0/preview?id=concept:alignment-faking",
    "/static/style.css",
    "/static/classes.css",
    "/candidate/nowhere",
    "/release/nowhere",
    "//evil.example/",
    "/%0d%0aLink:x",
)
"""Addresses beside those that `addresses` makes of the table: parameters, redirects, errors."""

_ATTRIBUTE = re.compile(
    r"""\s(?:(?:xlink:)?href|src|action|formaction|poster|data-\w+|content)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
)
_SCRIPT = re.compile(r"(<(script|style)\b[^>]*>).*?</\2", re.DOTALL)
_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
_LINK = re.compile(r'<([^>]*)>|;\s*anchor="([^"]*)"')
_ADDRESS = re.compile(rf"{re.escape(HOST)}[^\s<>\"'`)\]}}]*")


def own(settings: Settings, **more: str) -> Settings:
    return read_settings({"AKB_STATE": str(settings.state), "AKB_ORIGINS": HOST, **more}, root=settings.root)


@pytest.fixture(scope="module")
def under(settings: Settings) -> Iterator[Flask]:
    """The application under `/kb`, by its setting."""
    app = create_app(own(settings, AKB_PREFIX="/kb"))
    yield app
    app.extensions["akb"].close()


@pytest.fixture(scope="module")
def behind(settings: Settings) -> Iterator[FlaskClient]:
    """A client of the application behind one proxy, which says under which path it is."""
    app = create_app(own(settings, **OPEN))
    yield app.test_client()
    app.extensions["akb"].close()


def get(client: FlaskClient, path: str, prefix: str = "", accept: str = "text/html") -> TestResponse:
    headers = {"Accept": accept, "Host": "kb.example"} | ({"X-Forwarded-Prefix": prefix} if prefix else {})
    return client.get(path, headers=headers)


def led_to(response: TestResponse) -> Iterator[str]:
    """Yield the addresses in an answer, as they are written: in its headers, and in its body by its type."""
    for name in ("Location", "Content-Location"):
        if name in response.headers:
            yield response.headers[name]
    for found in _LINK.finditer(response.headers.get("Link", "")):
        yield found[1] or found[2] or ""
    text = response.data.decode("utf-8", "replace")
    yield from _ADDRESS.findall(text)
    kind = response.mimetype
    if kind in {"text/html", "image/svg+xml"}:
        for found in _ATTRIBUTE.finditer(_SCRIPT.sub(r"\1", text)):
            value = unescape(found[1] if found[1] is not None else found[2])
            if value.startswith("/"):
                yield value
        # The manual names addresses as they are in every site, and the description of all those below its server.
        if not re.search("/docs/|/openapi", response.request.path):
            yield from re.findall(r">(/\w[^<\s]*)</", text)
    elif kind == "text/markdown" and "/docs/" not in response.request.path:
        yield from re.findall(r"\]\((/[^)]*)\)", text)
        yield from re.findall(r"\[(/[^]]*)\]", text)
    elif kind == "text/css":
        yield from (one for one in _CSS.findall(text) if not one.startswith("data:"))
    elif kind.endswith("json"):
        yield from (one for one in strings(json.loads(text)) if re.match(r"/[^\s/]", one))
    elif kind == "text/plain":
        yield from re.findall(r"(?:Allow|Disallow): (\S+)", text)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            # A service of reconciliation has its address in two parts.
            before = value[name.replace("path", "url")] if name.endswith("service_path") else ""
            yield from (before + one for one in strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def all_addresses(app: Flask) -> list[str]:
    return [*dict.fromkeys(one for rule in app.url_map.iter_rules() for one in addresses(rule)), *MORE]


def test_no_address_in_any_answer_leads_out_of_the_prefix(under: Flask) -> None:
    client = under.test_client()
    asked = seen = 0
    page, *others = ("text/html", "application/json", "text/markdown", "application/linkset+json")
    for number, address in enumerate(all_addresses(under)):
        # Each has its page, and one of the others by turns.
        for accept in (page, *(others if NIGHTLY else [others[number % len(others)]])):
            with get(client, f"/kb{address}", accept=accept) as response:
                asked += 1
                is_negotiated = "Accept" in response.vary
                for one in led_to(response):
                    whole = urljoin(f"{HOST}/kb{address}", one)
                    parts = urlsplit(whole)
                    if parts.netloc != "kb.example":
                        assert "evil" not in parts.netloc
                        continue
                    seen += 1
                    assert parts.path == "/kb" or parts.path.startswith("/kb/"), (address, accept, one)
                    assert not parts.path.startswith("/kb/kb"), (address, accept, one)
            if not is_negotiated:
                break
    assert asked > 500
    assert seen > 10_000


def test_the_answer_is_the_same_whoever_says_the_prefix(under: Flask, behind: FlaskClient) -> None:
    client = under.test_client()
    for address in (
        "/",
        f"{AF}.html",
        AF,
        f"{AF}.json",
        "/sparql",
        "/robots.txt",
        "/static/style.css",
        "/nowhere",
        *MORE,
    ):
        if address.startswith("//"):
            continue  # the client takes it for a host
        kept = get(client, f"/kb{address}")
        for other in (
            get(client, address),
            get(behind, address, "/kb"),
            get(behind, f"/kb{address}", "/kb"),
        ):
            assert other.status_code == kept.status_code, address
            assert other.headers.get("Location") == kept.headers.get("Location"), address
            assert other.headers.get("Link") == kept.headers.get("Link"), address
            assert at_home(other) == at_home(kept), address


def at_home(response: TestResponse) -> bytes:
    """Return a page with one address of the site for everybody, which is that of its settings: they differ here."""
    return response.data.replace(b"https://w3id.org/alignment-kb/", f"{HOST}/kb/".encode())


def test_the_prefix_alone_is_the_home_page(under: Flask) -> None:
    client = under.test_client()
    assert get(client, "/kb").data == get(client, "/kb/").data == get(client, "/").data
    assert get(client, "/kbx").status_code == 404


@pytest.mark.parametrize("coding", ["", "br"])
def test_what_is_cached_never_mixes_prefixes(coding: str, behind: FlaskClient) -> None:
    paths = (f"{AF}.html", f"{AF}/card", f"{AF}/picture.svg", "/concept.json?size=2", "/concept.md", AF, "/nowhere")
    tags: dict[str, set[str]] = {}
    for prefix in ("", "/a", "/b/c", "/a", ""):
        for path in paths:
            headers = {"Accept": "text/html", "Host": "kb.example", "X-Forwarded-Prefix": prefix}
            response = behind.get(path, headers=headers)
            assert "X-Forwarded-Prefix" in response.vary, path
            own_paths = {
                parts.path for one in led_to(response) if (parts := urlsplit(urljoin(HOST, one))).netloc in HOST
            }
            assert own_paths, path
            assert {(re.match("/a(?=/)|/b/c(?=/)|", one) or [""])[0] for one in own_paths} == {prefix}, path
            if tag := response.headers.get("ETag"):
                again = behind.get(path, headers=headers | {"Accept-Encoding": coding, "If-None-Match": tag})
                assert again.status_code == 304 or coding, path
                coded = behind.get(path, headers=headers | {"Accept-Encoding": coding})
                tags.setdefault(path, set()).add(coded.headers["ETag"])
    assert all(len(found) == 3 for found in tags.values()), tags
    assert len(tags) >= 5


@pytest.mark.parametrize(
    ("more", "said", "expected"),
    [
        ({}, "/kb", ""),
        (OPEN, "/kb/", "/kb"),
        (OPEN, "/evil, /kb", "/kb"),
        (OPEN | {"AKB_PROXIES": "2"}, "/outer, /inner", "/outer/inner"),
        (OPEN | {"AKB_PROXIES": "2"}, "/, /kb", "/kb"),
        (OPEN | {"AKB_PROXIES": "2"}, "//evil.example, /kb", ""),
        (OPEN, "/" + "a" * 300, ""),
        (OPEN, "/a, " * 300 + "/kb", ""),
        (OPEN | {"AKB_PROXY_NETWORKS": "10.0.0.0/8"}, "/kb", ""),
        (OPEN | {"AKB_PROXY_NETWORKS": "127.0.0.1"}, "/kb", "/kb"),
        (OPEN | {"AKB_PROXY_HEADERS": "forwarded"}, "/kb", ""),
        # What the settings name is all that there is.
        ({"AKB_PROXIES": "1"}, "/kb", ""),
        ({"AKB_PROXIES": "1", "AKB_PREFIX": "/own"}, "/kb", "/own"),
        (OPEN | {"AKB_PREFIX": "/own"}, "/kb", "/own"),
        (OPEN | {"AKB_PREFIX": "/"}, "/kb", ""),
        (OPEN | {"AKB_PREFIX": "/own", "AKB_PROXY_NETWORKS": "10.0.0.0/8"}, "/kb", "/own"),
        ({"AKB_PROXIES": "1", "AKB_PREFIX": "/own, /kb, /"}, "/kb", "/kb"),
        ({"AKB_PROXIES": "1", "AKB_PREFIX": "/own, /kb, /"}, "/", ""),
        ({"AKB_PROXIES": "1", "AKB_PREFIX": "/own, /kb"}, "/evil", "/own"),
        ({"AKB_PROXIES": "1", "AKB_PREFIX": "/own, /kb"}, "", "/own"),
        ({"AKB_PREFIX": "/own, /kb"}, "/kb", "/own"),
    ],
)
def test_a_prefix_is_believed_as_far_as_the_settings_say(
    more: dict[str, str], said: str, expected: str, settings: Settings
) -> None:
    assert seen_by(own(settings, **more), "/concept", said) == (f"{HOST}{expected}/", "/concept")


@pytest.mark.parametrize(("strips", "path"), [("auto", "/"), ("yes", "/ontology")])
def test_a_prefix_like_an_address_of_the_site(strips: str, path: str, settings: Settings) -> None:
    found = own(settings, AKB_PREFIX="/ontology", AKB_PROXY_STRIPS=strips)
    assert seen_by(found, "/ontology", "") == (f"{HOST}/ontology/", path)


def seen_by(settings: Settings, path: str, said: str) -> tuple[str, str]:
    """Return the address of the site and the path that the application sees."""
    found: list[tuple[str, str]] = []

    def application(environ: dict[str, str], _start: object) -> list[bytes]:
        found.append((environ["akb.site"], environ["PATH_INFO"]))
        return []

    headers = {"Host": "kb.example"} | ({"X-Forwarded-Prefix": said} if said else {})
    environ = EnvironBuilder(path, headers=headers, environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).get_environ()
    list(behind_proxies(application, settings)(environ, lambda *_: None))
    return found[0]


SAID = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.from_regex(
    r"/[/\\.\w%\"'<>, ]{0,9}", fullmatch=True
)


@pytest.fixture(scope="module")
def one_proxy(settings: Settings) -> Settings:
    return own(settings, **OPEN)


@given(SAID)
def test_no_header_leads_elsewhere(one_proxy: Settings, said: str) -> None:
    site, _ = seen_by(one_proxy, "/concept", said)
    assert re.fullmatch(rf"{HOST}/([^\s\"'<>(){{}},;\\/]+/)*", site)
    assert urlsplit(urljoin(f"{HOST}/", urlsplit(site).path)).netloc == "kb.example"
    assert not {".", ".."} & {*urlsplit(site).path.split("/")}


@given(st.lists(st.text(st.sampled_from("aZ0._~!$*+=:@-é %"), min_size=1), min_size=1, max_size=3))
def test_a_path_is_taken_off_as_it_came(segments: list[str]) -> None:
    prefix = as_prefix("/" + "/".join(map(quote, segments)))
    if prefix is not None:
        raw = "/" + "/".join(segments).encode().decode("latin-1")
        assert without_prefix(f"{raw}/x", prefix) == "/x"
        assert without_prefix(f"{raw}x", prefix) == f"{raw}x"


@pytest.mark.parametrize(
    "given_",
    [
        "kb",
        "https://kb.example/kb",
        "//kb.example",
        "/a//b",
        "/../kb",
        "/%2e%2e",
        "/a b",
        "/<x>",
        "/a,b",
        "/%00",
        "/a%2fb",
    ],
)
def test_what_is_no_path_is_refused(given_: str, settings: Settings) -> None:
    with pytest.raises(UsageError, match="AKB_PREFIX is") as caught:
        own(settings, AKB_PREFIX=given_)
    assert "such as /kb" in caught.value.mend


def test_an_origin_with_a_path_is_refused_with_the_setting_for_it(settings: Settings) -> None:
    with pytest.raises(UsageError) as caught:
        own(settings, AKB_ORIGINS="https://kb.example/kb")
    assert "AKB_PREFIX" in caught.value.mend


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("text/html", """<a href="/x">/x</a><a HREF = '/'>""", """<a href="/kb/x">/x</a><a HREF = '/kb/'>"""),
        ("text/html", '<a href="//cdn.example/x"><a href="/\\x">', None),
        ("text/html", '<a href="x"><a href="#x"><a href="http://h/x"><input value="/x">', None),
        ("text/html", """<script>s = '<a href="/x">'</script>""", None),
        (
            "text/html",
            '<script defer src="/s.js">"/x" src="/y"</script>',
            '<script defer src="/kb/s.js">"/x" src="/y"</script>',
        ),
        ("image/svg+xml", '<use xlink:href="/x"/>', '<use xlink:href="/kb/x"/>'),
        (
            "text/css",
            """a{b:url(/x)}@import '/y';c{d:url( "/z")}""",
            """a{b:url(/kb/x)}@import '/kb/y';c{d:url( "/kb/z")}""",
        ),
        ("text/css", "a{b:url(x) url(//h/x) url(data:/x)}", None),
        ("text/markdown", r"[a](/x) \[a\](/x) [b](http://h/x)", r"[a](/kb/x) \[a\](/x) [b](http://h/x)"),
        ("application/json", '{"href": "/x"}', None),
    ],
)
def test_local_addresses_alone_get_the_prefix(kind: str, written: str, expected: str | None) -> None:
    assert prefixed(written.encode(), kind, "/kb").decode() == (written if expected is None else expected)
    assert prefixed(written.encode(), kind, "").decode() == written
