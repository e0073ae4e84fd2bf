"""Typed links between documents (RFC 8288), in a header, in the head of a page, or as a link set (RFC 9264)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from .prefixes import public

ADDRESS: Final = "address"
"""The name in `flask.g` of the address of that document in any format: a path, with a query if that selects it."""
LINKS: Final = "links"
"""The name in `flask.g` of the links of the document that is being made as a page."""


@dataclass(frozen=True)
class Link:
    """A link from a document to `target`; `relation` may hold several relation types with spaces between."""

    target: str
    relation: str
    attributes: tuple[tuple[str, str], ...] = ()
    anchor: str = ""
    """What the link is from, when that is not the document."""
    more: tuple[tuple[str, str], ...] = ()
    """Attributes that are left out of headers; a link set has all."""
    in_header: bool = field(default=True, compare=False)
    """Whether the link is in the header, and in the head of a page."""

    @property
    def shown_attributes(self) -> list[tuple[str, str]]:
        """The attributes that an element `link` of HTML may have (HTML Living Standard, section 4.2.4)."""
        return [(name, value) for name, value in self.attributes if name in _PLAIN]

    def __str__(self) -> str:
        """Format the link for a header (RFC 8288, section 3)."""
        parameters = (("rel", self.relation), *self.attributes, *((("anchor", self.anchor),) if self.anchor else ()))
        return f"<{self.target}>; " + "; ".join(f'{name}="{value}"' for name, value in parameters)


def header(links: Iterable[Link]) -> str:
    """Return the value of a Link header."""
    return ", ".join(str(link) for link in dict.fromkeys(links) if link.in_header)


def in_page(links: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links of a Link header that can be in the head of a page: those that are from the document itself."""
    return tuple(link for link in dict.fromkeys(links) if link.in_header and not link.anchor)


def link_set(context: str, links: Sequence[Link]) -> str:
    """Return the links of the document at `context` as a JSON link set (RFC 9264, section 4.2)."""
    contexts: dict[str, dict[str, list[dict[str, object]]]] = {}
    for link in dict.fromkeys(links):
        of_context = contexts.setdefault(public(link.anchor) or context, {})
        # 4.2.4: what is no registered attribute is a list of strings.
        attributes = {name: value if name in _PLAIN else [value] for name, value in (*link.attributes, *link.more)}
        for relation in link.relation.split():
            of_context.setdefault(relation, []).append({"href": public(link.target), **attributes})
    whole = {"linkset": [{"anchor": anchor, **relations} for anchor, relations in contexts.items()]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


_PLAIN = frozenset({"type", "title", "media"})
