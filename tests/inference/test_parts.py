"""The closure in parts is the closure of the whole (OWL 2 Profiles, section 4.3)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.inference import parts
from server.inference.closure import close
from server.inference.facts import choose
from server.inference.fast import beyond
from server.turtle.base import Base
from tests.inference.test_differences import AXIOMS, FACTS, base_of
from tests.pools import PicklingPool
from tests.thorough import examples

LOCAL = (
    *("prp-dom", "prp-rng", "prp-irp", "prp-symp", "prp-asyp", "prp-trp", "prp-spo1", "prp-inv"),
    *("cax-sco", "cax-dw", "cax-adc", "domain of data", "range of data", "data under data"),
)
"""The rules of a local ontology."""


def in_parts(base: Base, size: int) -> parts.PartedClosure | None:
    facts = choose(base.ntriples, base.ontology, base.namespaces)
    return parts.close_in_parts(facts, base.ontology, PicklingPool(), size)


def test_our_base_in_parts(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our ontology has a transitive property, and says something of literals."""
    monkeypatch.setattr(parts, "SENT", 100)
    pool = PicklingPool()
    assert close(base, pool=pool) == close(base)
    assert len(pool.sizes[0]) > 3


@pytest.mark.parametrize("rule", LOCAL)
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_parts_of_generated_facts(rule: str, data: st.DataObject) -> None:
    others = st.lists(st.one_of(*(AXIOMS[name] for name in LOCAL)), max_size=4)
    base = base_of([data.draw(AXIOMS[rule]), *data.draw(others)], data.draw(st.lists(FACTS, min_size=3, max_size=12)))
    if not beyond(choose(base.ntriples, base.ontology, base.namespaces)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "SENT", 2)
            assert close(base, pool=PicklingPool()) == close(base)


def test_transitive_facts_in_other_parts_are_joined() -> None:
    """With prp-trp on facts that prp-spo1 and prp-inv1 give, and prp-spo1 on what follows."""
    chain = "\n".join(f":m{number} :p0 :m{number + 1} ." for number in range(0, 30, 2))
    chain += "\n".join(f" :m{number + 1} :p1 :m{number} ." for number in range(1, 30, 2))
    axioms = [
        ":p2 a owl:TransitiveProperty ; rdfs:subPropertyOf :p3 .",
        ":p0 rdfs:subPropertyOf :p2 . :p1 owl:inverseOf :p2 .",
    ]
    base = base_of(axioms, [chain])
    closed = in_parts(base, 5)
    assert closed is not None
    assert "<urn:x:m0> <urn:x:p3> <urn:x:m30> ." in closed.found
    assert {line for line in close(base).inferred.splitlines() if "m0> <urn:x:p" in line} <= closed.found


@pytest.mark.parametrize(
    ("axiom", "fact"),
    [
        (":p0 a owl:FunctionalProperty .", ""),
        ("", ":n0 owl:sameAs :n1 ."),
        (":p0 a owl:AsymmetricProperty .", ":n0 :p0 :n1 . :n1 :p0 :n0 ."),
        (":p0 rdfs:domain :C0 . :p1 rdfs:range :C1 . :C0 owl:disjointWith :C1 .", ":n0 :p0 :n1 . :n2 :p1 :n0 ."),
        (":d0 rdfs:range xsd:integer .", ':n0 :d0 "a" .'),
    ],
)
def test_what_the_whole_must_tell(axiom: str, fact: str) -> None:
    facts = [fact, *(f":m{number} a :C2 ." for number in range(20))]
    base = base_of([axiom], facts)
    assert in_parts(base, 3) is None
    assert in_parts(base_of([":p0 rdfs:domain :C0 ."], facts[1:]), 3) is not None
