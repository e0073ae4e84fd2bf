"""Explains a contradiction: owlrl says that there is one, this names the two statements that make it.

owlrl reports each broken rule as a sentence with the IRIs in it. From those we know the rule and the nodes;
the statements are then looked for among the asserted ones, following what a single statement entails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from ..records.releases import Conflict
from ..turtle.reader import Base

_DISJOINT = re.compile(r"Disjoint classes (\S+) and (\S+) have a common individual (\S+)")
_ASYMMETRIC = re.compile(r"Erroneous usage of asymmetric property (\S+) on (\S+) and (\S+)")
_IRREFLEXIVE = re.compile(r"Irreflexive property used on (\S+) with (\S+)")

Triple = tuple[Node, Node, Node]


def conflicts_in(base: Base, facts: Graph, closed: Graph, errors: tuple[str, ...]) -> tuple[Conflict, ...]:
    """Return a conflict for each error, without repetitions: the same pair is often found from both ends.

    `facts` is what was asserted, `closed` the closure so far.
    """
    explain = _Explainer(base, facts, closed)
    found = {explain.conflict(error) for error in errors}
    # An inverse or a super-property breaks the same rule on the same statements: the plainest mention is enough.
    plainest_last = sorted(found, key=lambda conflict: (-len(conflict.axiom), conflict.axiom, conflict.focus))
    unique = {(conflict.first, conflict.second): conflict for conflict in plainest_last}
    return tuple(sorted(unique.values(), key=lambda conflict: (conflict.first, conflict.second)))


@dataclass(frozen=True, order=True)
class _Statement:
    """One of the statements that contradict each other, as a conflict shows it."""

    shown: str
    triple: tuple[str, str, str]
    is_asserted: bool


class _Explainer:
    def __init__(self, base: Base, facts: Graph, closed: Graph) -> None:
        self._base = base
        self._facts = facts
        self._closed = closed

    def conflict(self, error: str) -> Conflict:
        """Turn one of owlrl's sentences into a conflict."""
        if match := _DISJOINT.search(error):
            node = URIRef(match[3])
            one, other = sorted((URIRef(match[1]), URIRef(match[2])))
            return self._conflict(
                f"{self._name(one)} and {self._name(other)} are disjoint, and {self._name(node)} would be both",
                node,
                self._why_type(node, one),
                self._why_type(node, other),
            )
        if match := _ASYMMETRIC.search(error):
            predicate, one, other = (URIRef(part) for part in match.groups())
            return self._conflict(
                f"{self._name(predicate)} is asymmetric: it cannot hold both ways",
                min(one, other),
                self._why_triple(one, predicate, other),
                self._why_triple(other, predicate, one),
            )
        if match := _IRREFLEXIVE.search(error):
            node, predicate = (URIRef(part) for part in match.groups())
            why = self._why_triple(node, predicate, node)
            return self._conflict(f"{self._name(predicate)} is irreflexive: nothing has it to itself", node, why, why)
        return Conflict(error, "", "")

    def _conflict(self, axiom: str, focus: URIRef, *statements: _Statement) -> Conflict:
        first, second = sorted(statement.shown for statement in statements)
        asserted = [statement.triple for statement in sorted(statements) if statement.is_asserted]
        # An edge is more easily wrong than a type.
        likelier = sorted(asserted, key=lambda triple: triple[1] == str(RDF.type))
        return Conflict(axiom, first, second, str(focus), likelier[0] if likelier else None)

    def _why_type(self, node: URIRef, class_: URIRef) -> _Statement:
        """Return the asserted statement from which it follows that `node` is a `class_`."""
        for triple in self._about(node):
            if any(self._is_under(given, class_) for given in self._types_from(triple, node)):
                return self._statement(triple)
        return self._inferred((node, RDF.type, class_))

    def _why_triple(self, subject: URIRef, predicate: URIRef, object_: URIRef) -> _Statement:
        """Return the asserted statement that entails a triple alone: a sub-property or an inverse of it."""
        for triple in self._about(subject):
            if (subject, predicate, object_) in set(self._entailed(triple)):
                return self._statement(triple)
        return self._inferred((subject, predicate, object_))

    def _about(self, node: URIRef) -> list[Triple]:
        # A type that is asserted explains more than one that follows from a predicate.
        triples = {*self._facts.triples((node, None, None)), *self._facts.triples((None, None, node))}
        return sorted(triples, key=lambda triple: (triple[1] != RDF.type, triple))

    def _types_from(self, triple: Triple, node: URIRef) -> Iterator[Node]:
        if triple[1] == RDF.type and triple[0] == node:
            yield triple[2]
        for subject, predicate, object_ in self._entailed(triple):
            if subject == node:
                yield from self._closed.objects(predicate, RDFS.domain)
            if object_ == node:
                yield from self._closed.objects(predicate, RDFS.range)

    def _entailed(self, triple: Triple) -> Iterator[Triple]:
        """Yield the triple, and those that follow from it by super-properties and inverses."""
        seen: set[Triple] = set()
        queue = [triple]
        while queue:
            current = queue.pop()
            if current in seen:
                continue
            seen.add(current)
            yield current
            subject, predicate, object_ = current
            queue += [(subject, wider, object_) for wider in self._closed.objects(predicate, RDFS.subPropertyOf)]
            inverses = {
                *self._closed.objects(predicate, OWL.inverseOf),
                *self._closed.subjects(OWL.inverseOf, predicate),
            }
            queue += [(object_, inverse, subject) for inverse in inverses]
            if (predicate, RDF.type, OWL.SymmetricProperty) in self._closed:
                queue.append((object_, predicate, subject))

    def _is_under(self, given: Node, class_: Node) -> bool:
        return given == class_ or (given, RDFS.subClassOf, class_) in self._closed

    def _statement(self, triple: Triple) -> _Statement:
        file = next((file.path for file in self._base.all_files if triple in file.graph), "")
        shown = f"{self._show(triple)} ({file})" if file else self._show(triple)
        return _Statement(shown, _strings(triple), is_asserted=True)

    def _inferred(self, triple: Triple) -> _Statement:
        return _Statement(f"{self._show(triple)} (inferred)", _strings(triple), is_asserted=False)

    def _show(self, triple: Triple) -> str:
        subject, predicate, object_ = triple
        verb = "a" if predicate == RDF.type else self._name(predicate)
        return f"{self._name(subject)} {verb} {self._name(object_)}"

    def _name(self, node: Node) -> str:
        return self._base.namespaces.compact(str(node))


def _strings(triple: Triple) -> tuple[str, str, str]:
    subject, predicate, object_ = (str(term) for term in triple)
    return subject, predicate, object_
