"""Puts together what is known around each entity: its edges, and what it stands for outside the base."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from ..sparql.terms import Row
from .records import IN_USE, Described, Placed
from .signals import plain_identifier


def placed(entities: Iterable[Described], edges: Iterable[Row], identifiers: Iterable[Row]) -> tuple[Placed, ...]:
    """Return the entities with what is around them.

    `edges` answer `queries/edge_ends.rq`, `identifiers` answer `queries/outside_identifiers.rq`.
    """
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    joined: defaultdict[str, set[str]] = defaultdict(set)
    for row in edges:
        subject, object_ = str(row["subject"]), str(row["object"])
        for one, other in ((subject, object_), (object_, subject)):
            joined[one].add(other)
            if row["status"] in IN_USE:
                neighbours[one].add(other)
    known: defaultdict[str, set[str]] = defaultdict(set)
    for row in identifiers:
        property_ = re.split(r"[/#]", str(row["property"]))[-1]
        known[str(row["entity"])].add(plain_identifier(property_, str(row["value"])))
    return tuple(
        Placed(one, frozenset(neighbours[one.iri]), frozenset(joined[one.iri]), frozenset(known[one.iri]))
        for one in entities
    )
