"""Feeds as Atom and JSON Feed, whatever the texts are that are in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from server.formats.feeds import atom, json_feed
from server.records.feeds import Feed, FeedItem
from server.records.history import Fate

ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2026, 1, 30, 12, tzinfo=UTC)


def feed(text: str, fate: Fate) -> Feed:
    item = FeedItem("urn:item", text, "https://site.example/?a=1&b=2", AT, text, fate, text)
    return Feed("urn:feed", text, text, *["https://site.example/"] * 3, "", "", AT, (item,))


@given(st.text(), st.sampled_from(Fate))
def test_any_text_makes_a_feed_that_can_be_read(text: str, fate: Fate) -> None:
    """XML 1.0, section 2.2: characters that no document may have are taken out."""
    root = ElementTree.fromstring(atom(feed(text, fate)).encode())
    entry = root.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == "https://site.example/?a=1&b=2"
    assert entry.findtext(f"{ATOM}author/{ATOM}name"), "an author has a name (RFC 4287, section 3.2.1)"
    assert "\n" not in (root.findtext(f"{ATOM}title") or "")
    [item] = json.loads(json_feed(feed(text, fate)))["items"]
    # Readers of XML take line ends for one another (section 2.11).
    same = entry.findtext(f"{ATOM}content") or ""
    assert item["content_text"].replace("\r\n", "\n").replace("\r", "\n") == same
