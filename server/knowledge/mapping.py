"""The map of the whole base: which entities are on it, and what joins them."""

from __future__ import annotations

from dataclasses import dataclass

from ..mapping.layout import positions
from ..mapping.records import HEIGHT, WIDTH, Map, Place
from ..store.interface import Queryable
from ..store.queries import narrowed, question

MOST = 1_000
"""How many entities a map shows: of more, a page is no map any more, and a build would wait for it."""
_MARGIN = 24


@dataclass(frozen=True)
class Sketch:
    """What is on a map, before it is known where."""

    entities: tuple[tuple[str, str, int], ...]
    """Of each its CURIE, its name, and how many edges it has."""
    links: tuple[tuple[int, int], ...]
    left_out: int


def map_of(store: Queryable, most: int = MOST) -> Map:
    """Return the map of a base: its entities with the most edges, near to those that edges join to them.

    `most` is at most MOST. The time does not grow with the base, but for that of counting.
    """
    return drawn(sketch_of(store, most))


def sketch_of(store: Queryable, most: int = MOST) -> Sketch:
    """Return what is on the map of a base."""
    found = store.select(question("map_entities"))
    if len(found) < most:  # there is room for those without an edge
        found = store.select(question("listing"))
    # Things of one class start near to each other; the order is that of the page classes' names, then of the ids.
    rows = {str(row["entity"]): row for row in found}
    ranked = sorted(rows, key=lambda iri: (-int(rows[iri]["edge_count"]), iri))[:most]
    shown = sorted(ranked, key=lambda iri: str(rows[iri]["id"]))
    index = {iri: nth for nth, iri in enumerate(shown)}
    pairs = set()
    for row in store.select(narrowed(question("edges_among"), {"subject": [f"<{iri}>" for iri in shown]})):
        one, other = index.get(str(row["subject"])), index.get(str(row["object"]))
        if one is not None and other is not None and one != other:
            pairs.add((min(one, other), max(one, other)))
    total = int(store.select(question("count_entities"))[0]["count"])
    entities = (rows[iri] for iri in shown)
    return Sketch(
        tuple((str(row["id"]), str(row["label"]), int(row["edge_count"])) for row in entities),
        tuple(sorted(pairs)),
        total - len(shown),
    )


def drawn(sketch: Sketch) -> Map:
    """Return a map with everything in its place; equal sketches make equal maps."""
    places = positions(len(sketch.entities), list(sketch.links))
    return Map(
        tuple(
            Place(
                id=curie,
                label=label,
                edges=edges,
                x=round(_MARGIN + float(x) * (WIDTH - 2 * _MARGIN)),
                y=round(_MARGIN + float(y) * (HEIGHT - 2 * _MARGIN)),
            )
            for (curie, label, edges), (x, y) in zip(sketch.entities, places, strict=True)
        ),
        sketch.links,
        sketch.left_out,
    )
