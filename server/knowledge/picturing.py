"""What a picture of a neighbourhood shows: the most connected neighbours, and how they are joined to each other."""

from __future__ import annotations

from collections.abc import Sequence

from ..namespaces import Namespaces
from ..records.pages import EntityPage, Neighbour
from ..sparql.queries import narrowed, question
from ..store.interface import Queryable
from ..text.forms import folded


def most_connected(page: EntityPage, most: int) -> tuple[Neighbour, ...]:
    """Return at most so many neighbours of an entity, those with the most edges, in the order of the page."""
    every = [neighbour for group in page.groups for neighbour in group.neighbours]
    ranked = sorted(every, key=lambda one: (-one.edge_count, folded(one.entity.label), one.entity.iri))
    chosen = {one.entity.iri for one in ranked[:most]}
    return tuple(one for one in every if one.entity.iri in chosen)


def pairs_among(store: Queryable, namespaces: Namespaces, iris: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of these entities that an edge in use joins, each once, sorted; the lesser IRI first."""
    if len(iris) < 2:
        return ()
    names = [namespaces.written(iri) for iri in iris]
    rows = store.select(narrowed(question("edges_among"), {"subject": names, "object": names}))
    pairs = {(str(row["subject"]), str(row["object"])) for row in rows}
    return tuple(sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}))
