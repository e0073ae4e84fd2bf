"""The neighbourhood of an entity as a collection: selected by class, predicate and direction, and paged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..namespaces import Namespaces
from ..records.pages import EntityRef, Group, Link, Neighbour, Neighbourhood, Selection
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..store.interface import Queryable
from .edge_details import details_of, groups_with_details
from .entity import neighbourhood


def neighbourhood_page(
    store: Queryable, namespaces: Namespaces, entity: EntityRef, selection: Selection, size: int, skipped: int = 0
) -> Neighbourhood:
    """Return up to `size` neighbours of what is selected of an entity's, after `skipped`; empty past the end."""
    groups = tuple(_selected(neighbourhood(store, namespaces, entity.iri), selection))
    shown = tuple(_slice(groups, skipped, size))
    edges = (link.edge for group in shown for neighbour in group.neighbours for link in neighbour.links)
    return Neighbourhood(
        entity=entity,
        selection=selection,
        groups=groups_with_details(shown, details_of(store, namespaces, edges)),
        counts=tuple((group.class_name, len(group.neighbours)) for group in groups),
        edges=len({link.edge for group in groups for neighbour in group.neighbours for link in neighbour.links}),
    )


def edge_places(store: Queryable, namespaces: Namespaces, iri: str) -> dict[str, tuple[str, int]]:
    """Return the edges that join an entity to its neighbours, without those that are not in use.

    By the CURIE of the edge that is the class of the neighbour, and its place among those, counted from 0.
    """
    return {
        link.edge: (group.class_name, place)
        for group in neighbourhood(store, namespaces, iri)
        for place, neighbour in enumerate(group.neighbours)
        for link in neighbour.links
    }


def describe_neighbourhood(store: Queryable, page: Neighbourhood) -> str:
    """Return the edges on a page of a neighbourhood, and what they join, as sorted N-Triples."""
    edges = [link.edge for group in page.groups for neighbour in group.neighbours for link in neighbour.links]
    return store.construct(narrowed(question("neighbourhood_edges"), {"edge": edges})) if edges else ""


def counting_queries(entity: str, selection: Selection, schema: Schema) -> tuple[str, str]:
    """Return the queries that count the neighbours in a selection, and the edges; `entity` is a term of SPARQL."""
    terms = {
        "entity": (entity,),
        "class": tuple(term.curie for term in schema.page_classes if term.notation in selection.classes),
        "predicate": selection.predicates,
    }
    directions = ", ".join(f'"{direction}"' for direction in selection.directions)
    condition = f"?direction IN ({directions})" if directions else ""
    return (
        narrowed(question("count_neighbours"), terms, condition),
        narrowed(question("count_neighbour_edges"), terms, condition),
    )


def _selected(groups: tuple[Group, ...], selection: Selection) -> Iterator[Group]:
    for group in groups:
        if selection.classes and group.class_name not in selection.classes:
            continue
        neighbours = [replace(neighbour, links=_links(neighbour, selection)) for neighbour in group.neighbours]
        if kept := tuple(neighbour for neighbour in neighbours if neighbour.links):
            yield replace(group, neighbours=kept)


def _links(neighbour: Neighbour, selection: Selection) -> tuple[Link, ...]:
    return tuple(
        link
        for link in neighbour.links
        if (not selection.predicates or link.predicate in selection.predicates)
        and (not selection.directions or link.direction in selection.directions)
    )


def _slice(groups: tuple[Group, ...], start: int, size: int) -> Iterator[Group]:
    """Yield the groups with `size` neighbours from `start`, counted over all groups."""
    for group in groups:
        if kept := group.neighbours[start : start + size]:
            yield replace(group, neighbours=kept)
            size -= len(kept)
        start = max(0, start - len(group.neighbours))
        if not size:
            return
