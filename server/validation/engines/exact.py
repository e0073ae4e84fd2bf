"""Tells on which shapes the quick engine is known to find what the reference finds.

What is known is a list of terms, each with the values that it may have by SHACL's syntax rules: a term or a value that
is not in it is beyond the engine, and so is every ill-formed shape. tests/validation/engines compares the two engines
over all that is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ...records.engines import Shacl
from .patterns import translated
from .results import members

_Fits = Callable[[Graph, Node], bool]


def _is_iri(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, URIRef)


def _is_name(_shapes: Graph, value: Node) -> bool:
    """Tell whether a value is an IRI or a literal, which mean the same in the shapes and in the data."""
    return not isinstance(value, BNode)


def _is_shape(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, URIRef | BNode)


def _is_count(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.integer and value.isdecimal() and len(value) < 9


def _is_boolean(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.boolean and str(value) in {"true", "false"}


def _is_number(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype in {XSD.integer, XSD.decimal} and not value.ill_typed


def _is_text(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and (value.language is not None or value.datatype in {None, XSD.string})


def _is_pattern(_shapes: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.language is None and translated(str(value)) is not None


def _list_of(fits: _Fits) -> _Fits:
    def is_list(shapes: Graph, value: Node) -> bool:
        found = members(shapes, value)
        return bool(found) and all(fits(shapes, member) for member in found or ())

    return is_list


def _or_list_of(fits: _Fits) -> _Fits:
    is_list = _list_of(fits)
    return lambda shapes, value: fits(shapes, value) or (isinstance(value, BNode) and is_list(shapes, value))


def _one_of(*names: str) -> _Fits:
    allowed = {SH[name] for name in names}
    return lambda _shapes, value: value in allowed


def _is_datatype(_shapes: Graph, value: Node) -> bool:
    is_known = isinstance(value, URIRef) and not str(value).startswith((str(XSD), str(RDF)))
    return is_known or value in DATATYPES


def _is_path(shapes: Graph, value: Node) -> bool:
    return path_fits(shapes, value, ())


def path_fits(shapes: Graph, path: Node, trail: tuple[Node, ...]) -> bool:
    """Tell whether a node is a well-formed property path (SHACL, section 2.3.1)."""
    if isinstance(path, URIRef):
        return True
    if not isinstance(path, BNode) or path in trail:
        return False
    trail = (*trail, path)
    triples = list(shapes.predicate_objects(path))
    if (path, RDF.first, None) in shapes:
        steps = members(shapes, path)
        return len(triples) == 2 and steps is not None and len(steps) > 1 and _all(shapes, steps, trail)
    if len(triples) != 1:
        return False
    [(kind, value)] = triples
    if kind == SH.alternativePath:
        branches = members(shapes, value)
        return branches is not None and len(branches) > 1 and _all(shapes, branches, trail)
    return kind in _UNARY and path_fits(shapes, value, trail)


def _all(shapes: Graph, paths: list[Node], trail: tuple[Node, ...]) -> bool:
    return all(path_fits(shapes, path, trail) for path in paths)


_UNARY: Final = {SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath}

DATATYPES: Final = frozenset(
    XSD[name]
    for name in (
        *("string", "boolean", "integer", "decimal", "float", "double", "date", "dateTime", "dateTimeStamp", "time"),
        *("gYear", "gYearMonth", "gMonth", "gDay", "gMonthDay", "duration", "anyURI", "normalizedString", "token"),
        *("language", "Name", "NCName", "NMTOKEN", "QName", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte", "unsignedLong", "unsignedInt"),
        *("unsignedShort", "unsignedByte"),
    )
) | {RDF.langString}
"""The datatypes of XML Schema and RDF whose lexical forms the engine judges as pyshacl does, or better: see
docs/validation.md. It does not look into the others."""


@dataclass(frozen=True)
class _Term:
    """A term of SHACL: what its values may be, whether a shape may have several, and whether that shape has a path."""

    fits: _Fits
    is_single: bool = True
    has_path: bool | None = None
    """None where it may have one."""


_KINDS: Final = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")

TERMS: Final[dict[URIRef, _Term]] = {
    # Targets and what is said of a shape (SHACL, section 2).
    SH.targetNode: _Term(_is_name, is_single=False),
    SH.targetClass: _Term(_is_iri, is_single=False),
    SH.targetSubjectsOf: _Term(_is_iri, is_single=False),
    SH.targetObjectsOf: _Term(_is_iri, is_single=False),
    SH.severity: _Term(_is_iri),
    SH.message: _Term(_is_text, is_single=False),
    SH.deactivated: _Term(_is_boolean),
    SH.path: _Term(_is_path),
    # Constraints (SHACL, section 4).
    SH["class"]: _Term(_is_iri, is_single=False),
    SH.datatype: _Term(_is_datatype),
    SH.nodeKind: _Term(_one_of(*_KINDS)),
    SH.minCount: _Term(_is_count, has_path=True),
    SH.maxCount: _Term(_is_count, has_path=True),
    SH.minExclusive: _Term(_is_number),
    SH.minInclusive: _Term(_is_number),
    SH.maxExclusive: _Term(_is_number),
    SH.maxInclusive: _Term(_is_number),
    SH.minLength: _Term(_is_count),
    SH.maxLength: _Term(_is_count),
    SH.pattern: _Term(_is_pattern),  # without sh:flags
    SH.languageIn: _Term(_list_of(_is_text)),
    SH.uniqueLang: _Term(_is_boolean, has_path=True),
    SH.equals: _Term(_is_iri, is_single=False),
    SH.disjoint: _Term(_is_iri, is_single=False),
    SH.lessThan: _Term(_is_iri, is_single=False, has_path=True),
    SH.lessThanOrEquals: _Term(_is_iri, is_single=False, has_path=True),
    SH["not"]: _Term(_is_shape, is_single=False),
    SH["and"]: _Term(_list_of(_is_shape), is_single=False),
    SH["or"]: _Term(_list_of(_is_shape), is_single=False),
    SH.xone: _Term(_list_of(_is_shape), is_single=False),
    SH.node: _Term(_is_shape, is_single=False),
    SH.property: _Term(_is_shape, is_single=False),
    SH.qualifiedValueShape: _Term(_is_shape, has_path=True),
    SH.qualifiedMinCount: _Term(_is_count, has_path=True),
    SH.qualifiedMaxCount: _Term(_is_count, has_path=True),
    SH.qualifiedValueShapesDisjoint: _Term(_is_boolean, has_path=True),
    SH.closed: _Term(_is_boolean, has_path=False),  # at a path it would look at the focus node
    SH.ignoredProperties: _Term(_list_of(_is_iri)),
    SH.hasValue: _Term(_is_name, is_single=False),
    SH["in"]: _Term(_list_of(_is_name)),
}
"""The terms of SHACL on which the quick engine is known to be exact."""

NEWER: Final[dict[URIRef, _Term]] = {
    URIRef(f"{SH}{name}"): term
    for name, term in {
        # List constraints (SHACL 1.2 Core, section 7.5).
        "memberShape": _Term(_is_shape, is_single=False),
        "minListLength": _Term(_is_count),
        "maxListLength": _Term(_is_count),
        "uniqueMembers": _Term(_is_boolean),
        # Other constraints.
        "singleLine": _Term(_is_boolean),
        "subsetOf": _Term(_is_iri, is_single=False, has_path=True),
        "someValue": _Term(_is_shape, is_single=False),
        "reifierShape": _Term(_is_shape, is_single=False, has_path=True),
        "reificationRequired": _Term(_is_boolean, has_path=True),
    }.items()
}
"""The terms of SHACL 1.2 Core (Working Draft of 2026-08-03) that the quick engine has, by tests from its clauses."""

UNIONS: Final = {
    SH["class"]: _Term(_or_list_of(_is_iri), is_single=False),
    SH.datatype: _Term(_or_list_of(_is_datatype)),
}
"""The terms that may have a list as their value since SHACL 1.2."""

_SHOWN: Final = {SH.name, SH.description, SH.order, SH.group, SH.defaultValue}
"""Terms that have no part in validation (SHACL, section 2.3.2)."""

_REIFIER_SHAPE: Final = URIRef(f"{SH}reifierShape")
TO_SHAPES: Final = (
    *(SH.property, SH.node, SH["not"], SH.qualifiedValueShape),
    *(URIRef(f"{SH}{name}") for name in ("memberShape", "someValue", "reifierShape")),
)
"""The terms that lead from a shape to another."""
_IN_PATHS: Final = {*_UNARY, SH.alternativePath}


@lru_cache(maxsize=4)
def beyond(shapes: Graph, version: Shacl = Shacl.V1_0) -> str:
    """Return what in the shapes is beyond the quick engine, in words that end a sentence; empty where nothing is."""
    known = TERMS if version is Shacl.V1_0 else {**TERMS, **NEWER, **UNIONS}
    return min(_terms_beyond(shapes, known), default="") or _kinds_beyond(shapes) or _recursion(shapes)


def _terms_beyond(shapes: Graph, known: Mapping[URIRef, _Term]) -> Iterator[str]:
    said: Counter[tuple[Node, Node]] = Counter()
    for subject, predicate, value in shapes:
        if predicate == RDF.type and _name(value) not in {"", "NodeShape", "PropertyShape", "PropertyGroup"}:
            yield f"the class sh:{_name(value)}"
        name = _name(predicate)
        if not name or predicate in _SHOWN or predicate in _IN_PATHS:
            continue
        term = known.get(URIRef(str(predicate)))
        if term is None:
            yield f"the term sh:{name}"
            continue
        said[subject, predicate] += 1
        if not term.fits(shapes, value) or (term.is_single and said[subject, predicate] > 1):
            yield f"the value of sh:{name} at {_where(shapes, subject)}"
        if term.has_path is not None and term.has_path is not ((subject, SH.path, None) in shapes):
            yield f"sh:{name} at {_where(shapes, subject)}, which has {'no' if term.has_path else 'a'} sh:path"


def _name(node: Node) -> str:
    """Return what a term of SHACL is called, or nothing for any other node."""
    return str(node).removeprefix(str(SH)) if str(node).startswith(str(SH)) else ""


def _kinds_beyond(shapes: Graph) -> str:
    """Return which shape is not of one kind (SHACL, section 2.1)."""
    for kind, has_path in ((SH.NodeShape, False), (SH.PropertyShape, True)):
        for shape in shapes.subjects(RDF.type, kind):
            if ((shape, SH.path, None) in shapes) is not has_path:
                return f"the kind of {_where(shapes, shape)}"
    for shape in shapes.objects(None, SH.property):
        if (shape, SH.path, None) not in shapes:
            return f"sh:property with {_where(shapes, shape)}, which has no sh:path"
    for shape in shapes.subjects(SH.qualifiedValueShape):
        if not any((shape, count, None) in shapes for count in (SH.qualifiedMinCount, SH.qualifiedMaxCount)):
            return f"sh:qualifiedValueShape at {_where(shapes, shape)}, which has no count"
    for shape in shapes.subjects(_REIFIER_SHAPE):
        if not isinstance(shapes.value(shape, SH.path), URIRef):
            return f"sh:reifierShape at {_where(shapes, shape)}, whose sh:path is no IRI"
    for subclass in shapes.subjects(RDFS.subClassOf, RDFS.Class):
        return f"the class of classes {_where(shapes, subclass)}"
    return ""


def references(shapes: Graph, shape: Node) -> list[Node]:
    """Return the shapes to which a shape refers (SHACL, section 2.1)."""
    found: list[Node] = []
    for predicate in TO_SHAPES:
        found += shapes.objects(shape, predicate)
    for predicate in (SH["and"], SH["or"], SH.xone):
        for head in shapes.objects(shape, predicate):
            found += members(shapes, head) or ()
    return found


def _recursion(shapes: Graph) -> str:
    """Return which shape refers to itself; what that means is left open (SHACL, section 3.4.3)."""
    done: set[Node] = set()
    for start in {subject for subject, predicate, _ in shapes if predicate in TERMS or predicate in NEWER}:
        trail: list[tuple[Node, list[Node]]] = [(start, references(shapes, start))]
        open_: set[Node] = {start}
        while trail:
            shape, rest = trail[-1]
            if not rest:
                trail.pop()
                open_.discard(shape)
                done.add(shape)
            elif (following := rest.pop()) in open_:
                return f"{_where(shapes, following)}, which refers to itself"
            elif following not in done:
                open_.add(following)
                trail.append((following, references(shapes, following)))
    return ""


def _where(shapes: Graph, node: Node) -> str:
    """Return the name of a shape, or of one that contains it."""
    seen: set[Node] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = min(shapes.subjects(None, node), key=str, default=node)
    return f"<{node}>" if isinstance(node, URIRef) else "a shape without a name"
