"""On all that the quick engine is trusted with, both give the same results, one by one (SHACL, sections 2 to 4)."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from rdflib import RDF

from bench.bases import generate
from server.errors import UnreadableError
from server.turtle.parsing import parse
from server.turtle.reader import read_base
from server.validation.engines import fast, reference
from server.validation.engines.exact import TERMS, beyond
from server.validation.engines.results import Request
from server.validation.engines.running import key
from tests.made import NAMESPACES
from tests.thorough import examples

from .generating import HEAD, data_graphs, ontologies, ordered, shapes_graphs

pytestmark = pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform")


def results(request: Request) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    return Counter(map(key, fast.validate(request))), Counter(map(key, reference.validate(request)))


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(data_graphs, ontologies, shapes_graphs)
@pytest.mark.filterwarnings("ignore:Parsing weird boolean", "ignore:Generating overly large repr")
def test_generated_shapes_find_the_same_in_generated_data(data: str, ontology: str, shapes: str) -> None:
    logging.getLogger("pyshacl-validate").setLevel(logging.CRITICAL)
    read = parse(shapes)
    if beyond(read):
        return
    asked = Request(parse(ordered(data, shapes)).serialize(format="nt"), parse(ordered(ontology, shapes)), read)
    try:
        theirs = Counter(map(key, reference.validate(asked)))
    except UnreadableError:
        return  # pyshacl refuses what SHACL allows: a blank node compared, a shape that says nothing
    assert Counter(map(key, fast.validate(asked))) == theirs


@pytest.mark.parametrize("size", [150])
def test_our_shapes_find_the_same_in_a_generated_base(size: int, tmp_path: Path) -> None:
    base = read_base(generate(tmp_path / "base", size, fault_every=3), NAMESPACES)
    shapes = base.shapes
    assert beyond(shapes) == ""
    ours, theirs = results(Request(base.ntriples, base.ontology, shapes))
    assert ours == theirs
    assert ours.total() > 20


def test_every_term_that_is_trusted_is_generated() -> None:
    """Else the list could grow by a term that nobody has compared."""
    source = Path(__file__).with_name("generating.py").read_text()
    missing = {name for term in TERMS if (name := term.rpartition("#")[2]) not in source}
    assert missing == {"qualifiedMinCount", "qualifiedMaxCount"}, "these two are put together there"


def test_shapes_are_left_as_they_are() -> None:
    """Who checks next shares them."""
    shapes, ontology = parse(HEAD + ":s sh:targetClass :A ; sh:nodeKind sh:IRI ."), parse(HEAD + ":A a owl:Class .")
    before = {*shapes}, {*ontology}
    results(Request(f"_:one <{RDF.type}> <urn:x:A> .\n", ontology, shapes))
    assert ({*shapes}, {*ontology}) == before


def test_blank_nodes_keep_their_names() -> None:
    """Also those that the shapes have, and one that is nested in another."""
    shapes = parse(
        HEAD + ":s sh:targetSubjectsOf :p ; sh:nodeKind sh:IRI ; sh:property [ sh:path :p ; sh:maxCount 0 ] ."
    )
    data = '_:one <urn:x:p> _:two .\n_:two <urn:x:p> "a _:three ." .\n'
    ours, theirs = results(Request(data, parse(""), shapes))
    assert ours == theirs
    assert sorted(found[0] for found in ours) == ["_:one", "_:one", "_:two", "_:two"]


def test_the_ontology_is_mixed_into_the_data_as_pyshacl_does_it() -> None:
    """Its classes and axioms, and what they say of each other; not what it says of anything else."""
    ontology = parse(HEAD + ":B rdfs:subClassOf :A . :A a owl:Class . :loose :p 1 . :i a owl:NamedIndividual, :B .")
    shapes = parse(HEAD + ":s sh:targetClass :A ; sh:nodeKind sh:Literal . :t sh:targetSubjectsOf :p ; sh:in ( 1 ) .")
    ours, theirs = results(Request("<urn:x:a> a <urn:x:B> .\n".replace(" a ", f" <{RDF_TYPE}> "), ontology, shapes))
    assert ours == theirs
    assert {found[0] for found in ours} == {"<urn:x:a>", "<urn:x:i>"}


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
