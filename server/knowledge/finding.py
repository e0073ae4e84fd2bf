"""Finds entities by their names: ids, labels and alternative labels. It does not look into texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..records import EntityRef
from ..store.interface import Queryable
from ..store.queries import question
from .listing import near_names


@dataclass(frozen=True)
class Named:
    """An entity, and all its names in the form in which they are compared: the preferred label first, then the id."""

    entity: EntityRef
    names: tuple[str, ...]


def all_names(store: Queryable) -> tuple[Named, ...]:
    """Return every entity in use with its names."""
    found: dict[str, Named] = {}
    for row in store.select(question("searched_names")):
        iri = str(row["entity"])
        if iri not in found:
            ref = EntityRef(iri, str(row["id"]), str(row["label"]), str(row["class"]), str(row["definition"]))
            found[iri] = Named(ref, (ref.label.casefold(), ref.curie, ref.curie.partition(":")[2].replace("-", " ")))
        if "other" in row:
            one = found[iri]
            found[iri] = Named(one.entity, (*one.names, str(row["other"]).casefold()))
    return tuple(found.values())


def find(named: Iterable[Named], text: str) -> list[EntityRef]:
    """Return the entities one of whose names holds every word of a text, the closest first; none for no words."""
    wanted = " ".join(text.casefold().split())
    words = wanted.split()
    if not words:
        return []
    ranked = []
    for one in named:
        fitting = [name for name in one.names if all(word in name for word in words)]
        if fitting:
            closeness = min((name != wanted, not name.startswith(wanted), wanted not in name) for name in fitting)
            ranked.append((closeness, min(map(len, fitting)), one.entity.curie, one.entity))
    return [entity for *_, entity in sorted(ranked, key=lambda found: found[:3])]


def near(store: Queryable, text: str) -> tuple[EntityRef, ...]:
    """Return the entities with names that are nearest to a text which no name holds."""
    return near_names(store, text) if text.strip() else ()
