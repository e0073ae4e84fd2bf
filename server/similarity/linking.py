"""Joins each entity with its neighbours and its identifiers outside the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from ..sparql.terms import Row
from .records import Described, Linked
from .signals import plain_identifier


def linked(
    entities: Iterable[Described],
    edges: Iterable[Row],
    identifiers: Iterable[Row],
    classes: Iterable[Row],
    in_use: Collection[str],
) -> tuple[Linked, ...]:
    """Return the entities with their neighbours, identifiers and classes.

    `edges` answer `queries/edge_ends.rq`, `identifiers` answer `queries/outside_identifiers.rq`, `classes` answer
    `queries/stated_classes.rq`; `in_use` are the notations of the statuses of edges that count.
    """
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    joined: defaultdict[str, set[str]] = defaultdict(set)
    for row in edges:
        subject, object_ = str(row["subject"]), str(row["object"])
        for one, other in ((subject, object_), (object_, subject)):
            joined[one].add(other)
            if row["status"] in in_use:
                neighbours[one].add(other)
    known: defaultdict[str, set[str]] = defaultdict(set)
    for row in identifiers:
        identifier = plain_identifier(str(row["property"]), str(row["value"]), str(row.get("address", "")))
        known[str(row["entity"])].add(identifier)
    kinds: dict[str, str] = {}
    for row in classes:
        entity, kind = str(row["entity"]), str(row["class"])
        kinds[entity] = min(kind, kinds.get(entity, kind))
    return tuple(
        Linked(
            one,
            frozenset(neighbours[one.iri]),
            frozenset(joined[one.iri]),
            frozenset(known[one.iri]),
            kinds.get(one.iri, ""),
        )
        for one in entities
    )
