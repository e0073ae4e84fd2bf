"""The identifiers under which others know an entity: DOIs, arXiv ids, Wikidata ids, and IRIs that mean the same."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from ..namespaces import AKB, BIBO
from ..sparql.queries import question
from ..store.interface import Queryable

_DOI: Final = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|info:doi/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV: Final = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*|(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.IGNORECASE,
)
_WIKIDATA: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/|wd:|wikidata:)?(Q[1-9]\d*)(?:#.*)?", re.IGNORECASE
)
_ENTITY: Final = "http://www.wikidata.org/entity/"

Identifiers = dict[str, str]
"""Keys as `keys_of` makes them, to the IRIs of entities."""


def identifiers(store: Queryable) -> Identifiers:
    """Return every identifier of others that an entity in use has."""
    found: Identifiers = {}
    for row in store.select(question("identifiers")):
        value = str(row["value"])
        key = {f"{BIBO}doi": f"doi:{value.lower()}", f"{AKB}arxivId": f"arxiv:{_unversioned(value)}"}.get(
            str(row["property"]), value
        )
        found.setdefault(key, str(row["entity"]))
    return found


def identified(known: Identifiers, text: str) -> str | None:
    """Return the IRI of the entity that a text identifies in any of the usual ways of writing, or None.

    >>> identified({"arxiv:2412.14093": "x"}, "https://arxiv.org/pdf/2412.14093v2")
    'x'
    """
    return next((known[key] for key in keys_of(text) if key in known), None)


def keys_of(text: str) -> list[str]:
    """Return the keys under which a text could be known, the surest first."""
    keys = [text]
    text = unquote(text)
    keys.append(text)
    if arxiv := _ARXIV.fullmatch(text):
        keys.append(f"arxiv:{arxiv[1].lower()}")
    if doi := _DOI.fullmatch(text):
        keys.append(f"doi:{doi[1].lower()}")
    if wikidata := _WIKIDATA.fullmatch(text):
        keys.append(f"{_ENTITY}{wikidata[1].upper()}")
    return keys


def _unversioned(arxiv: str) -> str:
    return re.sub(r"v\d+$", "", arxiv.lower())
