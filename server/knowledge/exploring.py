"""A walk through the graph: the neighbours of the entities that a reader opened, one after the other."""

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
"""The maximum number of open entities."""
MOST_SHOWN: Final = 160
"""The maximum number of entities shown; open ones are shown beyond it."""


def walk(
    store: Queryable, namespaces: Namespaces, opened: Sequence[EntityRef], predicates: Sequence[str], most: int
) -> Walk:
    """Return what opening these entities shows, in this order.

    Each brings at most `most` of its neighbours that are not shown yet, those with the most edges. One that nothing
    has brought when its turn comes is brought by the first that it is joined to, or else starts a walk of its own. So
    what is shown stays where it is, whatever is opened next. `predicates` are the CURIEs of those whose edges count;
    all do where there are none.
    """
    shown: dict[str, Shown] = {}
    selected: dict[str, dict[str, Neighbour]] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for ref in opened:
        if ref.iri not in shown:
            first = next((iri for iri, beside in selected.items() if ref.iri in beside), "")
            shown[ref.iri] = Shown(ref, first, selected[first][ref.iri].links if first else (), is_open=True)
        groups = neighbourhood(store, namespaces, ref.iri)
        every = [one for group in groups for one in group.neighbours if one.entity.iri != ref.iri]
        counted.update((link.predicate, link.notation) for one in every for link in one.links)
        beside = {one.entity.iri: one for one in (_selected(one, predicates) for one in every) if one.links}
        selected[ref.iri] = beside
        fresh = sorted((one for iri, one in beside.items() if iri not in shown), key=_rank)
        chosen = {one.entity.iri for one in fresh[: max(min(most, MOST_SHOWN - len(shown)), 0)]}
        for iri, one in beside.items():
            if iri in chosen:
                shown[iri] = Shown(one.entity, ref.iri, one.links, is_open=any(iri == other.iri for other in opened))
    return Walk(
        opened=tuple(
            Opened(
                ref,
                tuple(Joined(one.entity, one.links) for iri, one in selected[ref.iri].items() if iri in shown),
                len(selected[ref.iri]),
            )
            for ref in opened
        ),
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
