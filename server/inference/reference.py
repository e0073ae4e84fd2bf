"""The reference engine: owlrl, slow and long proven, with the rule that it gets wrong put right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

import owlrl
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.term import Node

from ..turtle.lists import items
from ..turtle.parsing import graph_of
from .facts import AS_WRITTEN, CARDINALITIES, DIFFERENT, LOGIC, SAME, TYPE, Facts, Triple, written
from .index import Binding, Index, Pattern


class _Rules(owlrl.OWLRL_Semantics):  # type: ignore[misc]  # owlrl has no types
    """The rules of owlrl, but for prp-key.

    owlrl 7.6 does not look at the last property of a key: with a key of one property, any two members are the same.
    """

    def _properties(self, triple: tuple[Node, Node, Node], cycle_num: int) -> None:
        class_, predicate, keys = triple
        if predicate != OWL.hasKey:
            super()._properties(triple, cycle_num)
            return
        graph: Graph = self.graph
        names = list(items(graph, keys))
        members = set(graph.subjects(RDF.type, class_)) if names else set()
        values = {(one, name): set(graph.objects(one, name)) for one in members for name in names}
        for one in members:
            for other in members:
                if one != other and all(values[one, name] & values[other, name] for name in names):
                    self.store_triple((one, OWL.sameAs, other))


class ReferenceClosure:
    """The closure of facts under an ontology, by owlrl."""

    def __init__(self, facts: Facts) -> None:
        # rdflib's own reader of N-Triples refuses IRIs with spaces other than U+0020, which are IRIs (RFC 3987).
        graph = graph_of("\n".join((*facts.lines, *map(written, facts.axioms), "")))
        rules: Any = _Rules(graph, axioms=False, daxioms=False, rdfs=False)
        rules.closure()
        self.finds_fault = bool(rules.error_messages)
        """Whether the engine itself says that something contradicts itself."""
        # owlrl writes its errors into the graph, as blank nodes.
        nodes = (triple for triple in graph if all(isinstance(term, URIRef) for term in triple))
        cardinalities = (axiom for axiom in facts.axioms if axiom[1] in CARDINALITIES)
        self._index = Index((*(_strings(triple) for triple in nodes), *cardinalities))
        self._facts = facts

    def lines(self, known: Set[str]) -> list[str]:
        """Return the triples between nodes that are not known, as lines of N-Triples, each once."""
        lines = (written(triple) for triple in self._index if not triple[2].startswith('"'))
        return [line for line in lines if line not in known]

    def schema(self) -> Index:
        """Return what the closure says in the terms of the logic itself."""
        written_ones = [axiom for axiom in self._facts.axioms if axiom[1] in AS_WRITTEN]
        return schema_of((*(triple for triple in self._index if triple[1] not in AS_WRITTEN), *written_ones))

    def classes(self) -> set[str]:
        """Return the classes that have a member."""
        return {class_ for _, class_ in self._index.pairs(TYPE)}

    def solutions(self, patterns: Sequence[Pattern]) -> Iterable[Binding]:
        """Return each way to fill the variables so that all patterns are in the closure."""
        return self._index.solutions(patterns)


def schema_of(triples: Iterable[Triple]) -> Index:
    """Return those triples that say something in the terms of the logic itself."""
    return Index(
        triple
        for triple in triples
        if (triple[1].startswith(LOGIC) and triple[1] not in {TYPE, SAME, DIFFERENT})
        or (triple[1] == TYPE and triple[2].startswith(LOGIC))
    )


def _strings(triple: tuple[Node, Node, Node]) -> Triple:
    subject, predicate, value = triple
    return str(subject), str(predicate), str(value)
