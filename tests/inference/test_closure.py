"""The OWL 2 RL closure (OWL 2 Profiles, section 4.3; the rule names below are its)."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from server.inference.closure import Closure, close
from server.namespaces import SCHEMA
from server.turtle.base import Base
from server.turtle.edges import VOCAB
from server.turtle.parsing import parse
from server.turtle.reader import read_base
from tests.made import NAMESPACES


def node(curie: str) -> URIRef:
    return URIRef(NAMESPACES.expand(curie))


@pytest.fixture(scope="module")
def closure(base: Base) -> Closure:
    return close(base)


@pytest.mark.parametrize(
    ("rule", "triple"),
    [
        ("prp-inv", (node("concept:goal-misgeneralization"), VOCAB.extendedBy, node("concept:alignment-faking"))),
        ("prp-symp", (node("concept:situational-awareness"), VOCAB.associatedWith, node("concept:alignment-faking"))),
        ("prp-spo1", (node("concept:alignment-faking"), VOCAB.related, node("concept:goal-misgeneralization"))),
        (
            "prp-spo1, mapping",
            (node("concept:evaluation-awareness"), SKOS.broader, node("concept:situational-awareness")),
        ),
        (
            "prp-spo1, mapping",
            (node("thinker:evan-hubinger"), URIRef(SCHEMA + "about"), node("concept:alignment-faking")),
        ),
        ("cax-sco", (node("thinker:evan-hubinger"), RDF.type, VOCAB.Thinker)),
        ("cax-sco, mapping", (node("concept:alignment-faking"), RDF.type, SKOS.Concept)),
    ],
)
def test_a_rule_yields_what_follows(rule: str, triple: tuple[URIRef, URIRef, URIRef], closure: Closure) -> None:
    assert triple in parse(closure.inferred, "nt"), rule


def test_what_is_asserted_or_trivial_is_not_inferred(closure: Closure, base: Base) -> None:
    assert closure.conflicts == ()
    inferred = parse(closure.inferred, "nt")
    assert len(inferred) > 500
    assert set(inferred) & (set(base.asserted) | set(base.ontology)) == set()
    assert OWL.Thing not in set(inferred.objects())
    assert (None, OWL.sameAs, None) not in inferred
    assert closure.inferred.splitlines() == sorted(set(closure.inferred.splitlines()))


def test_only_entities_have_inferred_facts(closure: Closure, base: Base) -> None:
    entities = set(base.asserted.subjects(VOCAB.status, None)) - set(base.asserted.subjects(RDF.type, VOCAB.Edge))
    inferred = parse(closure.inferred, "nt")
    assert set(inferred.subjects()) <= entities
    assert (None, RDFS.subClassOf, None) not in inferred


SPOILS = {
    "disjoint classes": (
        "concept/alignment-faking",
        "concept:alignment-faking a akb:Paper .",
        ["akb:Concept and akb:Paper are disjoint"],
        ["concept:alignment-faking a akb:Concept", "concept:alignment-faking a akb:Paper"],
    ),
    "disjoint by a range": (
        "concept/alignment-faking",
        "concept:alignment-faking akb:measures paper:alignment-faking-in-llms .",
        ["akb:Concept", "akb:Paper", "paper:alignment-faking-in-llms would be both"],
        [
            "concept:alignment-faking akb:measures paper:alignment-faking-in-llms",
            "paper:alignment-faking-in-llms a akb:Paper",
        ],
    ),
    "asymmetric both ways": (
        "concept/goal-misgeneralization",
        "concept:goal-misgeneralization akb:extends concept:alignment-faking .",
        ["is asymmetric"],
        [
            "concept:alignment-faking akb:extends concept:goal-misgeneralization",
            "concept:goal-misgeneralization akb:extends concept:alignment-faking",
        ],
    ),
    "asymmetric through an inverse": (
        "concept/goal-misgeneralization",
        "concept:alignment-faking akb:extendedBy concept:goal-misgeneralization .",
        ["is asymmetric"],
        [
            "concept:alignment-faking akb:extendedBy concept:goal-misgeneralization",
            "concept:alignment-faking akb:extends concept:goal-misgeneralization",
        ],
    ),
    "irreflexive loop": (
        "concept/alignment-faking",
        "concept:alignment-faking akb:extends concept:alignment-faking .",
        ["irreflexive", "asymmetric"],
        ["concept:alignment-faking akb:extends concept:alignment-faking"],
    ),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_contradiction_names_the_statements_and_their_files(name: str, root: Path) -> None:
    file, statement, axioms, statements = SPOILS[name]
    path = root / "kb" / f"{file}.ttl"
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())
    path.write_text(prefixes + path.read_text() + statement + "\n")
    closure = close(read_base(root, NAMESPACES))
    assert closure.inferred == ""
    [conflict] = closure.conflicts
    assert any(axiom in conflict.axiom for axiom in axioms), conflict
    assert [one.text for one in conflict.statements] == sorted(statements)
    assert all(one.file.startswith("kb/") and one.line for one in conflict.statements)
    assert all(one.file.startswith("ontology/") and one.line for one in conflict.axioms)


def test_the_base_of_nothing_closes_to_nothing(root: Path) -> None:
    for path in (root / "kb").rglob("*.ttl"):
        path.unlink()
    closure = close(read_base(root, NAMESPACES))
    assert (closure.inferred, closure.conflicts) == ("", ())
