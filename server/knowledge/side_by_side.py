"""What two entities or more share, and where they differ: by their facts, and by the edges that touch them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ..namespaces import Namespaces
from ..records.pages import Direction, EntityPage, Fact, Link, Neighbour
from ..records.side_by_side import Between, Meeting, Row, SideBySide, Value
from ..schema.schema import Schema
from ..store.interface import Queryable
from .entity import Stated, entity_page

MOST: Final = 5
"""How many entities are compared at once, at most."""

_Key = tuple[str, str]
"""The property and an empty text, or the predicate and the direction."""


def side_by_side(store: Queryable, schema: Schema, namespaces: Namespaces, entities: Sequence[Stated]) -> SideBySide:
    """Compare entities, in the order given.

    Values are equal if they are the same fact, or edges of one predicate, in one direction, with the same other end.
    """
    pages = tuple(entity_page(store, schema, namespaces, entity) for entity in entities)
    places = _places(schema, namespaces, entities)
    among = {page.entity.iri for page in pages}
    said = [_said(page, among) for page in pages]
    keys = sorted(
        dict.fromkeys(key for one in said for key in one),
        key=lambda key: places.get(key, len(places)),
    )
    shared, differing = [], []
    for key in keys:
        cells = [one.get(key, {}) for one in said]
        everywhere = set.intersection(*map(set, cells))
        holders = {name: sum(name in cell for cell in cells) for cell in cells for name in cell}
        name = next(label for cell in cells for label, _ in cell.values())
        if everywhere:
            common = tuple(replace(one, holders=len(pages)) for k, (_, one) in cells[0].items() if k in everywhere)
            shared.append(Row(name, key[0], (common,) * len(pages)))
        rest = tuple(
            tuple(replace(one, holders=holders[k]) for k, (_, one) in cell.items() if k not in everywhere)
            for cell in cells
        )
        if any(rest):
            differing.append(Row(name, key[0], rest))
    return SideBySide(pages, tuple(_between(pages)), tuple(shared), tuple(_meetings(pages, among)), tuple(differing))


def _said(page: EntityPage, among: set[str]) -> dict[_Key, dict[str, tuple[str, Value]]]:
    """Return what is said of an entity, row by row, by what makes values equal, each with the name of its row."""
    found: dict[_Key, dict[str, tuple[str, Value]]] = {}
    own = (Fact("Type", page.type_label), Fact("Status", page.status))
    for fact in (*own, *page.facts):
        row = found.setdefault((fact.property or fact.name, ""), {})
        row.setdefault(fact.value, (fact.name, Value(fact=fact)))
    for neighbour, link in _links(page):
        if neighbour.entity.iri not in among:
            row = found.setdefault((link.predicate, str(link.direction)), {})
            row.setdefault(neighbour.entity.iri, (link.label, Value(entity=neighbour.entity, link=link)))
    return found


def _places(schema: Schema, namespaces: Namespaces, entities: Sequence[Stated]) -> dict[_Key, int]:
    """Return the order of rows: facts, then edges as the sections of the pages of these entities have them."""
    keys: list[_Key] = [("Type", ""), ("Status", ""), *((iri, "") for iri in schema.facts)]
    types = dict.fromkeys(type_ for entity in entities for type_ in entity.types)
    keys += [
        (namespaces.compact(way.predicate), str(way.direction))
        for section in schema.sections_of(types)
        if not section.through
        for way in section.ways
    ]
    keys += [(term.curie, str(way)) for term in schema.predicates.values() for way in Direction]
    return {key: place for place, key in reversed(list(enumerate(keys)))}


def _links(page: EntityPage) -> Iterator[tuple[Neighbour, Link]]:
    """Yield each edge of an entity with its other end, those with the most edges first."""
    neighbours = (neighbour for group in page.groups for neighbour in group.neighbours)
    for neighbour in sorted(neighbours, key=lambda one: -one.edge_count):
        for link in neighbour.links:
            yield neighbour, link


def _between(pages: Sequence[EntityPage]) -> Iterator[Between]:
    """Yield the edges that join the compared to each other, each once, read from where it starts."""
    ends = {page.entity.iri: page.entity for page in pages}
    seen = set()
    for page in pages:
        for neighbour, link in _links(page):
            if neighbour.entity.iri in ends and link.direction is not Direction.IN and link.edge not in seen:
                seen.add(link.edge)
                yield Between(page.entity, link, neighbour.entity)


def _meetings(pages: Sequence[EntityPage], among: set[str]) -> Iterator[Meeting]:
    """Yield what is joined to several of the compared, and in different ways; that with the most edges first."""
    joined: dict[str, tuple[Neighbour, list[dict[_Key, Link]]]] = {}
    for place, page in enumerate(pages):
        for neighbour, link in _links(page):
            if neighbour.entity.iri not in among:
                _, cells = joined.setdefault(neighbour.entity.iri, (neighbour, [{} for _ in pages]))
                cells[place].setdefault((link.predicate, str(link.direction)), link)
    for neighbour, cells in sorted(joined.values(), key=lambda one: -one[0].edge_count):
        ways = [frozenset(cell) for cell in cells if cell]
        if len(ways) > 1 and len(set(ways)) > 1:
            yield Meeting(neighbour.entity, tuple(tuple(cell.values()) for cell in cells))
