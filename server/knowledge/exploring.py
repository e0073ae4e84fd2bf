"""A walk through the graph: what is beside the entities that a reader opened, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..namespaces import Namespaces
from ..records.explored import Joined, Opened, Shown, Walk
from ..records.pages import EntityRef, Neighbour
from ..store.interface import Queryable
from ..text.forms import folded
from .entity import neighbourhood

MOST_OPEN: Final = 12
"""How many entities may be open at once."""
MOST_SHOWN: Final = 160
"""How many entities are shown altogether, beside those that are open."""


def walk(
    store: Queryable, namespaces: Namespaces, opened: Sequence[EntityRef], predicates: Sequence[str], most: int
) -> Walk:
    """Return what opening these entities shows, in this order.

    Each brings at most `most` of its neighbours that are not shown yet, those with the most edges; of what is shown
    already, or was opened, all that it is joined to counts beside it. `predicates` are the CURIEs of those whose edges
    count; all do where there are none. An entity that no earlier one brings starts a walk of its own.
    """
    open_ = {ref.iri for ref in opened}
    shown: dict[str, Shown] = {}
    found: list[Opened] = []
    counted: Counter[tuple[str, str]] = Counter()
    for ref in opened:
        shown.setdefault(ref.iri, Shown(ref, "", (), is_open=True))
        groups = neighbourhood(store, namespaces, ref.iri)
        every = [one for group in groups for one in group.neighbours if one.entity.iri != ref.iri]
        counted.update((link.predicate, link.notation) for one in every for link in one.links)
        selected = [one for one in (_selected(neighbour, predicates) for neighbour in every) if one.links]
        room = min(most, MOST_SHOWN + len(open_) - len(shown))
        # What is opened keeps its place among them, so that nothing else moves when it is.
        fresh = [one for one in selected if one.entity.iri not in shown]
        chosen = {one.entity.iri for one in sorted(fresh, key=_rank)[: max(room, 0)]}
        beside = [one for one in selected if one.entity.iri in {*chosen, *shown, *open_}]
        for one in beside:
            iri = one.entity.iri
            shown.setdefault(iri, Shown(one.entity, ref.iri, one.links, is_open=iri in open_))
        found.append(Opened(ref, tuple(Joined(one.entity, one.links) for one in beside), len(selected)))
    return Walk(
        opened=tuple(found),
        shown=tuple(shown.values()),
        predicates=tuple((*key, count) for key, count in sorted(counted.items(), key=lambda one: one[0][1])),
        selected=tuple(predicates),
    )


def _selected(neighbour: Neighbour, predicates: Sequence[str]) -> Neighbour:
    if not predicates:
        return neighbour
    return replace(neighbour, links=tuple(link for link in neighbour.links if link.predicate in predicates))


def _rank(neighbour: Neighbour) -> tuple[int, str, str]:
    return -neighbour.edge_count, folded(neighbour.entity.label), neighbour.entity.iri
