"""The links in documents: found, to follow them, and changed, to lead from file to file.

As in `http/prefixes.py`, what is read here was written by our templates, which escape what they are given: a quote or
an angle bracket in a text cannot seem to be markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Final

_TAG: Final = re.compile(r"""<(?P<name>[a-zA-Z][\w:-]*)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*)>""")
_SKIPPED: Final = re.compile(
    r"(?P<start><(?P<kind>script|style)\b[^>]*>)(?P<body>.*?)(?=</(?P=kind)\b)", re.DOTALL | re.IGNORECASE
)
"""A script or a style sheet, whose text is none of ours to read."""
_ATTRIBUTE: Final = re.compile(
    r"""\s(?P<name>(?:xlink:)?href|src|poster)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""", re.IGNORECASE
)
_FORM: Final = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<body>.*?)</form>", re.DOTALL | re.IGNORECASE)
_ACTION: Final = re.compile(r"""\saction\s*=\s*["'](?P<value>[^"']*)["']""", re.IGNORECASE)
_STYLE: Final = re.compile(r"""(?P<before>url\(\s*["']?|@import\s+["'])(?P<link>/(?![/\\])[^"')]*)""", re.IGNORECASE)
_MARKDOWN: Final = re.compile(r"(?<!\\)(?P<before>\]\()(?P<link>/(?![/\\])[^)\s]*)")
_LOCATION: Final = re.compile(rb"<loc>\s*([^<\s]+)\s*</loc>")
_TARGET: Final = re.compile(r"<(?P<link>[^>]*)>(?P<rest>[^<]*)")

_ALL_LINK: Final = frozenset({"link", "img", "source"})
"""The elements that are nothing without their link."""
_PLACEHOLDER: Final = ' role="link" aria-disabled="true" title="This needs a server"'
"""What says that a link leads nowhere here (HTML Living Standard, section 4.5.1; ARIA in HTML, section 4)."""
_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
_PLAIN: Final = {"text/css": _STYLE, "text/markdown": _MARKDOWN}


@dataclass(frozen=True)
class Link:
    """A link in a document."""

    target: str
    element: str = ""
    """The name of the element that has it; empty in what is no markup."""


Change = Callable[[Link], str | None]
"""Returns what a link is to be; None takes it out, and what cannot be without it."""
ChangeForm = Callable[[str, str], str]
"""Returns what a form is to be, from what its action is and from its markup."""


def has_links(media_type: str) -> bool:
    """Tell whether the links in a document of this type can be read here."""
    return media_type in _MARKUP or media_type in _PLAIN


def links_in(text: str, media_type: str) -> Iterator[Link]:
    """Yield the links in a document, but not the addresses to which forms are sent."""
    if pattern := _PLAIN.get(media_type):
        yield from (Link(found["link"]) for found in pattern.finditer(text))
    elif media_type in _MARKUP:
        for tag in _TAG.finditer(_without_bodies(text)):
            yield from (
                Link(unescape(_value(found)), tag["name"].lower()) for found in _ATTRIBUTE.finditer(tag["attributes"])
            )


def links_of_header(value: str) -> Iterator[str]:
    """Yield the targets of a Link header that are from the document itself (RFC 8288, section 3)."""
    for found in _TARGET.finditer(value):
        if "anchor=" not in found["rest"]:
            yield found["link"]


def locations(content: bytes, media_type: str, site: str) -> list[str]:
    """Return the addresses in a sitemap or an index of sitemaps, as they continue that of the site."""
    if media_type != "application/xml":
        return []
    found = (unescape(one.decode()) for one in _LOCATION.findall(content))
    return [one.removeprefix(site) for one in found if one.startswith(site)]


def with_links(text: str, media_type: str, change: Change) -> str:
    """Return a document with its links changed. Without a link, `a` stays with its text, and other elements go."""
    if pattern := _PLAIN.get(media_type):
        return pattern.sub(lambda found: found["before"] + (change(Link(found["link"])) or found["link"]), text)
    if media_type not in _MARKUP:
        return text

    def in_tag(tag: re.Match[str]) -> str:
        if not _ATTRIBUTE.search(tag["attributes"]):
            return tag[0]
        name, gone = tag["name"].lower(), False

        def in_attribute(found: re.Match[str]) -> str:
            nonlocal gone
            target = change(Link(unescape(_value(found)), name))
            gone = gone or target is None
            return "" if target is None else f' {found["name"]}="{escape(target)}"'

        attributes = _ATTRIBUTE.sub(in_attribute, tag["attributes"])
        if gone and name in _ALL_LINK:
            return ""
        return f"<{tag['name']}{attributes}{_PLACEHOLDER if gone and name == 'a' else ''}>"

    # The opening tag of a script has a link, its body has none.
    pieces, end = [], 0
    for skipped in _SKIPPED.finditer(text):
        pieces += [_TAG.sub(in_tag, text[end : skipped.start("body")]), skipped["body"]]
        end = skipped.end("body")
    return "".join((*pieces, _TAG.sub(in_tag, text[end:])))


def with_forms(text: str, change: ChangeForm) -> str:
    """Return a page with its forms changed."""

    def in_form(found: re.Match[str]) -> str:
        action = _ACTION.search(found["attributes"])
        return change(unescape(action["value"]) if action else "", found[0])

    return _FORM.sub(in_form, text)


def with_action(form: str, target: str) -> str:
    """Return a form that is sent to another address."""
    start, end, rest = form.partition(">")
    return _ACTION.sub(lambda _: f' action="{escape(target)}"', start) + end + rest


def _without_bodies(text: str) -> str:
    return _SKIPPED.sub(lambda found: found["start"], text)


def _value(found: re.Match[str]) -> str:
    return found["double"] if found["double"] is not None else found["single"]
