"""Data within pages: JSON-LD in the words of schema.org, which search engines read.

A script element of this type is data and is never run (HTML, section 4.12.1), so the policy of the pages stays strict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from markupsafe import Markup

from ...formats.texts import CONTROLS
from ...records.lists import ListedEntity
from ...serialization import JSON_LD
from ...turtle.statements import lines_of
from ..documents.representations import SCHEMA_ORG_CONTEXT, represent
from ..open_release import OpenRelease

_UNSAFE: Final = re.compile(f"[<>&{CONTROLS}]")
_CONTEXT = "https://schema.org/"
_LISTED_AT_MOST = 100
_NEIGHBOURS_AT_MOST = 8
_VALUES_AT_MOST = 12
"""Of a property with more values, such as the references of a work: the profile of schema.org has all."""


def embedded(value: object) -> Markup:
    """Return a JSON value as an element of a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # HTML, section 4.12.1.3: neither the end of the element nor a comment may appear in it; 13.2.3.5: no controls.
    safe = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(safe))  # noqa: S704 - escaped above


def entity_data(release: OpenRelease, iri: str, as_schema_org: str) -> dict[str, object]:
    """Return an entity in the words of schema.org, given as N-Triples, as JSON-LD; of much the first."""
    lines = lines_of(as_schema_org)
    subjects = dict.fromkeys(line.partition(" ")[0] for line in lines)
    # What nobody sees need not be written first: there may be thousands of neighbours.
    listed = {f"<{iri}>", *islice((one for one in subjects if one != f"<{iri}>"), _NEIGHBOURS_AT_MOST)}
    triples = "".join(line for line in lines if line.partition(" ")[0] in listed)
    text = represent(triples, JSON_LD, release.namespaces, SCHEMA_ORG_CONTEXT, first=iri)
    nodes: list[dict[str, object]] = json.loads(text)["@graph"]
    return {
        "@context": _CONTEXT,
        "@graph": [dict(zip(node, map(_first, node.values()), strict=True)) for node in nodes],
    }


def _first(value: object) -> object:
    return value[:_VALUES_AT_MOST] if isinstance(value, list) else value


def class_data(iri: str, title: str, total: int, shown: Sequence[ListedEntity], start: int) -> dict[str, object]:
    """Return the list of a class in the words of schema.org, and of its entities those that a page shows."""
    return {
        "@context": _CONTEXT,
        "@type": "CollectionPage",
        "@id": iri,
        "name": title,
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": total,
            "itemListElement": [
                {"@type": "ListItem", "position": place, "url": entry.entity.iri, "name": entry.entity.label}
                for place, entry in enumerate(shown[:_LISTED_AT_MOST], start + 1)
            ],
        },
    }
