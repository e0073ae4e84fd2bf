"""The counts of the dataset, against the same counts made by rdflib from the files."""

from __future__ import annotations

from collections import Counter

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef

from server.build.shapes import shapes_texts
from server.inference.closure import close
from server.knowledge.dataset import dataset_summary
from server.records.dataset import DatasetSummary, Part
from server.store.embedded import Store
from server.text.order import order_key
from server.turtle.base import Base
from server.turtle.edges import VOCAB
from server.turtle.parsing import parse
from tests.made import OUR_SCHEMA


def statistics(base: Base) -> Graph:
    """Count the edges in use of each entity, and sort all that has a label."""
    in_use = {URIRef(f"{base.namespaces.expand('akbv:')}{status}") for status in ("active", "contested")}
    counts: Counter[object] = Counter()
    for edge in base.asserted.subjects(RDF.type, VOCAB.Edge):
        if base.asserted.value(edge, VOCAB.status) in in_use:
            counts.update({base.asserted.value(edge, VOCAB.subject), base.asserted.value(edge, VOCAB.object)})
    graph = Graph()
    for entity, count in counts.items():
        graph.add((entity, VOCAB.edgeCount, Literal(count)))
    labels = (*base.asserted.subject_objects(SKOS.prefLabel), *base.ontology.subject_objects(SKOS.prefLabel))
    for node, label in labels:
        if isinstance(label, Literal) and str(label.language).startswith("en"):
            graph.add((node, VOCAB.sortKey, Literal(order_key(str(label)).hex())))
    return graph


@pytest.fixture(scope="module")
def parts(base: Base, client: FlaskClient) -> dict[str, Graph]:
    """The named graphs, made by other means than the store; what is in that of similarity is tested elsewhere."""
    return {
        "asserted": base.asserted,
        "inferred": parse(close(base).inferred, "nt"),
        "ontology": base.ontology,
        "shapes": sum((parse(text) for text in shapes_texts(base)), Graph()),
        "similarity": parse(client.get("/graph/similarity.nt").text, "nt"),
        "statistics": statistics(base),
    }


@pytest.fixture(scope="module")
def whole(parts: dict[str, Graph]) -> Graph:
    """All graphs together."""
    graph = Graph()
    for part in parts.values():
        graph += part
    return graph


@pytest.fixture(scope="module")
def summary(store: Store) -> DatasetSummary:
    """What the store says of itself."""
    return dataset_summary(store, OUR_SCHEMA)


def test_the_whole_is_counted(summary: DatasetSummary, whole: Graph) -> None:
    assert summary.triples == len(whole)
    assert summary.subjects == len(set(whole.subjects()))
    assert summary.objects == len(set(whole.objects()))
    assert summary.entities == len(set(whole.subjects(RDF.type, VOCAB.Entity))) == 62


def test_every_graph_is_counted(summary: DatasetSummary, parts: dict[str, Graph], base: Base) -> None:
    expected = tuple(Part(base.namespaces.graph + name, len(graph)) for name, graph in sorted(parts.items()))
    assert summary.graphs == expected
    assert sum(part.count for part in summary.graphs) == summary.triples


def test_every_class_is_counted(summary: DatasetSummary, whole: Graph) -> None:
    counts = Counter(str(kind) for _, kind in set(whole.subject_objects(RDF.type)))
    assert {part.iri: part.count for part in summary.classes} == dict(counts)
    assert len(summary.classes) == len(counts) > 30


def test_every_property_is_counted(summary: DatasetSummary, whole: Graph) -> None:
    counts = Counter(str(property_) for property_ in whole.predicates())
    assert {part.iri: part.count for part in summary.properties} == dict(counts)
    assert sum(part.count for part in summary.properties) == summary.triples


def test_the_examples_are_the_best_connected_entities(summary: DatasetSummary, base: Base) -> None:
    counts = sorted(
        ((int(count), str(entity)) for entity, count in statistics(base).subject_objects(VOCAB.edgeCount)), reverse=True
    )
    assert len(summary.examples) == 3
    assert {count for count, entity in counts[:3]} == {count for count, entity in counts if entity in summary.examples}


def test_the_licence_is_the_ontologys(summary: DatasetSummary, base: Base) -> None:
    [ontology] = base.ontology.subjects(RDF.type, OWL.Ontology)
    assert summary.licences == (str(base.ontology.value(ontology, DCTERMS.license)),)
