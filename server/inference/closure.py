"""Computes what follows from the asserted triples and the ontology (OWL 2 RL/RDF rules, OWL 2 Profiles 4.3).

The rules run over the entities' types and plain triples, not over edge nodes, reviews and texts: nothing follows
from those, and owlrl's cost grows with every triple.
"""

from __future__ import annotations

from dataclasses import dataclass

import owlrl
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from ..records.releases import Conflict
from ..turtle.edges import VOCAB
from ..turtle.reader import Base
from .contradictions import conflicts_in
from .local import Local

_TRIVIAL = {OWL.Thing, RDFS.Resource, OWL.NamedIndividual}


@dataclass(frozen=True)
class Closure:
    """What was inferred about entities, without what was asserted, and what contradicts itself."""

    inferred: Graph
    conflicts: tuple[Conflict, ...]


def close(base: Base) -> Closure:
    """Return the inferred facts about the entities of a base, or the conflicts that forbid them.

    That a thing is the same as itself, or a thing at all, is left out: it follows of everything.
    """
    facts = _facts(base)
    entities = set(facts.subjects())
    entities |= {object_ for predicate, object_ in facts.predicate_objects() if predicate != RDF.type}
    working = Graph(bind_namespaces="none")
    working += _axioms(base.ontology)
    working += facts
    rules = owlrl.OWLRL_Semantics(working, axioms=False, daxioms=False, rdfs=False)
    rules.closure()
    if rules.error_messages:
        return Closure(Graph(), conflicts_in(base, facts, working, tuple(rules.error_messages)))
    inferred = Graph(bind_namespaces="none")
    for subject, predicate, object_ in working:
        if (
            subject in entities
            and (subject, predicate, object_) not in base.asserted
            and (subject, predicate, object_) not in base.ontology
            and isinstance(object_, URIRef)
            and not _is_trivial(subject, predicate, object_)
        ):
            inferred.add((subject, predicate, object_))
    return Closure(inferred, ())


def contradictions(base: Base) -> tuple[Conflict, ...]:
    """Return what contradicts itself in a base, the quick way where the ontology allows it, else by the closure."""
    facts = _facts(base)
    local = Local(_axioms(base.ontology))
    if local.covers(facts):
        return conflicts_in(base, facts, local.closed(), tuple(local.errors(facts)))
    return close(base).conflicts


def is_local(ontology: Graph) -> bool:
    """Tell whether each contradiction that an ontology allows stands between a node and the triples that name it.

    That holds of facts which do not speak of the logic itself, as a file of `kb/` never should.
    """
    return Local(_axioms(ontology)).covers(Graph())


def _axioms(ontology: Graph) -> Graph:
    """Return the part of an ontology that rules can act on: labels, definitions and examples entail nothing."""
    axioms = Graph(bind_namespaces="none")
    for subject, predicate, object_ in ontology:
        if str(predicate).startswith((str(RDF), str(RDFS), str(OWL))) and not isinstance(object_, Literal):
            axioms.add((subject, predicate, object_))
    return axioms


def _facts(base: Base) -> Graph:
    asserted = base.asserted
    others = {*asserted.subjects(RDF.type, VOCAB.Edge), *asserted.subjects(RDF.type, VOCAB.Review)}
    facts = Graph(bind_namespaces="none")
    for subject, predicate, object_ in asserted:
        # What an item of another base is the same as tells nothing here, and would only say all twice.
        is_elsewhere = predicate == OWL.sameAs and not str(object_).startswith(base.namespaces.base)
        if subject in others or not isinstance(object_, URIRef) or predicate == VOCAB.status or is_elsewhere:
            continue
        facts.add((subject, predicate, object_))
    return facts


def _is_trivial(subject: Node, predicate: Node, object_: Node) -> bool:
    if predicate == RDF.type:
        return object_ in _TRIVIAL
    return predicate == OWL.sameAs and subject == object_
