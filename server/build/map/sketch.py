"""The map of the whole base: which entities are on it, and what joins them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ...sparql.terms import Row
from .layout import positions
from .records import HEIGHT, WIDTH, Map, Place

MOST = 1_000
"""The most entities of a map: more would be illegible, and slow to lay out."""
_MARGIN = 24


@dataclass(frozen=True)
class Sketch:
    """The entities and edges of a map, before the layout."""

    entities: tuple[tuple[str, str, int], ...]
    """Of each its CURIE, its name, and how many edges it has."""
    links: tuple[tuple[int, int], ...]
    left_out: int


def sketch_of(searched: Iterable[Row], edges: Iterable[Row], in_use: Collection[str], most: int = MOST) -> Sketch:
    """Return the content of the map of a base: its entities with the most edges, and the edges in use between them.

    `searched` answer `queries/searched_entities.rq`, `edges` answer `queries/edge_ends.rq`; `in_use` are
    the notations of the statuses of edges that count, `most` is at most MOST.
    """
    entities = {str(row["entity"]): row for row in searched}
    # Entities of one class start close to each other; the order is that of the page classes' names, then of the ids.
    ranked = sorted(entities, key=lambda iri: (-int(entities[iri]["edge_count"]), iri))[:most]
    shown = sorted(ranked, key=lambda iri: str(entities[iri]["id"]))
    index = {iri: nth for nth, iri in enumerate(shown)}
    pairs = set()
    for row in edges:
        one, other = index.get(str(row["subject"])), index.get(str(row["object"]))
        if one is not None and other is not None and one != other and row["status"] in in_use:
            pairs.add((min(one, other), max(one, other)))
    return Sketch(
        tuple((str(row["id"]), str(row["label"]), int(row["edge_count"])) for row in map(entities.__getitem__, shown)),
        tuple(sorted(pairs)),
        len(entities) - len(shown),
    )


def drawn(sketch: Sketch) -> Map:
    """Return the map with positions; equal sketches give equal maps."""
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
