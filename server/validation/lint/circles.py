"""Circles in relations that lead upward: a thing that is, by several steps, a part of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from rdflib import OWL, RDF, SKOS, Graph, URIRef
from rdflib.term import Node

from ...namespaces import Namespaces
from ...records import Finding, Severity
from ...turtle.edges import VOCAB
from ..locating import Locator
from ..rule_text import RuleText

CIRCLE = RuleText(
    "circle",
    "Nothing is, by several steps of one relation, a part, a kind or a forerunner of itself.",
    "{property} runs in a circle: {path}.",
    "delete the step that is wrong, or turn it round.",
    Severity.VIOLATION,
)

RULES = (CIRCLE,)

_UPWARD = frozenset(
    (
        VOCAB.specializes,
        VOCAB.extends,
        VOCAB.requires,
        VOCAB.buildsOn,
        VOCAB.replicates,
        VOCAB.mergedInto,
        SKOS.broader,
    )
)
"""Relations that go one way only, beside those that the ontology calls transitive."""


def circle_findings(graph: Graph, ontology: Graph, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield one breach for each circle.

    In an asymmetric relation a circle of one step or two is a contradiction, which inference reports.
    """
    transitive = set(ontology.subjects(RDF.type, OWL.TransitiveProperty))
    upward = {node for node in transitive - set(ontology.subjects(OWL.inverseOf, None)) if isinstance(node, URIRef)}
    upward -= set(ontology.subjects(RDF.type, OWL.SymmetricProperty))
    for property_ in sorted(upward | _UPWARD):
        asymmetric = (property_, RDF.type, OWL.AsymmetricProperty) in ontology
        for circle in circles(graph.subject_objects(property_)):
            if len(circle) > 2 or not asymmetric:
                yield circle_finding(CIRCLE, property_, circle, namespaces, locator)


def circle_finding(
    rule: RuleText, property_: URIRef, circle: list[Node], namespaces: Namespaces, locator: Locator
) -> Finding:
    """Return the finding of a circle, at its first step."""
    steps = [namespaces.compact(str(node)) for node in (*circle, circle[0])]
    if len(steps) > 8:
        steps[4:-3] = [f"… {len(steps) - 7} more …"]
    return rule.broken_by(
        locator,
        str(circle[0]),
        str(property_),
        str(circle[1 % len(circle)]),
        property=namespaces.compact(str(property_)),
        path=" -> ".join(steps),
    )


def circles(steps: Iterable[tuple[Node, Node]]) -> Iterator[list[Node]]:
    """Yield circles among the steps, each from its first node in order, until none is left unbroken."""
    before: dict[Node, set[Node]] = defaultdict(set)
    for start, end in steps:
        before[end].add(start)
    while True:
        try:
            TopologicalSorter({end: sorted(before[end], key=str) for end in sorted(before, key=str)}).prepare()
        except CycleError as error:
            circle = error.args[1][:-1]
            first = circle.index(min(circle, key=str))
            circle = circle[first:] + circle[:first]
            yield circle
            # Without its last step the circle is broken, and the next one comes to light.
            before[circle[0]].discard(circle[-1])
        else:
            return
