"""Which entities list a name, such as works with an author who has no page."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..records.dates import by_time
from ..records.names import listed_names
from ..records.pages import Mentioned
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question, quoted
from ..store.interface import Queryable
from .rows import ref_of


def listing(store: Queryable, schema: Schema, properties: Iterable[str], called: Collection[str]) -> list[Mentioned]:
    """Return what lists one of some names in one of some properties, the newest first."""
    terms = {
        "property": [f"<{iri}>" for iri in dict.fromkeys(properties)],
        "name": [quoted(name) for name in sorted(set(called))],
    }
    if not all(terms.values()):
        return []
    rows = store.select(narrowed(question("listing_a_name", schema.roles), terms))
    found = {
        str(row["entity"]): Mentioned(ref_of(row), str(row.get("issued", "")))
        for row in rows
        if not {listed.name for listed in listed_names(str(row["list"]))}.isdisjoint(called)
    }
    return sorted(found.values(), key=lambda one: by_time(one.issued), reverse=True)


def naming_properties(schema: Schema) -> list[str]:
    """Return the IRIs of the properties whose values the sections of pages take to be lists of names."""
    found = (iri for one in schema.sections for iri in (one.ordered_by, one.also_listed_in))
    return list(dict.fromkeys(filter(None, found)))
