"""Answers as nanopublications: the rules of nanopub.net's Guidelines, and Trusty URIs of the module RA."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox
import pytest
from rdflib.namespace import DCTERMS, PROV, RDF

from server.formats.nanopublications import NP, Nanopublication, Published, nanopublication, trusty_code
from server.records.answers import answer_of

ABOUT = Published(
    address="https://example.org/kb/answers?query=SELECT+%2A&at=0123",
    title="A question\nof two lines",
    query='SELECT * { ?s ?p "\\ue000 \\\\" }',
    dataset="https://example.org/kb/dataset",
    at="2026-11-20T12:00:00Z",
    revision="0123",
    state="ab" * 32,
    publisher="https://example.org/me",
    licences=("https://creativecommons.org/licenses/by/4.0/",),
)
SOLUTIONS = answer_of("solutions", '?a\t?b\n<urn:a>\t"x"@en\n<urn:b>\t\n')
ROWS = [("<urn:a>", '"x\\n\\"\\u00E9\\\\"@en'), ("<urn:b>", "")]
TRIPLES = answer_of("triples", '<urn:a> <urn:p> "1" .\n_:x <urn:p> _:x .\n')
MADE = {
    "solutions": nanopublication(SOLUTIONS, ROWS, ABOUT),
    "boolean": nanopublication(answer_of("boolean", "true"), [], ABOUT),
    "triples": nanopublication(TRIPLES, [("<urn:a>", "<urn:p>", '"1"'), ("_:b1", "<urn:p>", "_:b2")], ABOUT),
    "nothing": nanopublication(answer_of("triples", ""), [], ABOUT),
}


CODES = {
    "solutions": "RAK6gXO67fvrKWcHZslB4UHSAao3yHbcmP3L8thJiaB4g",
    "boolean": "RAYTLOWuxAmsi2UDFzg8ZXbblRP86KNbpaX-dXNOniJa0",
    "triples": "RA9Z9GAqCAhxLvp0nog3I2IOPr81uqwvSBYz7HukV6MVk",
    "nothing": "RAcEbOcpvSAgutt7ArUPhQZ1hg2gdnJJDJKDZZIfz8UCA",
}
"""Computed from what is written by another implementation, `nanopub` 2.0.1 of PyPI."""


def quads(made: Nanopublication) -> list[tuple[ox.NamedNode, ...]]:
    read = ox.parse(made.nquads.encode(), format=ox.RdfFormat.N_QUADS)
    return [(quad.subject, quad.predicate, quad.object, quad.graph_name) for quad in read]


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_the_rules_of_the_guidelines_are_kept(made: Nanopublication) -> None:
    """Guidelines, "Well-formed nanopublications": one head, three parts, each a graph with what it must say."""
    graphs = defaultdict(set)
    for s, p, o, g in quads(made):
        graphs[g].add((s, p, o))
    this, node = ox.NamedNode(made.iri), ox.NamedNode
    typed = (this, node(str(RDF.type)), node(f"{NP}Nanopublication"))
    [head] = [g for g, triples in graphs.items() if typed in triples]
    parts = {
        name: [o for s, p, o in graphs[head] if (s, p) == (this, node(NP + name))]
        for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo")
    }
    assert all(len(found) == 1 for found in parts.values())
    [[assertion], [provenance], [info]] = parts.values()
    assert len({this, head, assertion, provenance, info}) == 5
    assert set(graphs) == {head, assertion, provenance, info}, "and no graph beside them, each with a triple"
    assert any(s == assertion for s, _, _ in graphs[provenance])
    assert any(s == this for s, _, _ in graphs[info])
    assert [o.value for s, p, o in graphs[info] if (s, p) == (this, node(str(DCTERMS.created)))] == [ABOUT.at]
    assert (this, node(str(PROV.wasAttributedTo)), node(ABOUT.publisher)) in graphs[info]
    query = [o.value for _, p, o in graphs[provenance] if p.value.startswith("http://www.w3.org/ns/shacl#")]
    assert query == [ABOUT.query]


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_there_are_no_blank_nodes_and_the_iri_leads_to_the_answer(made: Nanopublication) -> None:
    assert "_:" not in made.nquads
    address, _, code = made.iri.partition("#")
    assert address == ABOUT.address
    assert code.startswith("RA")
    assert len(code) == 45


def test_the_hash_is_what_other_implementations_compute() -> None:
    assert {name: made.iri[-45:] for name, made in MADE.items()} == CODES


def test_the_hash_does_not_depend_on_order_or_repetition_and_on_everything_else() -> None:
    said = [(f"<urn:{g}>", "<urn:s>", "<urn:p>", o) for g in "ab" for o in ('"1"', '"1"@en', "<urn:o>")]
    assert trusty_code(said) == trusty_code([*reversed(said), *said])
    assert len({trusty_code(said[:place] + said[place + 1 :]) for place in range(len(said))}) == len(said)


def test_an_unbound_variable_has_no_binding() -> None:
    bound = [o for _, p, o, _ in quads(MADE["solutions"]) if p.value.endswith("#value")]
    assert bound == [ox.NamedNode("urn:a"), ox.Literal('x\n"é\\', language="en"), ox.NamedNode("urn:b")]
