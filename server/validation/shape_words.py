"""Says in words what a shape wants: for mends, where a shape has none of its own, and for `akb check --explain`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from .engines.results import members

Show = Callable[[str], str]
"""Shortens an IRI."""

_DEEPEST: Final = 8
"""How many nodes of a path, or of shapes within shapes, are put in words."""

_KINDS: Final = {
    SH.IRI: "an IRI",
    SH.BlankNode: "a blank node",
    SH.Literal: "a literal",
    SH.BlankNodeOrIRI: "an IRI or a blank node",
    SH.BlankNodeOrLiteral: "a literal or a blank node",
    SH.IRIOrLiteral: "an IRI or a literal",
}
_PHRASES: Final = {
    "nodeKind": "{}",
    "class": "an instance of {}",
    "datatype": "a literal of {}",
    "in": "one of {}",
    "pattern": "that matches {}",
    "languageIn": "in one of the languages {}",
    "minLength": "of at least {} characters",
    "maxLength": "of at most {} characters",
    "minExclusive": "greater than {}",
    "minInclusive": "not less than {}",
    "maxExclusive": "less than {}",
    "maxInclusive": "not greater than {}",
    "lessThan": "less than each value of {}",
    "lessThanOrEquals": "not greater than any value of {}",
    "equals": "the same as the values of {}",
    "disjoint": "none of the values of {}",
    "hasValue": "among them {}",
    "node": "that conforms to {}",
    "and": "that conforms to each of {}",
    "or": "that conforms to one of {}",
    "xone": "that conforms to exactly one of {}",
    "not": "that does not conform to {}",
}
"""What each parameter (SHACL, section 4) asks of a value, in the order in which it is said."""

PARAMETERS: Final = {
    "Pattern": ("pattern", "flags"),
    "Closed": ("closed", "ignoredProperties"),
    "QualifiedMinCount": ("qualifiedMinCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    "QualifiedMaxCount": ("qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
}
"""The parameters of those constraint components that have several."""


def parameters_of(component: str) -> frozenset[str]:
    """Return the parameters of a component of SHACL Core, in angle brackets; of another, an empty set."""
    name = component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
    named = PARAMETERS.get(name, (name[:1].lower() + name[1:],))
    is_core = component.startswith(str(SH)) and (named[0] in _PHRASES or name in PARAMETERS or named[0] in _COUNTS)
    return frozenset(f"<{SH}{one}>" for one in named) if is_core else frozenset()


_COUNTS: Final = {"minCount", "maxCount", "uniqueLang"}


def path_text(shapes: Graph, path: Node | None, show: Show, deepest: int = _DEEPEST) -> str:
    """Return a property path as SPARQL writes it (SHACL, section 2.3.1), or an empty string for none."""
    if isinstance(path, URIRef):
        return show(str(path))
    if path is None or deepest == 0:
        return "…" if path is not None else ""
    if (steps := members(shapes, path)) is not None:
        return "/".join(_grouped(shapes, step, show, deepest) for step in steps)
    for kind, mark in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
        if (inner := shapes.value(path, kind)) is not None:
            return f"{_grouped(shapes, inner, show, deepest)}{mark}"
    if (inner := shapes.value(path, SH.inversePath)) is not None:
        return f"^{_grouped(shapes, inner, show, deepest)}"
    branches = members(shapes, shapes.value(path, SH.alternativePath)) or []
    return "|".join(_grouped(shapes, branch, show, deepest) for branch in branches) or "…"


def _grouped(shapes: Graph, path: Node, show: Show, deepest: int) -> str:
    text = path_text(shapes, path, show, deepest - 1)
    return f"({text})" if isinstance(path, BNode) and any(mark in text for mark in "/|") else text


def wanted(shapes: Graph, shape: Node, show: Show, deepest: int = _DEEPEST) -> str:
    """Return what a shape wants, such as `at least one dcat:accessURL, an IRI`."""
    path = shapes.value(shape, SH.path)
    parts = list(_asked(shapes, shape, show, deepest))
    if path is None:
        said = ", ".join(parts)
        node = f"a node {said}" if said.startswith(_ALONE) else f"a node that is {said}"
        return "; ".join([*([node] if parts else []), *_inner(shapes, shape, show, deepest)])
    head = f"{_count(shapes, shape)} {path_text(shapes, path, show)}"
    return ", ".join([head, *parts, *(f"with {inner}" for inner in _inner(shapes, shape, show, deepest))])


_ALONE: Final = ("that ", "without ", "of at ", "in ")
"""How phrases begin that say something of a node by themselves."""


def _count(shapes: Graph, shape: Node) -> str:
    least, most = (
        next(iter(sorted(map(str, shapes.objects(shape, SH[name])))), "") for name in ("minCount", "maxCount")
    )
    words = {"1": "one"}
    if most == "0":
        return "no"
    if least and least == most:
        return f"exactly {words.get(least, least)}"
    if least not in {"", "0"} and most:
        return f"from {words.get(least, least)} to {most}"
    if least not in {"", "0"}:
        return f"at least {words.get(least, least)}"
    return f"at most {words.get(most, most)}" if most else "each"


def _asked(shapes: Graph, shape: Node, show: Show, deepest: int) -> Iterator[str]:
    for name, phrase in _PHRASES.items():
        # Blank nodes have another order in each reading, and their words have not.
        yield from sorted(
            phrase.format(shown(shapes, value, show, deepest)) for value in shapes.objects(shape, SH[name])
        )
    if (shape, SH.uniqueLang, Literal(True)) in shapes:
        yield "at most one in each language"
    if (shape, SH.closed, Literal(True)) in shapes:
        yield "without any other property"
    if (shape, SH.sparql, None) in shapes:
        yield "in which its SPARQL query finds nothing"
    for inner in shapes.objects(shape, SH.qualifiedValueShape):
        for name, least in (("qualifiedMinCount", "at least"), ("qualifiedMaxCount", "at most")):
            for count in shapes.objects(shape, SH[name]):
                yield f"of which {least} {count} conform to {shown(shapes, inner, show, deepest)}"


def _inner(shapes: Graph, shape: Node, show: Show, deepest: int) -> Iterator[str]:
    if deepest:
        yield from sorted(wanted(shapes, inner, show, deepest - 1) for inner in shapes.objects(shape, SH.property))


def shown(shapes: Graph, value: Node, show: Show, deepest: int = _DEEPEST) -> str:
    """Return a value of a parameter in words: a term, the members of a list, or what a shape without a name wants."""
    if value in _KINDS:
        return _KINDS[value]  # type: ignore[index] # as was just asked
    if isinstance(value, URIRef):
        return show(str(value))
    if isinstance(value, Literal):
        return str(value) if isinstance(value.value, int) and not isinstance(value.value, bool) else repr(str(value))
    listed = members(shapes, value)
    if listed is not None:
        return f"({', '.join(shown(shapes, one, show, deepest - 1) for one in listed)})" if deepest else "…"
    return f"({wanted(shapes, value, show, deepest - 1)})" if deepest else "…"


def in_words(shapes: Graph, shape: Node, show: Show) -> Iterator[str]:
    """Yield what a shape is about, and each thing that it wants, a line each."""
    about = [
        phrase.format(shown(shapes, target, show))
        for kind, phrase in _TARGETS.items()
        for target in sorted(shapes.objects(shape, kind), key=str)
    ]
    if {RDFS.Class, OWL.Class} & set(shapes.objects(shape, RDF.type)):
        about.append(f"each instance of {shown(shapes, shape, show)}")
    yield f"of {', '.join(about)}:" if about else "of what other shapes lead to:"
    if (shape, SH.path, None) in shapes:
        yield f"- {wanted(shapes, shape, show)}"
        return
    yield from (f"- {part}" for part in _asked(shapes, shape, show, _DEEPEST))
    yield from (f"- {part}" for part in _inner(shapes, shape, show, _DEEPEST))


def example(shapes: Graph, shape: Node, focus: str, show: Show) -> str:
    """Return a triple of Turtle that a property shape would count, with dots for what is left open; empty if none."""
    path = shapes.value(shape, SH.path)
    if not isinstance(path, URIRef):
        return ""
    values = list(shapes.objects(shape, SH.hasValue))
    for head in shapes.objects(shape, SH["in"]):
        values += members(shapes, head) or ()
    kinds = set(shapes.objects(shape, SH.nodeKind))
    datatype = shapes.value(shape, SH.datatype)
    if values:
        value = show(str(values[0])) if isinstance(values[0], URIRef) else values[0].n3()
    elif datatype is not None:
        value = f'"..."^^{show(str(datatype))}'
    elif SH.IRI in kinds or (shape, SH["class"], None) in shapes:
        value = "<...>"
    else:
        value = "[ ... ]" if SH.BlankNode in kinds else '"..."'
    return f"{focus} {show(str(path))} {value} ."


_TARGETS: Final = {
    SH.targetClass: "each instance of {}",
    SH.targetNode: "the node {}",
    SH.targetSubjectsOf: "each node that has {}",
    SH.targetObjectsOf: "each node that is a value of {}",
}
