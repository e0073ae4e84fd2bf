"""The candidates as triples."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Graph, Literal, URIRef

from server.namespaces import AKB, AKBV
from server.records.candidates import Candidate, Signals, State, Thresholds
from server.similarity.graph import candidate_blocks, told
from server.store.embedded import Store
from tests.made import NAMESPACES

NAME = URIRef(f"{NAMESPACES.candidate}0a1b2c3d4e")
GRAPH = f"{NAMESPACES.graph}similarity"
MODEL = 'a "model" \\ 1'


def graph(signals: Signals, thresholds: Thresholds) -> Graph:
    """One candidate, read back."""
    found = Candidate("0a1b2c3d4e", "urn:a", "urn:b", signals, 0.25, MODEL, "reopened")
    return Graph().parse(data="".join(candidate_blocks([found], thresholds, NAMESPACES).values()), format="nt")


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


SCORES = st.floats(-2, 2)


@given(SCORES, SCORES, SCORES, SCORES, st.booleans(), st.sampled_from(get_args(State)))
def test_each_block_is_what_a_store_says_of_its_subject(
    cosine: float, corrected: float, label: float, worth: float, identifier: bool, state: State
) -> None:
    signals = Signals(cosine, label, label / 2, identifier, corrected)
    found = Candidate("0a1b2c3d4e", "urn:a", "urn:b", signals, worth, MODEL, state)
    blocks = candidate_blocks([found], Thresholds(MODEL, cosine, 0.55), NAMESPACES)
    store = Store.in_memory({})
    store.load("".join(blocks.values()), GRAPH)
    for subject, block in blocks.items():
        assert sorted(store.said_of([subject], GRAPH).splitlines()) == sorted(block.splitlines())


@given(st.floats(-1e6, 1e6))
def test_a_number_is_told_in_four_places_as_a_canonical_decimal(number: float) -> None:
    assert Decimal(told(number)) == Decimal(f"{number:.4f}")
    # XML Schema 1.1, part 2, E.2, decimalCanonicalMap: neither leading nor trailing noughts, and none has a minus.
    assert re.fullmatch(r"0|-?([1-9]\d*(\.\d*[1-9])?|0\.\d*[1-9])", told(number))


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
