"""Which entities are on the map, and what joins them."""

from __future__ import annotations

from server.build.map.records import HEIGHT, WIDTH, Map
from server.build.map.sketch import MOST, drawn, sketch_of
from server.sparql.queries import question
from server.store.embedded import Store


def map_of(store: Store, most: int = MOST) -> Map:
    searched, edges = (store.select(question(name)) for name in ("searched_entities", "edge_ends"))
    return drawn(sketch_of(searched, edges, ("active", "contested"), most))


def test_all_entities_in_use_are_on_the_map_with_the_edges_between_them(store: Store) -> None:
    whole = map_of(store)
    listed = {
        str(row["id"]): int(row["count"])
        for row in store.select(
            "SELECT ?id (COALESCE(?edges, 0) AS ?count) { ?entity a akb:Entity ; dcterms:identifier ?id "
            "MINUS { ?entity owl:deprecated true } OPTIONAL { ?entity akb:edgeCount ?edges } }"
        )
    }
    assert {place.id: place.edges for place in whole.places} == listed
    assert whole.left_out == 0
    for place in whole.places:
        assert 0 < place.x < WIDTH
        assert 0 < place.y < HEIGHT
    rows = store.select(
        "SELECT DISTINCT ?one ?other WHERE { ?edge akb:subject/dcterms:identifier ?one ; "
        "akb:object/dcterms:identifier ?other ; akb:status ?status FILTER(?status IN (akbv:active, akbv:contested)) }"
    )
    joined = {frozenset((str(row["one"]), str(row["other"]))) for row in rows}
    linked = {frozenset((whole.places[one].id, whole.places[other].id)) for one, other in whole.links}
    assert linked == {pair for pair in joined if pair <= listed.keys()}
    assert len(linked) == len(whole.links) > 50


def test_of_many_the_most_connected_are_shown(store: Store) -> None:
    whole, few = map_of(store), map_of(store, most=12)
    assert len(few.places) == 12
    assert few.left_out == len(whole.places) - 12
    kept = {place.id for place in few.places}
    assert min(place.edges for place in few.places) >= max(
        place.edges for place in whole.places if place.id not in kept
    )
    assert all(one < other < 12 for one, other in few.links)
