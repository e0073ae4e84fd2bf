"""A service that is a part of one engine is refused with what works in its place."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from server.errors import ForbiddenQueryError
from server.federation.engine_services import refuse_engine_services

LABELS = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],de,en" . }'
SKOS = "http://www.w3.org/2004/02/skos/core#"
WIKIDATA = "SERVICE <https://query.wikidata.org/sparql>"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?item ?itemLabel {{ {WIKIDATA} {{ ?item wdt:P31 wd:Q5 {LABELS} }} }}",
        f"SELECT ?item ?itemLabel {{ ?item a ?class . {LABELS} }}",
        f"PREFIX w: <http://wikiba.se/ontology#> SELECT ?item ?itemLabel {{ {LABELS.replace('wikibase:l', 'w:l')} }}",
        f"SELECT ?item ?itemLabel {{ {LABELS.replace('wikibase:label', 'SILENT <http://wikiba.se/ontology#label>')} }}",
    ],
)
def test_labels_are_found_by_patterns(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match="a part of Wikidata's own engine") as caught:
        refuse_engine_services(query, {})
    _, _, pattern = caught.value.mend.partition(": ")
    assert 'FILTER(LANG(?itemLabel) = "de")' in pattern
    # What is offered can be copied as it stands: to Wikidata, or here.
    label = "http://www.w3.org/2000/01/rdf-schema#label" if WIKIDATA in query else f"{SKOS}prefLabel"
    found = labels(f"<urn:q> <{label}> 'Haus'@de, 'house'@en .", f"VALUES ?item {{ <urn:q> }} {pattern}")
    assert found == ['"Haus"@de']


def labels(data: str, pattern: str) -> list[str]:
    """Ask the engine itself.

    Its results die with this frame, in the thread that made them: an error that a test has caught holds the frame of
    the test for the garbage collector, which may run in the thread of a server.
    """
    store = ox.Store()
    store.load(data.encode(), format=ox.RdfFormat.TURTLE)
    results = store.query(f"SELECT ?itemLabel {{ {pattern} }}", prefixes={"skos": SKOS})
    assert isinstance(results, ox.QuerySolutions)
    return [str(row["itemLabel"]) for row in results]


def test_other_services_of_that_engine_are_named_too() -> None:
    for name in ("wikibase:around", "wikibase:mwapi", "bd:slice", "gas:service", "<http://www.bigdata.com/rdf#sample>"):
        with pytest.raises(ForbiddenQueryError, match=f"SERVICE {name} is a part") as caught:
            refuse_engine_services(f"SELECT * {{ {WIKIDATA} {{ SERVICE {name} {{ ?a ?b ?c }} }} }}", {})
        assert "VALUES" in caught.value.mend


def test_others_are_let_through() -> None:
    for name in ("<http://a.example/sparql>", "?where", "wikibase:label", "mine:label"):
        prefixes = {"wikibase": "http://a.example/", "mine": "http://a.example/"}
        refuse_engine_services(
            f"SELECT * {{ SERVICE {name} {{ ?wikibase ?label 'SERVICE wikibase:label' }} }}", prefixes
        )
