"""The links of a document for programs: FAIR Signposting, on both of its levels.

Level 1 is the Link header, and the same links in the head of a page; level 2 is the link set, with these and those that
would make the header too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ...namespaces import RDF, SCHEMA
from ..open_release import OpenRelease
from .links import Link

_ABOUT_PAGE: Final = "https://schema.org/AboutPage"
_COLLECTION_PAGE: Final = "https://schema.org/CollectionPage"
_MOST_ITEMS: Final = 30
_MOST_AUTHORS: Final = 10
"""Items, or authors, in a header; proxies refuse headers of more than a few kilobytes."""


def entity_links(release: OpenRelease, iri: str, class_name: str, as_schema_org: str) -> list[Link]:
    """Return the links of the document about an entity; `as_schema_org` is its description in that vocabulary."""
    kinds = re.findall(rf"^<{re.escape(iri)}> <{RDF}type> <{SCHEMA}(\w+)>", as_schema_org, re.MULTILINE)
    authors = re.findall(rf"^<{re.escape(iri)}> <{SCHEMA}author> <([^>]*)>", as_schema_org, re.MULTILINE)
    return [
        Link(iri, "cite-as"),
        *(Link(author, "author", in_header=len(authors) <= _MOST_AUTHORS) for author in authors),
        *(Link(one, "type") for one in (_ABOUT_PAGE, *(f"https://schema.org/{kind}" for kind in kinds))),
        *licence_links(release),
        Link(f"/{class_name}", "collection"),
    ]


def class_links(release: OpenRelease, entities: Iterable[str]) -> list[Link]:
    """Return the links of the list of a class, given the IRIs of what it lists."""
    paths = [release.path_of(iri) for iri in entities]
    return [
        Link(_COLLECTION_PAGE, "type"),
        *licence_links(release),
        Link("/dataset", "collection"),
        *(Link(path, "item", in_header=len(paths) <= _MOST_ITEMS) for path in paths),
    ]


def licence_links(release: OpenRelease) -> list[Link]:
    """Return links to the licences of the data."""
    return [Link(licence.iri, "license") for licence in release.site.licences]
