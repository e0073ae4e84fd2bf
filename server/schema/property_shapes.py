"""The constraints of the shapes of a base on each property: its name, order, values and cardinality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final, TypeVar

from rdflib import RDF, RDFS, SH, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ..records.languages import is_english
from ..turtle.lists import items

T = TypeVar("T")

_DASH: Final = Namespace("http://datashapes.org/dash#")
_ROLES: Final = {
    _DASH.LabelRole: "label",
    _DASH.DescriptionRole: "description",
    _DASH.IDRole: "id",
    _DASH.DepictionRole: "depiction",
    _DASH.KeyInfoRole: "key info",
}


def in_english(values: Iterable[Node]) -> str:
    """Return the literal among some nodes that is in English or in no language, else any, or nothing."""
    found = sorted(one for one in values if isinstance(one, Literal))
    return str(next((one for one in found if is_english(one.language or "en")), found[0] if found else ""))


@dataclass(frozen=True)
class Limits:
    """What shapes ask of the values of a property of the instances of a class, as far as a form can say it."""

    is_forbidden: bool = False
    is_required: bool = False
    patterns: tuple[str, ...] = ()
    """Regular expressions, each of which a value must match somewhere (SHACL, section 4.4.3)."""
    longest: int | None = None
    """The maximum number of characters."""
    least: Decimal | None = None
    most: Decimal | None = None
    codes: tuple[str, ...] | None = None
    """The IRIs of the allowed codes; None if they are not limited."""

    def __and__(self, other: Limits) -> Limits:
        """Return the limits that both set together."""

        def narrower(choose: Callable[[list[T]], T], first: T | None, second: T | None) -> T | None:
            found = [one for one in (first, second) if one is not None]
            return choose(found) if found else None

        def shared(found: list[tuple[str, ...]]) -> tuple[str, ...]:
            return tuple(one for one in found[0] if all(one in codes for codes in found))

        return Limits(
            self.is_forbidden or other.is_forbidden,
            self.is_required or other.is_required,
            tuple(dict.fromkeys((*self.patterns, *other.patterns))),
            narrower(min, self.longest, other.longest),
            narrower(max, self.least, other.least),
            narrower(min, self.most, other.most),
            narrower(shared, self.codes, other.codes),
        )


LimitsByClasses = tuple[tuple[frozenset[str], Limits], ...]
"""The limits that each shape sets, with the IRIs of the classes that it is about."""


@dataclass(frozen=True)
class PropertyShapes:
    """The property shapes of one property (SHACL, section 2.3), all taken together.

    Those that forbid the property (`sh:maxCount 0`), and those that are deactivated, are not among them.
    """

    graph: Graph
    nodes: tuple[Node, ...] = ()

    @property
    def name(self) -> str:
        """Its `sh:name` in English, else in another language; empty if there is none."""
        return in_english(self._values(SH.name))

    @property
    def order(self) -> float | None:
        """The least `sh:order`; None where there is none."""
        orders = (one.value for one in self._values(SH.order) if isinstance(one, Literal))
        return min((float(one) for one in orders if isinstance(one, int | float | Decimal)), default=None)

    @property
    def role(self) -> str:
        """The role that `dash:propertyRole` gives, as in `PropertyTerm.role`."""
        return next((role for node, role in _ROLES.items() if node in self._values(_DASH.propertyRole)), "")

    @property
    def is_limited(self) -> bool:
        """Whether a shape allows one value only, or one in each language."""
        return any(str(one) == "1" for one in self._values(SH.maxCount)) or any(
            str(one) == "true" for one in self._values(SH.uniqueLang)
        )

    @property
    def is_iri(self) -> bool:
        """Whether the values are IRIs."""
        return SH.IRI in self._values(SH.nodeKind) or bool(self._values(SH["class"])) or bool(self.codes)

    @property
    def has_pattern(self) -> bool:
        """Whether a shape constrains the form of values."""
        return bool(self._values(SH.pattern))

    @property
    def datatypes(self) -> frozenset[str]:
        """The IRIs of the datatypes that values may have, each shape's own or those of its alternatives."""
        branches = [
            branch
            for alternatives in (*self._values(SH["or"]), *self._values(SH.xone))
            for branch in items(self.graph, alternatives)
        ]
        return frozenset(str(one) for node in (*self.nodes, *branches) for one in self.graph.objects(node, SH.datatype))

    @property
    def codes(self) -> tuple[URIRef, ...]:
        """The IRIs that `sh:in` lists."""
        members = (one for head in self._values(SH["in"]) for one in items(self.graph, head))
        return tuple(sorted({one for one in members if isinstance(one, URIRef)}))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The IRIs of the classes whose instances the shapes are about."""
        return frozenset(_classes(self.graph, self.nodes))

    def _values(self, parameter: URIRef) -> set[Node]:
        return {value for node in self.nodes for value in self.graph.objects(node, parameter)}


def property_shapes(shapes: Graph) -> dict[URIRef, PropertyShapes]:
    """Return the property shapes by the property that is their path."""
    found: dict[URIRef, list[Node]] = {}
    for node, path in sorted(shapes.subject_objects(SH.path), key=lambda pair: str(pair[0])):
        is_forbidden = any(str(one) == "0" for one in shapes.objects(node, SH.maxCount))
        if isinstance(path, URIRef) and not is_forbidden and (node, SH.deactivated, Literal(True)) not in shapes:
            found.setdefault(path, []).append(node)
    return {path: PropertyShapes(shapes, tuple(nodes)) for path, nodes in found.items()}


def limits_of(shapes: Graph) -> dict[str, LimitsByClasses]:
    """Return what each property shape asks of values, by the IRI of the property that is its path.

    Shapes that only warn, and those that are deactivated, ask nothing.
    """
    found: dict[str, LimitsByClasses] = {}
    for node, path in sorted(shapes.subject_objects(SH.path), key=lambda pair: str(pair[0])):
        is_idle = (node, SH.deactivated, Literal(True)) in shapes
        severity = shapes.value(node, SH.severity)
        if not isinstance(path, URIRef) or is_idle or severity not in {None, SH.Violation}:
            continue
        if classes := frozenset(_classes(shapes, (node,))):
            found[str(path)] = (*found.get(str(path), ()), (classes, _limits(shapes, node)))
    return found


def _limits(shapes: Graph, node: Node) -> Limits:
    def number(parameter: URIRef) -> Decimal | None:
        try:
            return Decimal(str(shapes.value(node, parameter)))
        except InvalidOperation:
            return None

    longest, codes = number(SH.maxLength), shapes.value(node, SH["in"])
    has_flags = shapes.value(node, SH.flags) is not None
    return Limits(
        is_forbidden=number(SH.maxCount) == 0,
        is_required=(number(SH.minCount) or 0) > 0,
        patterns=() if has_flags else tuple(sorted(map(str, shapes.objects(node, SH.pattern)))),
        longest=None if longest is None else int(longest),
        least=number(SH.minInclusive),
        most=number(SH.maxInclusive),
        codes=None if codes is None else tuple(str(one) for one in items(shapes, codes)),
    )


def _classes(shapes: Graph, nodes: tuple[Node, ...]) -> Iterator[str]:
    """Yield the target classes of the shapes that some property shapes are part of (SHACL, section 2.1.3)."""
    seen: set[Node] = set()
    queue = list(nodes)
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        yield from (str(one) for one in shapes.objects(node, SH.targetClass))
        if (node, RDF.type, RDFS.Class) in shapes:
            yield str(node)
        queue += [user for parameter in (SH.property, SH.node) for user in shapes.subjects(parameter, node)]
