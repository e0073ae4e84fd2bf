"""Every inferred statement has a proof, and each of its steps is what its rule says (OWL 2 Profiles, section 4.3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import owlrl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from server.errors import AkbError
from server.inference.closure import close, closed_axioms
from server.inference.facts import Facts, Triple, axioms_of, choose, triple_of, written
from server.inference.index import Index
from server.inference.literals import Literals
from server.inference.proofs import Proof, Prover, Rules
from server.inference.reference import ReferenceClosure
from server.inference.rules import MEANINGS
from server.turtle.base import Base
from server.turtle.parsing import parse
from server.turtle.reader import read_base
from tests.inference.test_differences import AXIOMS, FACTS, base_of
from tests.made import NAMESPACES
from tests.thorough import NIGHTLY, examples, part

REPOSITORY = Path(__file__).parent.parent.parent


class Proofs:
    """Proofs of what is inferred in a base."""

    def __init__(self, base: Base) -> None:
        self.facts: Facts = choose(base.ntriples, base.ontology, base.namespaces)
        self.inferred = [triple_of(line) for line in close(base).inferred.splitlines()]
        lines, axioms = set(self.facts.lines), set(self.facts.axioms)
        self.axioms = Index(axioms)
        rules = (Rules(self.axioms), Rules(closed_axioms(self.facts.axioms, self.facts.literals)))
        known = Index((*map(triple_of, lines), *axioms, *self.inferred))
        self.is_asserted = lambda triple: written(triple) in lines or triple in axioms
        self.prover = Prover(known, self.is_asserted, rules, is_whole=False)

    def prove(self, triple: Triple) -> Proof:
        proof = self.prover.prove(triple)
        assert proof is not None, triple
        return proof


_FOLLOWED: dict[tuple[str, ...], bool] = {}


def follows(step: Proof, axioms: Index) -> bool:
    """Tell whether owlrl concludes what a step does from its premises and axioms alone, each shape of a step once."""
    used = [*step.axioms, *(triple for head in step.lists for triple in axioms.list_triples(head))]
    names: dict[str, str] = {}
    terms_of_axioms = {term for triple in used for term in triple}

    def shape(triple: Triple) -> str:
        return written(
            tuple(  # type: ignore[arg-type]
                term if term in terms_of_axioms or at == 1 else names.setdefault(term, f"urn:shape:{len(names)}")
                for at, term in enumerate(triple)
            )
        )

    premises = [shape(premise.triple) for premise in step.premises]
    key = (*premises, *map(written, used), shape(step.triple))
    if key not in _FOLLOWED:
        graph = Graph().parse(data="\n".join(key[:-1]) + "\n", format="nt")
        owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False).closure()
        _FOLLOWED[key] = next(iter(Graph().parse(data=key[-1], format="nt"))) in graph
    return _FOLLOWED[key]


@pytest.fixture(scope="module")
def ours(make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Proofs:
    """Proofs of what is inferred in the small base; in a nightly run, in our own."""
    root = REPOSITORY if NIGHTLY else make_base(tmp_path_factory.mktemp("proofs") / "base")
    return Proofs(read_base(root, NAMESPACES))


def test_inferred_statements_of_a_base_have_proofs(ours: Proofs) -> None:
    assert len(ours.inferred) > (5000 if NIGHTLY else 500)
    steps: set[Proof] = set()
    for triple in part(sorted(ours.inferred), 400):
        proof = ours.prove(triple)
        assert proof.steps()
        assert all(map(ours.is_asserted, proof.leaves()))
        concluded = set(proof.leaves())
        for step in proof.steps():
            assert {premise.triple for premise in step.premises} <= concluded, "each step rests on what was before"
            concluded.add(step.triple)
            steps.add(step)
    assert all(follows(step, ours.axioms) for step in steps)


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(st.lists(st.one_of(*AXIOMS.values()), max_size=5), st.lists(FACTS, min_size=2, max_size=7))
def test_what_follows_of_any_rule_has_a_proof(axioms: list[str], facts: list[str]) -> None:
    base = base_of(axioms, facts)
    try:
        proofs = Proofs(base)
    except AkbError:
        assume(False)
    whole = ReferenceClosure(proofs.facts)
    prover = Prover(whole, proofs.is_asserted, (Rules(proofs.axioms), Rules(whole.schema())))
    for triple in proofs.inferred:
        proof = prover.prove(triple)
        assert proof is not None, triple
        assert all(step.rule in MEANINGS for step in proof.steps())


def test_of_several_reasons_the_shortest_is_given() -> None:
    ontology = "@prefix : <urn:x:> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    ontology += ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :p rdfs:domain :C ."
    axioms = Index(axioms_of(parse(ontology), Literals()))
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    asserted = {("urn:x:a", kind, "urn:x:A"), ("urn:x:a", "urn:x:p", "urn:x:b")}
    known = Index((*asserted, ("urn:x:a", kind, "urn:x:B"), ("urn:x:a", kind, "urn:x:C")))
    proof = Prover(known, asserted.__contains__, (Rules(axioms),)).prove(("urn:x:a", kind, "urn:x:C"))
    assert proof is not None
    assert [step.rule for step in proof.steps()] == ["prp-dom"]
    assert Prover(known, asserted.__contains__, (Rules(axioms),)).prove(("urn:x:b", kind, "urn:x:C")) is None
