"""What is joined to an entity, class by class and by date.

That is what an edge joins to it, and what lists are narrowed to by it: the works of the people of an organization, or
those of a person who is only in their lists of authors. The people of a topic are those who wrote the works about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..records.by_year import ByYear, Kin, Met
from ..records.dates import by_time
from ..records.lists import Facet, ListedEntity, ListSelection, Order
from ..records.pages import EntityPage, EntityRef
from ..records.terms import ClassTerm
from ..search.lists import Lists

_FACETS: Final = (Facet.TOPIC, Facet.ORGANIZATION, Facet.AUTHOR, Facet.VENUE)
"""The facets whose values are entities."""


def by_year(lists: Lists, classes: Sequence[ClassTerm], page: EntityPage, most: int) -> ByYear:
    """Return what is joined to an entity; of each class at most so many by the lists, and all by edges."""
    curie = page.entity.curie
    sources = _sources(page)
    dates = {one.entity.iri: one for one in lists.of_curies([ref.curie for refs in sources.values() for ref in refs])}
    found: dict[str, dict[str, ListedEntity]] = {term.notation: {} for term in classes}
    facets: dict[str, Facet] = {}
    for term in classes:
        for facet in _FACETS:
            selection = ListSelection(tags=((facet, curie),), order=Order.NEWEST)
            for one in lists.of_class(term.notation, selection, most):
                found[term.notation][one.entity.curie] = one
                facets.setdefault(term.notation, facet)
    joined = [neighbour.entity.curie for group in page.groups for neighbour in group.neighbours]
    about: dict[Facet, list[str]] = {facet: [] for facet in _FACETS}
    for name, facet in facets.items():
        about[facet] += found[name]
    people = _authored(lists, about[Facet.TOPIC])
    works = _authored(lists, about[Facet.ORGANIZATION]) | people
    for one in lists.of_curies([*joined, *people]):
        if one.entity.curie != curie and one.entity.class_name in found:
            found[one.entity.class_name].setdefault(one.entity.curie, one)
    kinds = []
    for term in classes:
        met = [
            _met(one, [dates[ref.iri] for ref in sources.get(one.entity.iri, ()) if ref.iri in dates], works)
            for one in found[term.notation].values()
        ]
        met.sort(key=lambda one: by_time(one.issued), reverse=True)
        if met:
            kinds.append(Kin(term.notation, term.plural, tuple(met), facets.get(term.notation)))
    return ByYear(page.entity, tuple(kinds))


def _sources(page: EntityPage) -> dict[str, tuple[EntityRef, ...]]:
    """Return the works that say how each neighbour is joined, by the IRI of the neighbour."""
    return {
        neighbour.entity.iri: tuple(link.source for link in neighbour.links if link.source)
        for group in page.groups
        for neighbour in group.neighbours
    }


def _authored(lists: Lists, works: Iterable[str]) -> dict[str, ListedEntity]:
    """Return who wrote some works, by CURIE, each with the first of these works."""
    curies = list(works)
    tags = lists.tags_of(curies)
    found: dict[str, ListedEntity] = {}
    for work in lists.of_curies(curies):
        for author in tags.get(work.entity.curie, {}).get(Facet.AUTHOR, ()):
            before = found.get(author.value)
            if work.issued and (before is None or by_time(work.issued) < by_time(before.issued)):
                found[author.value] = work
    return found


def _met(one: ListedEntity, sources: Sequence[ListedEntity], works: dict[str, ListedEntity]) -> Met:
    if one.issued:
        return Met(one, one.issued)
    work = works.get(one.entity.curie)
    dated = [source for source in (*sources, *([work] if work else [])) if source.issued]
    first = min(dated, key=lambda source: by_time(source.issued), default=None)
    return Met(one, first.issued, first.entity) if first else Met(one)
