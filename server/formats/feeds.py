"""Feeds of changes as Atom (RFC 4287) with archives (RFC 5005), and as JSON Feed 1.1."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

from ..engine import engine_version
from ..records.feeds import Feed, FeedItem
from .texts import one_line, readable
from .writing import write_json

_ATOM: Final = "http://www.w3.org/2005/Atom"
_HISTORY: Final = "http://purl.org/syndication/history/1.0"
ET.register_namespace("", _ATOM)
ET.register_namespace("fh", _HISTORY)

_NOBODY: Final = "unknown"
"""The author of a change of which none is known: an entry has one (RFC 4287, section 4.1.2)."""


def atom(feed: Feed) -> str:
    """Return a feed as Atom."""
    root = ET.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", feed.id)
    _add(root, "title", one_line(feed.title))
    _add(root, "subtitle", one_line(feed.summary))
    _add(root, "updated", _written(feed.updated))
    _add(root, "generator", "akb").set("version", engine_version())
    if feed.is_archive:
        ET.SubElement(root, f"{{{_HISTORY}}}archive")
    links = {
        "self": feed.address,
        "alternate": feed.page,
        "current": feed.current if feed.is_archive else "",
        "prev-archive": feed.previous,
        "next-archive": feed.next,
        "hub": feed.hub,
    }
    for relation, address in links.items():
        if address:
            _link(root, relation, address)
    for item in feed.items:
        _entry(root, item)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def json_feed(feed: Feed) -> str:
    """Return a feed as JSON Feed."""
    return write_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": one_line(feed.title),
            "home_page_url": feed.page,
            "feed_url": feed.address,
            "description": one_line(feed.summary),
            "language": "en",
            **({"next_url": feed.previous} if feed.previous else {}),
            **({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}),
            "items": [
                {
                    "id": item.id,
                    "url": item.address,
                    "title": one_line(item.title),
                    "content_text": readable(item.text),
                    "date_published": _written(item.at),
                    **({"authors": [{"name": one_line(item.author)}]} if item.author else {}),
                    "tags": [item.fate.value],
                }
                for item in feed.items
            ],
        }
    )


def _entry(root: ET.Element, item: FeedItem) -> None:
    entry = ET.SubElement(root, f"{{{_ATOM}}}entry")
    _add(entry, "id", item.id)
    _add(entry, "title", one_line(item.title))
    # A change happens once: it is never updated afterwards (section 4.2.15).
    _add(entry, "updated", _written(item.at))
    _add(entry, "published", _written(item.at))
    _add(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", one_line(item.author) or _NOBODY)
    _link(entry, "alternate", item.address)
    ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": item.fate.value})
    _add(entry, "content", readable(item.text)).set("type", "text")


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = text
    return element


def _link(parent: ET.Element, relation: str, address: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": relation, "href": address})


def _written(moment: datetime) -> str:
    """Return a moment as RFC 3339 has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
