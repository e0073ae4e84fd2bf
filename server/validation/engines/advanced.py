"""What of SHACL Advanced Features, SHACL-JS and SHACL 1.2 no engine here runs, and what the reference does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from .exact import NEWER, UNIONS
from .results import members

Triple = tuple[Node, Node, Node]


class Unrun(NamedTuple):
    """A triple of the shapes that says something which is not run, and why, in words that end a sentence."""

    subject: Node
    predicate: Node
    value: Node
    why: str


_IN_1_2: Final = (
    *("memberShape", "minListLength", "maxListLength", "uniqueMembers", "reifierShape", "reificationRequired"),
    *("singleLine", "subsetOf", "someValue", "rootClass", "targetWhere", "shape", "nodeByExpression"),
    *("uniqueValuesFor", "conformanceDisallows", "ShapeClass", "Debug", "Trace", "codeIdentifier", "agentInstruction"),
    *("intent", "instancesOf", "findFirst", "flatMap", "matchAll", "remove", "sparqlExpr", "var", "arg"),
)
_IN_AF: Final = (
    *("values", "Rules", "minus", "distinct", "count", "exists", "if", "then", "else", "orderBy", "desc", "limit"),
    *("offset", "groupConcat", "separator", "sum", "min", "max"),
)
NEWER_TERMS: Final = frozenset(f"{SH}{name}" for name in _IN_1_2)
"""The IRIs of terms that SHACL 1.2 adds."""
KNOWN_TERMS: Final = NEWER_TERMS | frozenset(f"{SH}{name}" for name in _IN_AF)
"""The IRIs of terms that rdflib's list of those of SHACL has not."""

NOT_READ: Final = "SHACL 1.2 has it, and shapes are read by SHACL 1.0: --shacl says by which"
"""Why nothing of SHACL 1.2 is run where nobody asks for it."""
_JAVASCRIPT: Final = "JavaScript is not run"
_PREDICATES: Final = {
    SH.rule: "rules are not run, since data are checked as they are written",
    SH.js: _JAVASCRIPT,
    URIRef(f"{SH}values"): "values that follow from others are not worked out",
    SH.entailment: "data are checked as they are written, without inference",
    SH.resultAnnotation: "results have no annotations here",
}
_CLASSES: Final = {SH[name]: _JAVASCRIPT for name in ("JSTarget", "JSTargetType", "JSFunction", "JSValidator")}
_EXPRESSIONS: Final = (SH.union, SH.intersection, SH.path, SH.filterShape, *(URIRef(f"{SH}{name}") for name in _IN_AF))
_DEEPEST: Final = 8
"""How deep pyshacl follows a node expression."""


def is_advanced(shapes: Graph) -> bool:
    """Tell whether shapes use Advanced Features that the reference runs: targets, expressions and functions."""
    features = ((None, SH.target, None), (None, SH.expression, None), (None, RDF.type, SH.SPARQLFunction))
    return any(feature in shapes for feature in features)


@lru_cache(maxsize=4)
def unrun(shapes: Graph, why_not_newer: str = NOT_READ) -> tuple[Unrun, ...]:
    """Return what shapes say that is not run (SHACL Advanced Features; SHACL-JS; SHACL 1.2 Core).

    `why_not_newer` says why nothing of SHACL 1.2 is run; where it is empty, what the quick engine has is.
    """
    return tuple(sorted(dict.fromkeys(_unrun(shapes, why_not_newer)), key=lambda one: tuple(map(str, one))))


@lru_cache(maxsize=4)
def without_unrun(shapes: Graph) -> Graph:
    """Return shapes without rules, and what else no engine looks at, so that it keeps none from what it can do.

    The shapes that are the condition of a rule stay: they may have targets.
    """
    left_out: set[Triple] = {
        (subject, term, value) for term in _PREDICATES for subject, value in shapes.subject_objects(term)
    }
    if not left_out:
        return shapes
    waiting = [value for _, term, value in left_out if isinstance(value, BNode) or term == SH.rule]
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for triple in shapes.triples((node, None, None)):
            if isinstance(node, BNode) or triple[1] in _OF_RULES or triple[2] in _RULE_CLASSES:
                left_out.add(triple)
                waiting += [triple[2]] if isinstance(triple[2], BNode) and triple[1] != SH.condition else []
    if all((node, SH.prefixes, value) in left_out for node, value in shapes.subject_objects(SH.prefixes)):
        left_out.update(triple for term in _OF_PREFIXES for triple in shapes.triples((None, term, None)))
    result = Graph(bind_namespaces="none")
    for triple in shapes:
        if triple not in left_out:
            result.add(triple)
    return result


_RULE_CLASSES: Final = (SH.TripleRule, SH.SPARQLRule, SH.JSRule)
_OF_RULES: Final = (SH.subject, SH.predicate, SH.object, SH.condition, SH.construct, SH.prefixes)
"""What a rule says (SHACL-AF, section 8), and no shape."""
_OF_PREFIXES: Final = (SH.declare, SH.prefix, SH.namespace)


def newer_in(shapes: Graph) -> tuple[Triple, ...]:
    """Return the triples of shapes in which is a term, or a value of one, that SHACL 1.2 Core adds."""
    return tuple(
        triple
        for triple in shapes
        if str(triple[1]) in NEWER_TERMS
        or str(triple[2]) in NEWER_TERMS
        or (triple[1] in UNIONS and isinstance(triple[2], BNode))
    )


def _unrun(shapes: Graph, why_not_newer: str) -> Iterator[Unrun]:
    for predicate, why in _PREDICATES.items():
        for subject, value in shapes.subject_objects(predicate):
            yield Unrun(subject, predicate, value, why)
    for kind, why in _CLASSES.items():
        for subject in shapes.subjects(RDF.type, kind):
            yield Unrun(subject, RDF.type, kind, why)
    for component in shapes.subjects(RDF.type, SH.ConstraintComponent):
        if _is_javascript_alone(shapes, component):
            yield Unrun(component, RDF.type, SH.ConstraintComponent, _JAVASCRIPT)
    for triple in newer_in(shapes):
        if why_not_newer or (triple[1] not in NEWER and triple[1] not in UNIONS):
            yield Unrun(*triple, why_not_newer or "no engine has this part of SHACL 1.2")
    for subject, value in shapes.subject_objects(SH.target):
        if not _is_run_as_target(shapes, value):
            yield Unrun(subject, SH.target, value, "only targets with a SPARQL SELECT are")
    for subject, value in shapes.subject_objects(SH.expression):
        if not _is_run_as_expression(shapes, value):
            why = "of expressions only paths, unions, intersections, constants and SPARQL functions are"
            yield Unrun(subject, SH.expression, value, why)


def _is_javascript_alone(shapes: Graph, component: Node) -> bool:
    """Tell whether a component has validators, and all of them are in JavaScript (SHACL-JS, section 4)."""
    kinds = (SH.validator, SH.nodeValidator, SH.propertyValidator)
    validators = [one for kind in kinds for one in shapes.objects(component, kind)]
    return bool(validators) and all((one, SH.jsFunctionName, None) in shapes for one in validators)


def _is_run_as_target(shapes: Graph, target: Node) -> bool:
    """Tell whether pyshacl runs a target (SHACL-AF, sections 3.1 and 3.2)."""
    if (target, SH.select, None) in shapes:
        return True
    return any(
        (kind, RDF.type, SH.SPARQLTargetType) in shapes
        and (kind, RDFS.subClassOf, SH.Target) in shapes
        and (kind, SH.select, None) in shapes
        for kind in shapes.objects(target, RDF.type)
    )


def _is_run_as_expression(shapes: Graph, expression: Node, depth: int = 0) -> bool:
    """Tell whether pyshacl runs a node expression as SHACL-AF, section 5, has it."""
    if not isinstance(expression, BNode):
        # It takes every name for a constant.
        return isinstance(expression, Literal) or not any((expression, term, None) in shapes for term in _EXPRESSIONS)
    if depth > _DEEPEST:
        return False
    said = {
        predicate: value
        for predicate, value in shapes.predicate_objects(expression)
        if predicate not in {RDF.type, SH.message, SH.severity, SH.deactivated}
    }
    if len(said) != 1:
        return False
    [(term, value)] = said.items()
    if term == SH.path:
        return True
    parts = members(shapes, value)
    if parts is None or not all(_is_run_as_expression(shapes, part, depth + 1) for part in parts):
        return False
    return term in {SH.union, SH.intersection} or (
        isinstance(term, URIRef) and (term, RDF.type, SH.SPARQLFunction) in shapes
    )
