"""The candidates as triples."""

from __future__ import annotations

from decimal import Decimal

from rdflib import XSD, Graph, Literal, URIRef

from server.namespaces import AKB, AKBV
from server.records.candidates import Candidate, Signals, Thresholds
from server.similarity.graph import candidates_turtle
from tests.made import NAMESPACES

NAME = URIRef(f"{NAMESPACES.candidate}0a1b2c3d4e")
MODEL = 'a "model" \\ 1'


def graph(signals: Signals, thresholds: Thresholds) -> Graph:
    """One candidate, read back."""
    found = Candidate("0a1b2c3d4e", "urn:a", "urn:b", signals, 0.25, MODEL, "reopened")
    return Graph().parse(data=candidates_turtle([found], thresholds, NAMESPACES), format="turtle")


def test_every_signal_is_told_as_what_the_ontology_says() -> None:
    read = graph(Signals(-0.5, 1, 0.12346, identifier=True, corrected=-1.5), Thresholds(MODEL, 0.35, 0.55))
    told = {str(predicate).removeprefix(AKB): value for predicate, value in read.predicate_objects(NAME)}
    assert set(read.objects(NAME, URIRef(f"{AKB}member"))) == {URIRef("urn:a"), URIRef("urn:b")}
    assert told["candidateState"] == URIRef(f"{AKBV}reopened")
    assert told["embedding"] == Literal(MODEL)
    assert told["sharesIdentifier"] == Literal("true", datatype=XSD.boolean)
    numbers = ("similarityScore", "correctedScore", "labelScore", "sharedScore", "worth")
    expected = ("-0.5", "-1.5", "1", "0.1235", "0.25")
    assert [told[name].toPython() for name in numbers] == [Decimal(number) for number in expected]


def test_the_graph_says_by_what_it_was_measured() -> None:
    read = graph(Signals(0.5, 0, 0, identifier=False), Thresholds(MODEL, 0.35, 0.55))
    own = dict(read.predicate_objects(URIRef(f"{NAMESPACES.graph}similarity")))
    assert own[URIRef(f"{AKB}similarityThreshold")].toPython() == Decimal("0.35")
    assert own[URIRef(f"{AKB}embedding")] == Literal(MODEL)


def test_without_an_embedding_no_score_is_told() -> None:
    read = graph(Signals(None, 0.6, 0, identifier=False), Thresholds("", None, 0.55))
    predicates = {str(predicate).removeprefix(AKB) for predicate in read.predicates()}
    assert predicates.isdisjoint({"similarityScore", "correctedScore", "embedding", "similarityThreshold"})
    assert "labelThreshold" in predicates
