"""Tells which shapes are ill-formed, by the syntax rules of SHACL (appendix A), and leaves them out.

What is left is well-formed: engines are not relied on to notice, since each does so in its own way, or not at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..guessing import nearest
from ..records.engines import Shacl
from ..store.embedded import query_problem
from ..turtle.positions import Term
from .engines.exact import path_fits
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


def _is_string(_: Graph, value: Node) -> bool:
    return isinstance(value, Literal) and value.language is None and value.datatype in {None, XSD.string}


def _is_text(shapes: Graph, value: Node) -> bool:
    return _is_string(shapes, value) or (isinstance(value, Literal) and value.language is not None)


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
_STRING: Final = (_is_string, "a string without a language", "write it in quotes, without a language")

_Rule = tuple[_Check, str, str]

_RULES: Final[Mapping[URIRef, _Rule]] = {
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
    SH.languageIn: (_list_of(_is_string), "a list of language tags", 'write the tags in ( ), such as ("en" "de")'),
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
"""The parameters of which a shape has one value at most."""

_WITH_PATH: Final = frozenset(
    SH[name] for name in (*("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals"),)
)
"""The parameters that only a property shape has."""
_SWITCHES: Final = frozenset((SH.uniqueLang, SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint))
"""The parameters that mean something where they are `true`, and not `"1"^^xsd:boolean`, which is another term."""

_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_SHAPE_LISTS: Final = (SH["and"], SH["or"], SH.xone)
_DEEPEST_PATH: Final = 16
"""How many nodes of a path may be within each other: engines take twice as long for each repetition in a repetition."""


def faults_of(shapes: Graph, version: Shacl = Shacl.V1_0) -> list[Fault]:
    """Return what is ill-formed in a shapes graph, in an order that is the same in each reading of one file."""
    rules = _RULES if version is Shacl.V1_0 else {**_RULES, **_NEWER}
    checks = (_repeated, _paths, _patterns, _queries, _halves, _components)
    found = [*_values(shapes, rules), *(fault for check in checks for fault in check(shapes))]
    return list(dict.fromkeys(found))


def well_formed(shapes: Graph, faults: list[Fault]) -> Graph:
    """Return the shapes without what is ill-formed: a parameter with its values, or a whole shape and what names it.

    What is well-formed and means nothing is left out too, where engines take it to mean something.
    """
    idle = {(s, p, o) for p in _SWITCHES for s, o in shapes.subject_objects(p) if str(o) == "1"}
    if not faults and not idle:
        return shapes
    broken = {(fault.shape, fault.parameter) for fault in faults}
    for shape in set(shapes.subjects(SH.qualifiedValueShape)):
        counts = {(shape, count) for count in _COUNTS if (shape, count, None) in shapes}
        if (shape, SH.qualifiedValueShape) in broken or counts <= broken:
            broken |= {*counts, (shape, SH.qualifiedValueShape)}
    ended = {fault.shape for fault in faults if fault.ends_shape}
    ended |= {component for component, validators in _validators(shapes).items() if validators and validators <= ended}
    lists = {
        (holder, parameter)
        for parameter in _SHAPE_LISTS
        for holder, head in shapes.subject_objects(parameter)
        if not ended.isdisjoint(members(shapes, head) or ())
    }
    result = Graph(bind_namespaces="none")
    for triple in shapes:
        subject, predicate, value = triple
        is_named = value in ended and str(predicate).startswith(str(SH))
        if triple not in idle and subject not in ended and not is_named and (subject, predicate) not in broken | lists:
            result.add(triple)
    return result


def circles(shapes: Graph) -> Iterator[tuple[Node, URIRef, Term]]:
    """Yield by which triples a shape refers to itself, be it by way of others (SHACL, section 3.4.3)."""
    refers: defaultdict[Node, list[tuple[URIRef, Node, Node]]] = defaultdict(list)
    for parameter in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape):
        for shape, value in shapes.subject_objects(parameter):
            refers[shape].append((parameter, value, value))
    for parameter in _SHAPE_LISTS:
        for shape, head in shapes.subject_objects(parameter):
            refers[shape] += [(parameter, head, member) for member in members(shapes, head) or ()]
    for shape in sorted(refers, key=str):
        for parameter, value, other in refers[shape]:
            seen, rest = set[Node](), [other]
            while rest:
                one = rest.pop()
                if one not in seen:
                    seen.add(one)
                    rest += [end for _, _, end in refers.get(one, ())]
            if shape in seen and parameter != SH.property:
                yield shape, parameter, value  # type: ignore[misc] # a graph has terms where rdflib promises nodes


def _values(shapes: Graph, rules: Mapping[URIRef, _Rule]) -> Iterator[Fault]:
    for parameter, (fits, wanted, mend) in rules.items():
        for shape, value in shapes.subject_objects(parameter):
            if not fits(shapes, value):
                yield Fault(shape, parameter, value, f"must be {wanted}", mend)


def _repeated(shapes: Graph) -> Iterator[Fault]:
    said: defaultdict[tuple[Node, Node], list[Node]] = defaultdict(list)
    for shape, predicate, value in shapes:
        if predicate in _SINGLE:
            said[shape, predicate].append(value)
    for (shape, predicate), values in said.items():
        for value in values if len(values) > 1 else ():
            parameter = URIRef(str(predicate))
            what, mend = f"is one of {len(values)} values, and a shape has one", "leave one, or make a shape of each"
            yield Fault(shape, parameter, value, what, mend, parameter == SH.path)


def _paths(shapes: Graph) -> Iterator[Fault]:
    for shape, path in shapes.subject_objects(SH.path):
        if not _path_fits(shapes, path):
            mend = f"write a property, a list of them or [ sh:inversePath ... ] etc., {_DEEPEST_PATH} deep at most"
            yield Fault(shape, SH.path, path, "is no property path", mend, ends_shape=True)
        elif (shape, RDF.type, SH.NodeShape) in shapes:
            yield Fault(shape, SH.path, path, "is at a node shape, which has none", "make it a sh:PropertyShape", True)
    with_path = set(shapes.subjects(SH.path))
    lacking = set(shapes.objects(None, SH.property)) | set(shapes.subjects(RDF.type, SH.PropertyShape))
    for shape in lacking - with_path:
        if not isinstance(shape, Literal):
            is_said = isinstance(shape, BNode) or (shape, None, None) in shapes
            near = (
                ""
                if is_said
                else nearest(str(shape), sorted(str(one) for one in with_path if isinstance(one, URIRef)), 70)
            )
            mend = f"name a property shape that is there, such as <{near}>" if near else _PATH
            yield Fault(shape, SH.path, None, "is missing at a property shape", mend, ends_shape=True)
    for parameter in _WITH_PATH:
        for shape, value in shapes.subject_objects(parameter):
            if shape not in with_path and shape not in lacking:
                yield Fault(shape, parameter, value, "is at a shape without sh:path", "move it to a property shape")


_PATH: Final = "say with sh:path which property the shape is about"


def _path_fits(shapes: Graph, path: Node) -> bool:
    """Tell whether a path is well-formed, and not too deep to be followed."""
    if isinstance(path, URIRef):
        return True
    level, depth = {path}, 0
    while level:
        depth += 1
        if depth > _DEEPEST_PATH:
            return False
        steps = {value for node in level for value in shapes.objects(node) if isinstance(value, BNode)}
        lists = {item for node in level for item in members(shapes, node) or () if isinstance(item, BNode)}
        # A list is one node of a path, however long it is.
        cells = {node for node in steps if (node, RDF.first, None) in shapes and node not in lists}
        of_cells = {item for cell in cells for item in members(shapes, cell) or () if isinstance(item, BNode)}
        level = (steps - cells) | lists | of_cells
    return path_fits(shapes, path, ())


def _patterns(shapes: Graph) -> Iterator[Fault]:
    for shape, pattern in shapes.subject_objects(SH.pattern):
        flags = next((str(one) for one in shapes.objects(shape, SH.flags)), "")
        if unknown := set(flags) - _FLAGS.keys() - {"q"}:
            mend = "write only letters of i, m, s, x and q"
            yield Fault(shape, SH.flags, Literal(flags), f"has {min(unknown)!r}, which is no flag", mend)
            continue
        try:
            re.compile(str(pattern), sum(_FLAGS.get(flag, 0) for flag in set(flags)))
        except (re.error, RecursionError, OverflowError) as error:
            reason = str(error) or "it is too deep"
            yield Fault(shape, SH.pattern, pattern, f"is no regular expression ({reason})", "correct the expression")


def _queries(shapes: Graph) -> Iterator[Fault]:
    constraints = set(shapes.objects(None, SH.sparql))
    for constraint in constraints:
        if isinstance(constraint, Literal):
            continue
        selects = list(shapes.objects(constraint, SH.select))
        if len(selects) != 1 or not _is_string(shapes, selects[0]):
            mend = "give the constraint one sh:select, a text in quotes"
            yield Fault(constraint, SH.select, selects[0] if selects else None, "must be one query", mend, True)
            continue
        faults = list(_query(shapes, constraint, SH.select, selects[0]))
        yield from faults
        if not faults and not _YIELDS_THIS.search(_bare(str(selects[0]))):
            mend = "let the query be a SELECT that yields $this, the node that is wrong"
            yield Fault(constraint, SH.select, selects[0], "does not yield $this", mend, True)
    # Those of targets, functions and validators run too.
    for holder, query in shapes.subject_objects(SH.select):
        if holder not in constraints:
            yield from _query(shapes, holder, SH.select, query)
    for validator, query in shapes.subject_objects(SH.ask):
        yield from _query(shapes, validator, SH.ask, query)


def _query(shapes: Graph, constraint: Node, parameter: URIRef, query: Node) -> Iterator[Fault]:
    found = {one.upper() for one in _FORBIDDEN.findall(_bare(str(query)))}
    word = "SERVICE" if "SERVICE" in found else min(found, default="")
    is_bound_before = parameter == SH.ask or (None, SH.sparql, constraint) in shapes
    if word == "SERVICE" or (word and is_bound_before):
        mend = _INSTEAD[word]
        yield Fault(constraint, parameter, query, f"has {word}, which a shape may not have", mend, True)
        return
    prefixes = _prefixes(shapes, constraint)
    # $PATH stands for a property path, whatever it is (SHACL, section 5.2.3).
    problem = query_problem(str(query).replace("$PATH", "<urn:p>"), prefixes, of_any_form=True)
    if problem is None or not _is_refused(str(query), prefixes):
        return
    used = set(re.findall(r"(?<![\w<?$:])([A-Za-z][\w.-]*|):[\w%\\-]", str(query)))
    missing = sorted(used - prefixes.keys() - set(re.findall(r"(?i)prefix\s+([\w.-]*):", str(query))) - {"_"})
    where = f"line {problem.line}, column {problem.column} of the query"
    if "prefix" in problem.message and missing:
        what = f"uses the prefix {missing[0]}:, which is not declared for it ({where})"
        mend = f"declare {missing[0]}: with sh:declare at what sh:prefixes of the constraint names, or write whole IRIs"
        yield Fault(constraint, parameter, query, what, mend, True)
        return
    yield Fault(constraint, parameter, query, f"is not SPARQL ({problem.message}; {where})", "correct the query", True)


_FORBIDDEN: Final = re.compile(r"(?<![\w?$:.%-])(?:SERVICE|MINUS|VALUES)(?![\w:-])", re.IGNORECASE)
"""What no query of a constraint may have (SHACL, appendix A.1), and SERVICE no query at all."""
_INSTEAD: Final = {
    "SERVICE": "take the call out: no query of a shape leaves this machine",
    "MINUS": "write FILTER NOT EXISTS { ... }",
    "VALUES": "write FILTER (?x IN (...))",
}
_YIELDS_THIS: Final = re.compile(r"\bSELECT\b(?:[^{]*[?$]this\b|\s*\*)", re.IGNORECASE)


def _bare(query: str) -> str:
    """Return a query without its comments, strings and IRIs."""
    return re.sub(r"#.*|\"[^\"]*\"|'[^']*'|<[^<>\"{}|^`\\\s]*>", "", query)


def _is_refused(query: str, prefixes: Mapping[str, str]) -> bool:
    """Tell whether rdflib, on which pyshacl runs queries, refuses one: some are only SPARQL with $this bound before."""
    from rdflib.plugins.sparql import prepareQuery  # noqa: PLC0415 - it takes long to import, and is seldom asked

    try:
        prepareQuery(query.replace("$PATH", "<urn:p>"), initNs=dict(prefixes))
    except Exception:  # noqa: BLE001 - it raises whatever its parser does
        return True
    return False


def _prefixes(shapes: Graph, constraint: Node) -> dict[str, str]:
    """Return the prefixes of a constraint (SHACL, section 5.2.1)."""
    found: dict[str, str] = {}
    for named in shapes.objects(constraint, SH.prefixes):
        for one in {named, *shapes.transitive_objects(named, URIRef("http://www.w3.org/2002/07/owl#imports"))}:
            for declaration in shapes.objects(one, SH.declare):
                prefix, namespace = shapes.value(declaration, SH.prefix), shapes.value(declaration, SH.namespace)
                if prefix is not None and namespace is not None:
                    found[str(prefix)] = str(namespace)
    return found


_COUNTS: Final = (SH.qualifiedMinCount, SH.qualifiedMaxCount)


def _halves(shapes: Graph) -> Iterator[Fault]:
    """Yield the parameters that mean nothing without another (SHACL, section 4.7.3)."""
    for count in _COUNTS:
        for shape, value in shapes.subject_objects(count):
            if (shape, SH.qualifiedValueShape, None) not in shapes:
                mend = "say with sh:qualifiedValueShape what is counted, or write sh:minCount or sh:maxCount"
                yield Fault(shape, count, value, "is at a shape without sh:qualifiedValueShape", mend)
    for shape, value in shapes.subject_objects(SH.qualifiedValueShape):
        if not any((shape, count, None) in shapes for count in _COUNTS):
            mend = "add sh:qualifiedMinCount or sh:qualifiedMaxCount"
            yield Fault(shape, SH.qualifiedValueShape, value, "is at a shape that does not say how many", mend)


def _components(shapes: Graph) -> Iterator[Fault]:
    for component, validators in _validators(shapes).items():
        parameters = list(shapes.objects(component, SH.parameter))
        if not parameters:
            mend = "give the component its parameters, each with sh:path"
            yield Fault(component, SH.parameter, None, "is missing at a constraint component", mend, True)
        for one in parameters:
            paths = list(shapes.objects(one, SH.path))
            if len(paths) != 1 or not isinstance(paths[0], URIRef):
                mend = "give the parameter one sh:path, an IRI"
                yield Fault(component, SH.parameter, one, "must have one sh:path, an IRI", mend, True)
        if not validators:
            mend = "give the component one of sh:validator, sh:nodeValidator and sh:propertyValidator"
            yield Fault(component, SH.validator, None, "is missing at a constraint component", mend, True)


def _validators(shapes: Graph) -> dict[Node, set[Node]]:
    """Return the validators of each constraint component that is declared (SHACL, section 6.2.3)."""
    kinds = (SH.validator, SH.nodeValidator, SH.propertyValidator)
    components = set(shapes.subjects(RDF.type, SH.ConstraintComponent))
    return {one: {validator for kind in kinds for validator in shapes.objects(one, kind)} for one in components}
