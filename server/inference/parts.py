"""The closure in parts, by a pool, of an ontology whose rules need one fact each, those of transitive properties aside.

Where an ontology is local (`local.py`), each rule that gives a fact has one fact and axioms in its body (cax-sco,
prp-dom, prp-rng, prp-spo1, prp-inv1, prp-inv2, prp-symp of OWL 2 Profiles, section 4.3); only prp-trp has two. So the
closure of the whole is the union of the closures of parts, if one of these has all facts from which those of transitive
properties follow. What forbids something (cax-dw, cax-adc, prp-asyp, prp-irp) has at most two facts, which share a
node, and never needs one that only prp-trp gives: the part with all facts that name the node finds it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from rdflib import OWL, RDF, RDFS, Graph
from rdflib.term import Node

from ..records.pool import Pool
from .contradictions import has_conflicts
from .facts import SAME, TYPE, Facts, Triple
from .fast import FastClosure
from .literals import Literals, is_literal
from .local import is_local

SENT: Final = 50_000
"""Up to about this many facts are sent to one worker."""
_TYPE, _SAME = f"<{TYPE}>", f"> <{SAME}> <"


@dataclass(frozen=True)
class Part:
    """Some facts, with all that a worker needs to close them."""

    lines: Sequence[str]
    axioms: Sequence[Triple]
    literals: Literals


@dataclass(frozen=True)
class PartedClosure:
    """What follows by the closures of all parts."""

    found: Set[str]

    def lines(self, known: Set[str]) -> list[str]:
        """Return the triples that are not known, as lines of N-Triples, each once."""
        return list(self.found - known)


def close_in_parts(facts: Facts, ontology: Graph, pool: Pool, size: int = 0) -> PartedClosure | None:
    """Return what follows from facts, by a pool in parts of up to about `size` facts, or SENT.

    Return None where the whole must be closed at once: the ontology is not local, there is too little to share out, or
    something contradicts itself, of which the whole is to tell. Raises RemoteError when the workers fail.
    """
    count = -(-len(facts.lines) // (size or SENT))
    if count < 2 or not is_local(ontology) or any(_SAME in line for line in facts.lines):
        return None
    lines: list[list[str]] = [[] for _ in range(count + 1)]
    joined = {one.n3() for one in _leading_to_transitive(ontology)}
    for line in facts.lines:
        subject, predicate, value = line[:-2].split(" ", 2)
        # A type says nothing of the class.
        for owner in {_owner(subject, count), _owner(subject if predicate == _TYPE else value, count)}:
            lines[owner].append(line)
        if predicate in joined:
            lines[count].append(line)
    found: set[str] = set()
    for inferred in pool.map(inferred_of, [_part(facts, one) for one in lines if one]):
        if inferred is None:
            return None
        found.update(inferred)
    return PartedClosure(found)


def inferred_of(part: Part) -> list[str] | None:
    """Return what follows from the facts of a part about their nodes; None where something contradicts itself."""
    facts = Facts(list(part.axioms), part.literals, list(part.lines))
    closure = FastClosure(facts)
    if has_conflicts(facts, closure):
        return None
    nodes = {term for line in part.lines for term in (line.split(" ", 1)[0], line[:-2].rsplit(" ", 1)[1])}
    return [line for line in closure.lines(set(part.lines)) if line[: line.index(" ")] in nodes]


def _part(facts: Facts, lines: Sequence[str]) -> Part:
    values = {value for line in lines if is_literal(value := line[:-3].rsplit(" <", 1)[1])}
    return Part(lines, facts.axioms, facts.literals.some(values))


def _leading_to_transitive(ontology: Graph) -> set[Node]:
    """Return the properties whose facts may give facts of a transitive property, by way of others or by themselves."""
    found = set(ontology.subjects(RDF.type, OWL.TransitiveProperty))
    rest = list(found)
    while rest:
        one = rest.pop()
        for near in (
            *ontology.subjects(RDFS.subPropertyOf, one),
            *ontology.subjects(OWL.inverseOf, one),
            *ontology.objects(one, OWL.inverseOf),
        ):
            if near not in found:
                found.add(near)
                rest.append(near)
    return found


def _owner(term: str, count: int) -> int:
    return crc32(term.encode()) % count
