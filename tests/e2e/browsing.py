"""A window of a real browser, and what it did and said; the fixtures are in conftest.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.request import Request, urlopen

from playwright.sync_api import Page

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


WIDE = {"width": 1200, "height": 900}
"""The window of a desk, in CSS pixels."""


class Visit(NamedTuple):
    """A page, and what the browser did and said while it was open."""

    page: Page
    requests: list[str]
    complaints: list[str]


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
