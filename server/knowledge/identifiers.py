"""The identifiers under which others know an entity: DOIs, arXiv ids, Wikidata ids, and IRIs that mean the same."""

from __future__ import annotations

from ..records.identifiers import address_of, keys_at, keys_of, without_query
from ..sparql.queries import question
from ..store.interface import Queryable

Identifiers = dict[str, str]
"""Keys as `keys_of` makes them, to the IRIs of entities."""


def identifiers(store: Queryable) -> Identifiers:
    """Return every identifier of others that an entity in use has."""
    found: Identifiers = {}
    for row in store.select(question("identifiers")):
        value = str(row["value"])
        for key in keys_at(address_of(str(row.get("address", "{value}")), value)) or [value]:
            found.setdefault(key, str(row["entity"]))
    return found


def identified(known: Identifiers, text: str) -> str | None:
    """Return the IRI of the entity that a text identifies in any of the usual ways of writing, or None.

    >>> identified({"arxiv:2412.14093": "x"}, "https://arxiv.org/pdf/2412.14093v2")
    'x'
    """
    # A DOI may itself have `?` and `#`, which come first.
    texts = dict.fromkeys((text, without_query(text)))
    return next((known[key] for one in texts for key in keys_of(one) if key in known), None)
