"""What a picture of a neighbourhood shows."""

from __future__ import annotations

from server.knowledge.entity import entity_page, stated
from server.knowledge.picturing import most_connected, pairs_among
from server.store.embedded import Store
from tests.made import NAMESPACES, OUR_SCHEMA

AF = NAMESPACES.expand("concept:alignment-faking")


def test_the_most_connected_are_chosen_and_stay_in_the_order_of_the_page(store: Store) -> None:
    page = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, AF))
    every = [one for group in page.groups for one in group.neighbours]
    chosen = most_connected(page, 7)
    assert len(chosen) == 7 < len(every)
    assert [every.index(one) for one in chosen] == sorted(every.index(one) for one in chosen)
    least = min(one.edge_count for one in chosen)
    assert all(one.edge_count <= least for one in every if one not in chosen)
    assert most_connected(page, 1000) == tuple(every)


def test_pairs_are_those_that_an_edge_in_use_joins(store: Store) -> None:
    page = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, AF))
    iris = [AF, *(one.entity.iri for group in page.groups for one in group.neighbours)]
    pairs = pairs_among(store, NAMESPACES, iris)
    # The page of each says the same of its own neighbours.
    said = {
        (min(iri, one.entity.iri), max(iri, one.entity.iri))
        for iri in iris
        for group in entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, iri)).groups
        for one in group.neighbours
        if one.entity.iri in iris
    }
    assert len(pairs) > len(iris)
    assert list(pairs) == sorted(said)
    assert pairs_among(store, NAMESPACES, [AF]) == pairs_among(store, NAMESPACES, []) == ()
