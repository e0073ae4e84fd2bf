"""A walk through the graph: what opening entities one after the other shows."""

from __future__ import annotations

from server.knowledge.entity import entity_ref, neighbourhood
from server.knowledge.exploring import walk
from server.records.explored import Walk
from server.store.embedded import Store
from tests.made import NAMESPACES

AF, GM, DA = (f"concept:{slug}" for slug in ("alignment-faking", "goal-misgeneralization", "deceptive-alignment"))


def walked(store: Store, *curies: str, predicates: tuple[str, ...] = (), most: int = 6) -> Walk:
    refs = [entity_ref(store, NAMESPACES.expand(curie))[0] for curie in curies]
    return walk(store, NAMESPACES, refs, predicates, most)


def test_each_brings_its_most_connected_neighbours_and_what_was_there_stays(store: Store) -> None:
    first = walked(store, AF)
    [opened] = first.opened
    every = [one for group in neighbourhood(store, NAMESPACES, opened.entity.iri) for one in group.neighbours]
    assert opened.total == len(every) > len(opened.neighbours) == 6
    counts = {one.entity.iri: one.edge_count for one in every}
    least = min(counts[one.entity.iri] for one in opened.neighbours)
    brought = {one.entity.iri for one in opened.neighbours}
    assert all(counts[one] <= least for one in counts.keys() - brought)

    one = first.shown[3].entity
    second = walked(store, AF, one.curie)
    assert [shown.entity for shown in second.shown[:7]] == [shown.entity for shown in first.shown]
    assert [shown.is_open for shown in second.shown].count(True) == 2
    assert {shown.brought_by for shown in second.shown[7:]} == {one.iri}
    there = {shown.entity.iri for shown in first.shown}
    others = [
        one
        for group in neighbourhood(store, NAMESPACES, one.iri)
        for one in group.neighbours
        if one.entity.iri not in there
    ]
    assert len(second.shown) == 7 + min(6, len(others)) > 7
    # All edges between what is open and what is shown are told, from whichever end.
    back = next(joined for joined in second.opened[1].neighbours if joined.entity.curie == AF)
    assert {link.edge for link in back.links} == {link.edge for link in second.shown[3].links}


def test_what_is_opened_is_beside_what_it_is_joined_to_however_few_are_shown(store: Store) -> None:
    found = walked(store, AF, GM, most=1)
    assert next(one for one in found.shown if one.entity.curie == GM).brought_by == found.opened[0].entity.iri


def test_only_edges_of_the_chosen_predicates_count(store: Store) -> None:
    found = walked(store, AF, predicates=("akb:extends",))
    assert {link.predicate for one in found.shown for link in one.links} == {"akb:extends"}
    # There is still all to choose from.
    assert found.predicates == walked(store, AF).predicates
    assert len(found.predicates) > 3
    assert {name: count for _, name, count in found.predicates}["extends"] == sum(
        len(joined.links) for joined in walked(store, AF, predicates=("akb:extends",), most=40).opened[0].neighbours
    )


def test_to_close_one_closes_what_it_brought_and_nothing_else(store: Store) -> None:
    first = walked(store, AF)
    one, other = first.shown[1].entity, first.shown[2].entity
    brought = next(shown.entity for shown in walked(store, AF, one.curie).shown if shown.brought_by == one.iri)
    found = walked(store, AF, one.curie, brought.curie, other.curie)
    assert [ref.curie for ref in found.without(one.iri)] == [AF, other.curie]
    assert [ref.curie for ref in found.without(brought.iri)] == [AF, one.curie, other.curie]
    assert found.without(found.opened[0].entity.iri) == ()
