"""What SHACL wants of the values of each parameter of a shape (appendix A), and which values are not so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..records.engines import Shacl
from .engines.results import members

_Check = Callable[[Graph, Node], bool]


@dataclass(frozen=True)
class Fault:
    """What is ill-formed: a triple of a shape, or, without a value, what the shape lacks."""

    shape: Node
    parameter: URIRef
    value: Node | None
    what: str
    mend: str
    ends_shape: bool = False
    """Whether nothing of the shape can be used."""


def _is_iri(_: Graph, value: Node) -> bool:
    return isinstance(value, URIRef)


def _is_term(_: Graph, value: Node) -> bool:
    return isinstance(value, URIRef | Literal)


def _is_literal(_: Graph, value: Node) -> bool:
    return isinstance(value, Literal)


def _is_node(_: Graph, value: Node) -> bool:
    return isinstance(value, URIRef | BNode)


def _is_integer(_: Graph, value: Node) -> bool:
    # No count is negative, and pyshacl refuses one that is.
    return (
        isinstance(value, Literal) and value.datatype == XSD.integer and bool(re.fullmatch(r"\+?\d{1,18}|-0+", value))
    )


def _is_boolean(_: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.datatype == XSD.boolean and str(value) in {"true", "false", "1", "0"}


def is_string(_: Graph, value: Node) -> bool:
    """Tell whether a value is a string without a language."""
    return isinstance(value, Literal) and value.language is None and value.datatype in {None, XSD.string}


def _is_text(shapes: Graph, value: Node) -> bool:
    return is_string(shapes, value) or (isinstance(value, Literal) and value.language is not None)


def _is_kind(_: Graph, value: Node) -> bool:
    return value in _NODE_KINDS


def _list_of(fits: _Check) -> _Check:
    def is_list(shapes: Graph, value: Node) -> bool:
        found = members(shapes, value) if isinstance(value, BNode) or value == RDF.nil else None
        return found is not None and all(fits(shapes, member) for member in found)

    return is_list


_NODE_KINDS: Final = {
    SH[name] for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
}
_INTEGER: Final = (_is_integer, "an xsd:integer that is not negative", "write a number without quotes, such as 1")
_BOOLEAN: Final = (_is_boolean, "an xsd:boolean", "write true or false, without quotes")
_IRI: Final = (_is_iri, "an IRI", "name it by its IRI")
_LITERAL: Final = (_is_literal, "a literal", "write a number or a date")
_SHAPE: Final = (_is_node, "a shape, which is an IRI or a blank node", "name a shape, or write it in [ ]")
_SHAPES: Final = (
    lambda shapes, value: value != RDF.nil and _list_of(_is_node)(shapes, value),
    "a list of shapes, one at least",
    "write the shapes in ( )",
)
_STRING: Final = (is_string, "a string without a language", "write it in quotes, without a language")

_Rule = tuple[_Check, str, str]

RULES: Final[Mapping[URIRef, _Rule]] = {
    SH.targetNode: (_is_term, "an IRI or a literal", "name the node"),
    SH.targetClass: _IRI,
    SH.targetSubjectsOf: _IRI,
    SH.targetObjectsOf: _IRI,
    SH.severity: (_is_iri, "an IRI", "write sh:Info, sh:Warning or sh:Violation"),
    SH.message: (_is_text, "a text", "write it in quotes"),
    SH.deactivated: _BOOLEAN,
    SH["class"]: _IRI,
    SH.datatype: _IRI,
    SH.nodeKind: (_is_kind, "one of sh:IRI, sh:BlankNode, sh:Literal and their pairs", "write one of these"),
    SH.minCount: _INTEGER,
    SH.maxCount: _INTEGER,
    SH.minExclusive: _LITERAL,
    SH.minInclusive: _LITERAL,
    SH.maxExclusive: _LITERAL,
    SH.maxInclusive: _LITERAL,
    SH.minLength: _INTEGER,
    SH.maxLength: _INTEGER,
    SH.pattern: _STRING,
    SH.flags: _STRING,
    SH.languageIn: (_list_of(is_string), "a list of language tags", 'write the tags in ( ), such as ("en" "de")'),
    SH.uniqueLang: _BOOLEAN,
    SH.equals: _IRI,
    SH.disjoint: _IRI,
    SH.lessThan: _IRI,
    SH.lessThanOrEquals: _IRI,
    SH["not"]: _SHAPE,
    SH["and"]: _SHAPES,
    SH["or"]: _SHAPES,
    SH.xone: _SHAPES,
    SH.node: _SHAPE,
    SH.property: _SHAPE,
    SH.qualifiedValueShape: _SHAPE,
    SH.qualifiedMinCount: _INTEGER,
    SH.qualifiedMaxCount: _INTEGER,
    SH.qualifiedValueShapesDisjoint: _BOOLEAN,
    SH.closed: _BOOLEAN,
    SH.ignoredProperties: (_list_of(_is_iri), "a list of IRIs", "write the properties in ( )"),
    SH["in"]: (_list_of(_is_term), "a list of IRIs and literals", "write the values in ( )"),
    SH.sparql: (_is_node, "a SPARQL constraint", "write it in [ ], with sh:select"),
    SH.prefixes: (_is_node, "a node that has sh:declare", "name the node that declares the prefixes"),
}
"""By parameter, what each of its values must be (SHACL, appendix A), in words too, and how to mend it."""

_IRIS: Final = (
    lambda shapes, value: _is_iri(shapes, value) or _list_of(_is_iri)(shapes, value),
    "an IRI or a list of IRIs",
    "name it by its IRI, or write several in ( )",
)
_NEWER: Final[Mapping[URIRef, _Rule]] = {
    SH["class"]: _IRIS,
    SH.datatype: _IRIS,
    **{URIRef(f"{SH}{name}"): _SHAPE for name in ("memberShape", "someValue", "reifierShape")},
    **{URIRef(f"{SH}{name}"): _INTEGER for name in ("minListLength", "maxListLength")},
    **{URIRef(f"{SH}{name}"): _BOOLEAN for name in ("uniqueMembers", "singleLine", "reificationRequired")},
    URIRef(f"{SH}subsetOf"): _IRI,
}
"""The same by SHACL 1.2 Core, section 7."""

_SINGLE: Final = frozenset(
    SH[name]
    for name in (
        *("severity", "deactivated", "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive"),
        *("maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern", "flags", "languageIn", "uniqueLang"),
        *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
        *("closed", "ignoredProperties", "in", "path"),
    )
)
"""The parameters that a shape may give at most one value."""


def unfit_values(shapes: Graph, version: Shacl) -> Iterator[Fault]:
    """Yield the values of parameters that are not what these must have."""
    rules = RULES if version is Shacl.V1_0 else {**RULES, **_NEWER}
    for parameter, (fits, wanted, mend) in rules.items():
        for shape, value in shapes.subject_objects(parameter):
            if not fits(shapes, value):
                yield Fault(shape, parameter, value, f"must be {wanted}", mend)


def repeated_values(shapes: Graph) -> Iterator[Fault]:
    """Yield the values of parameters of which a shape may have one, and has several."""
    said: defaultdict[tuple[Node, Node], list[Node]] = defaultdict(list)
    for shape, predicate, value in shapes:
        if predicate in _SINGLE:
            said[shape, predicate].append(value)
    for (shape, predicate), values in said.items():
        for value in values if len(values) > 1 else ():
            parameter = URIRef(str(predicate))
            what, mend = f"is one of {len(values)} values, and a shape has one", "leave one, or make a shape of each"
            yield Fault(shape, parameter, value, what, mend, parameter == SH.path)
