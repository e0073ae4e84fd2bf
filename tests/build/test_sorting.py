"""The sort keys in a store: they put labels in the order of names, which SPARQL does not know."""

from __future__ import annotations

from random import Random

from server.build.sorting import sort_keys
from server.store.embedded import Store
from server.text.order import order_key
from tests.made import NAMESPACES

LABELS = [
    "Ångström",
    "apple",
    "banana",
    "Éclair",
    "eclipse",
    "écru",
    "STRASSE",
    "Straße",
    "zebra",
    "שלום",
    "かな",
    "漢字",
]


def test_labels_come_in_the_order_of_names() -> None:
    store = Store.in_memory(NAMESPACES.prefixes())
    triples = [
        f'<{NAMESPACES.base}concept/{place}> <http://www.w3.org/2004/02/skos/core#prefLabel> "{label}"@en, "x"@de .\n'
        for place, label in enumerate(LABELS)
    ]
    Random(0).shuffle(triples)
    store.load("".join(triples), f"{NAMESPACES.graph}asserted")
    store.load(sort_keys(store), f"{NAMESPACES.graph}statistics")
    rows = store.select(
        'SELECT ?label { ?e akb:sortKey ?key ; skos:prefLabel ?label FILTER(LANG(?label) = "en") } ORDER BY ?key'
    )
    assert [str(row["label"]) for row in rows] == LABELS == sorted(LABELS, key=order_key)


def test_a_release_has_a_key_for_each_entity(store: Store) -> None:
    rows = store.select(
        "SELECT ?label ?key { ?c akb:displayOrder ?o . ?e a ?c ; skos:prefLabel ?label . "
        "FILTER(LANGMATCHES(LANG(?label), 'en')) "
        "OPTIONAL { GRAPH graph:statistics { ?e akb:sortKey ?key } } }"
    )
    assert len(rows) > 50
    assert all(row["key"] == order_key(str(row["label"])).hex() for row in rows)
