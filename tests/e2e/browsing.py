"""A window of a real browser, and what it did and said; the fixtures are in conftest.py."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, BrowserContext, Page, expect

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but the server can be reached, so a page that needs another host fails here as it would offline.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


PATIENCE = 60_000
"""How many milliseconds a page may take to do something: tests do not depend on how busy the machine is."""
WIDE = {"width": 1200, "height": 900}
"""The window of a desk, in CSS pixels."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Hand out the files of a folder, and yield the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Visit(NamedTuple):
    """A page, and what the browser did and said while it was open."""

    page: Page
    requests: list[str]
    complaints: list[str]


class Windows:
    """The windows of a browser, in one context for each set of options, of which one page stays open.

    A further page of such a context shares its process. Pages of fresh contexts start one each, which costs more CPU
    time than all that most tests do with them.
    """

    _OF_A_PAGE = ("color_scheme", "forced_colors", "reduced_motion")

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        expect.set_options(timeout=PATIENCE)
        self._shared: dict[str, BrowserContext] = {}
        self._fresh: list[BrowserContext] = []

    def open(self, base_url: str, viewport: dict[str, int] | None = None, fresh: bool = False, **options: Any) -> Page:
        """Open a page; `fresh` is for a test that changes its context, as by a clock that it stops."""
        media = {name: options.pop(name) for name in self._OF_A_PAGE if name in options}
        if viewport and "is_mobile" in options:
            options["viewport"] = viewport
        key = repr((base_url, sorted(options.items())))
        context = None if fresh else self._shared.get(key)
        if context is None:
            context = self._browser.new_context(base_url=base_url, **options)
            context.set_default_timeout(PATIENCE)
            if fresh:
                self._fresh.append(context)
            else:
                self._shared[key] = context
                context.new_page().goto("robots.txt")
        page = context.new_page()
        if viewport and "is_mobile" not in options:
            page.set_viewport_size(viewport)
        if media:
            page.emulate_media(**media)
        return page

    def close(self) -> None:
        """Close what was opened; cookies and storage are emptied."""
        for context in self._fresh:
            context.close()
        self._fresh.clear()
        for context in self._shared.values():
            first, *others = context.pages
            for page in others:
                page.close()
            if others:
                context.clear_cookies()
                first.evaluate("localStorage.clear()")


@contextmanager
def only_from(server: str, seen: Visit) -> Iterator[None]:
    """See to it that what happens inside asks no other host for anything, and that the browser does not complain."""
    yield
    assert seen.complaints == []
    assert any(one.startswith(f"{server}static/style.css") for one in seen.requests), (
        "the recording of requests did not work"
    )
    assert [url for url in seen.requests if not url.startswith(server)] == []


def weight(url: str) -> int:
    """Return how many bytes are sent for an address to a browser that reads Brotli."""
    with urlopen(Request(url, headers={"Accept": "text/html, */*;q=0.8", "Accept-Encoding": "br"})) as answer:
        return len(answer.read())
