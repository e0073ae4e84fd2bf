"""The site under a path of its host, behind a real proxy, in a real browser; and clients that name no host, or another.

One server stands behind three fronts: two that take the path off each request, one that leaves it.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from server.settings import Settings
from tests.conftest import running_server
from tests.e2e.browsing import Visit, Windows, only_from

pytestmark = pytest.mark.slow

FRONTS = ("kb", "deep/er/kb", "kept")
# What a browser sends where somebody follows a link: pages, else whatever there is.
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
_HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive"}


class _Proxy(BaseHTTPRequestHandler):
    """Passes on what is under one of the fronts, and notes all else: a link has led out."""

    protocol_version = "HTTP/1.1"
    backend = 0
    lost: list[str]

    def do_GET(self) -> None:
        front = next((one for one in FRONTS if self.path.startswith(f"/{one}/") or self.path == f"/{one}"), None)
        if front is None:
            self.lost.append(self.path)
            self.send_error(404)
            return
        path = self.path if front == "kept" else self.path.removeprefix(f"/{front}") or "/"
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        headers |= {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Prefix": f"/{front}"}
        headers["X-Forwarded-Host"] = self.headers["Host"]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection("127.0.0.1", self.backend)
        connection.request(self.command, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP | {"content-length", "date"}:
                self.send_header(name, value)
        self.send_header("Content-Length", answer.headers.get("Content-Length") or str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxy(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the proxy, with a slash at its end; at the end no request may have led out of the fronts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AKB_PROXIES", "1")
        patch.setenv("AKB_PROXY_NETWORKS", "127.0.0.1")
        with running_server(settings.root, settings.state) as server:
            handler = type("_Handler", (_Proxy,), {"backend": urlsplit(server).port, "lost": []})
            front = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            thread = threading.Thread(target=front.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{front.server_port}/"
            front.shutdown()
            thread.join()
            front.server_close()
            # What is no page has no icon, and then a browser looks for one at the root of the host.
            assert {*handler.lost} <= {"/favicon.ico"}


def links_of(address: str, text: str) -> set[str]:
    found = {urljoin(address, one) for one in re.findall(r"""\s(?:href|src|action)=["']([^"'#]+)""", text)}
    return {one for one in found if urlsplit(one).netloc == urlsplit(address).netloc}


@pytest.mark.parametrize("front", FRONTS[1:])
def test_what_a_page_leads_to_is_there(front: str, proxy: str) -> None:
    """Two steps from the home page, one link of each kind."""
    site = f"{proxy}{front}/"
    seen: dict[str, str] = {}
    waiting = [site, f"{site}concept/alignment-faking"]
    for step in range(2):
        following: list[str] = []
        for address in waiting:
            with urlopen(Request(address, headers={"Accept": BROWSER})) as answer:
                assert answer.url.startswith(site), (address, answer.url)
                for target in re.findall(r"<(/[^>]*)>", answer.headers.get("Link", "")):
                    assert target.startswith(f"/{front}/"), (address, target)
                for target in sorted(links_of(answer.url, answer.read().decode())):
                    assert target.startswith(site), (address, target)
                    # The first part and the suffix tell the kind.
                    parts = urlsplit(target).path.removeprefix(f"/{front}").split("/")
                    kind = f"{parts[1]}/{len(parts)}/{parts[-1].partition('.')[2]}"
                    if seen.setdefault(kind, target) == target and step == 0:
                        following.append(target)
        waiting = following
    assert len(seen) > 25


@pytest.mark.parametrize("front", FRONTS)
def test_addresses_for_programs_are_whole_and_under_the_path(front: str, proxy: str) -> None:
    site = f"{proxy}{front}/"

    def text(path: str, accept: str = "*/*") -> str:
        with urlopen(Request(site + path, headers={"Accept": accept})) as answer:
            return answer.read().decode()

    sitemap = re.findall("<loc>([^<]+)", text("sitemap.xml"))
    assert len(sitemap) > 50
    assert all(one.startswith(site) for one in sitemap)
    described = text("sparql", "text/turtle")
    assert re.findall(r"sd:endpoint\s+<([^>]+)>", described)[-1] == f"{site}sparql"
    dumps = re.findall(r"void:dataDump> <([^>]+)>", text(".well-known/void.nt").replace("ns/void#", "void:"))
    assert dumps
    assert all(one.startswith(f"{site}graph/") for one in dumps)
    assert f"Sitemap: {site}sitemap.xml" in text("robots.txt")
    assert f'template="{site}search.html?q={{searchTerms}}"' in text("opensearch.xml")
    assert f'"url": "{site}{{{{id}}}}"' in text("reconcile")
    assert f"]({site}sparql)" in text("llms.txt")
    for address in (sitemap[0], sitemap[-1], *dumps[:1]):
        with urlopen(Request(address, method="HEAD")) as answer:
            assert answer.status == 200


def test_a_browser_never_leaves_the_path(proxy: str, windows: Windows) -> None:
    """Scripts ask under the path too: suggestions, the map, cards, the forces of a picture, the editor."""
    site = f"{proxy}kb/"
    page = windows.open(site)
    seen = Visit(page, [], [])
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    with only_from(site, seen):
        page.goto(site)
        page.locator("[data-map]").scroll_into_view_if_needed()
        expect(page.locator("svg.map.live")).to_be_visible()
        assert page.locator("svg.map.live a").first.get_attribute("href").startswith("/kb/")
        box = page.get_by_role("search", name="Search", exact=True).get_by_role("combobox")
        box.focus()
        page.keyboard.type("alignment faking")
        option = page.get_by_role("search", name="Search", exact=True).get_by_role("option").first
        # Until then those for the first letters may be there.
        expect(option).to_have_attribute("data-path", "concept/alignment-faking")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}concept/alignment-faking.html")
        page.locator("main a.entity").first.hover()
        expect(page.locator("#entity-card")).to_be_visible()
        page.goto(f"{site}sparql?query=SELECT%20*%20%7B%20%3Fs%20a%20akb%3AConcept%20%7D%20LIMIT%203")
        page.get_by_role("button", name="Run the query").click()
        expect(page.locator(".yasr_results a.iri").first).to_have_attribute("href", re.compile("^/kb/concept/"))


@pytest.mark.parametrize(
    "request_",
    [
        "GET {} HTTP/1.0\r\n\r\n",
        "GET {} HTTP/1.0\r\nHost:\r\n\r\n",
        "GET {} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "GET {} HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n",
        "GET {} HTTP/1.1\r\nHost: a b/c@d\r\nConnection: close\r\n\r\n",
        "GET http://evil.example{} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ],
)
def test_who_names_no_host_of_ours_gets_the_base(request_: str, server: str, settings: Settings) -> None:
    parts = urlsplit(server)
    for path in ("/sitemap.xml", "/robots.txt", "/concept/alignment-faking.linkset.json", "/sparql"):
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
            connection.sendall(request_.format(path).encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        assert re.match(r"HTTP/1\.[01] 200", answer), answer[:200]
        assert "evil.example" not in answer
        assert "http:///" not in answer
        if path != "/sparql":
            assert settings.namespaces.base in answer


@pytest.mark.parametrize("host", ["[::1]:8123", "localhost:1", "127.0.0.1"])
def test_ports_and_addresses_of_ipv6_are_written_as_they_are_asked_for(host: str, server: str) -> None:
    with urlopen(Request(f"{server}robots.txt", headers={"Host": host})) as answer:
        assert f"Sitemap: http://{host}/sitemap.xml" in answer.read().decode()
