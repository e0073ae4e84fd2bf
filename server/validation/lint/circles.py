"""Circles in relations that lead upward: a thing that is, by several steps, a part of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from rdflib import OWL, RDF, SKOS, Graph, Literal, URIRef

from ...namespaces import Namespaces
from ...records.findings import Finding, Severity
from ...turtle.base import ByPredicate
from ...turtle.edges import VOCAB
from ...turtle.statements import iri_of, is_iri
from ..locating import Locator
from ..rule_text import RuleText

T = TypeVar("T", bound=Hashable)

CIRCLE = RuleText(
    "circle",
    "Nothing is, by several steps of one relation, a part, a kind or a forerunner of itself.",
    "{property} runs in a circle: {path}.",
    "delete the step that is wrong, or turn it round.",
    Severity.VIOLATION,
)

RULES = (CIRCLE,)


def upward_properties(ontology: Graph) -> list[URIRef]:
    """Return the properties of which no circle should be made.

    That are those that the ontology calls acyclic (`akb:isAcyclic`), the transitive ones, and `skos:broader`, whose
    circles SKOS leaves to checks such as this one (SKOS Reference, section 8.6.8).
    """
    transitive = set(ontology.subjects(RDF.type, OWL.TransitiveProperty))
    upward = {node for node in transitive - set(ontology.subjects(OWL.inverseOf, None)) if isinstance(node, URIRef)}
    upward -= set(ontology.subjects(RDF.type, OWL.SymmetricProperty))
    acyclic = {node for node in ontology.subjects(VOCAB.isAcyclic, Literal(True)) if isinstance(node, URIRef)}
    return sorted(upward | acyclic | {SKOS.broader})


def circle_findings(said: ByPredicate, ontology: Graph, namespaces: Namespaces, locator: Locator) -> Iterator[Finding]:
    """Yield one breach for each circle.

    In an asymmetric relation a circle of one step or two is a contradiction, which inference reports.
    """
    for property_ in upward_properties(ontology):
        asymmetric = (property_, RDF.type, OWL.AsymmetricProperty) in ontology
        steps = ((iri_of(start), iri_of(end)) for start, end in said.get(str(property_), ()) if is_iri(end))
        for circle in circles(steps):
            if len(circle) > 2 or not asymmetric:
                yield circle_finding(CIRCLE, property_, circle, namespaces, locator)


def circle_finding(
    rule: RuleText, property_: URIRef, circle: list[str], namespaces: Namespaces, locator: Locator
) -> Finding:
    """Return the finding of a circle, at its first step."""
    steps = [namespaces.compact(node) for node in (*circle, circle[0])]
    if len(steps) > 8:
        steps[4:-3] = [f"… {len(steps) - 7} more …"]
    return rule.broken_by(
        locator,
        circle[0],
        str(property_),
        circle[1 % len(circle)],
        property=namespaces.compact(str(property_)),
        path=" -> ".join(steps),
    )


def circles(steps: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Yield circles among the steps, each from its first node in order, until none is left unbroken.

    Which circles are found among nodes that lead to one another depends on no other nodes.
    """
    all_steps = set(steps)
    leading: dict[str, set[str]] = defaultdict(set)
    for start, end in all_steps:
        leading[end].add(start)
    for component in strongly_connected_components(all_steps):
        before = {node: leading[node] & component for node in sorted(component)}
        yield from _circles_of_component(before)


def _circles_of_component(before: dict[str, set[str]]) -> Iterator[list[str]]:
    while True:
        try:
            TopologicalSorter({end: sorted(starts) for end, starts in before.items()}).prepare()
        except CycleError as error:
            circle = error.args[1][:-1]
            first = circle.index(min(circle))
            circle = circle[first:] + circle[:first]
            yield circle
            # Without its last step the circle is broken, and the next one comes to light.
            before[circle[0]].discard(circle[-1])
        else:
            return


def strongly_connected_components(steps: Collection[tuple[T, T]]) -> list[set[T]]:
    """Return the sets of nodes that lead to one another, in the order of their first nodes."""
    after, before = _tangle(steps)
    found: list[set[T]] = []
    for node in sorted(after, key=str):
        if node in after:
            ahead, behind = _reached(node, after), _reached(node, before)
            component = ahead & behind
            found.append(component)
            for one in component:
                for end in after.pop(one):
                    before[end].discard(one)
                for start in before.pop(one):
                    after.get(start, set()).discard(one)
    return [component for component in found if len(component) > 1 or (*component, *component) in steps]


def _tangle(steps: Collection[tuple[T, T]]) -> tuple[dict[T, set[T]], dict[T, set[T]]]:
    """Return the steps from each node and to each node, of nodes that are between others only.

    That leaves nothing of most relations: what no step leads to, or away from, is in no circle.
    """
    after: dict[T, set[T]] = defaultdict(set)
    before: dict[T, set[T]] = defaultdict(set)
    for start, end in steps:
        after[start].add(end)
        before[end].add(start)
    loose = [node for node in {*after, *before} if not after[node] or not before[node]]
    while loose:
        node = loose.pop()
        for end in after.pop(node, ()):
            before[end].discard(node)
            if not before[end] and after[end]:
                loose.append(end)
        for start in before.pop(node, ()):
            after[start].discard(node)
            if not after[start] and before[start]:
                loose.append(start)
    return dict(after), dict(before)


def _reached(start: T, steps: dict[T, set[T]]) -> set[T]:
    reached = {start}
    queue = [start]
    while queue:
        following = set(steps.get(queue.pop(), ())) - reached
        reached |= following
        queue += following
    return reached
