"""Looks at the shapes themselves: an unknown term in a shape is passed over in silence, and so is its fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from ..guessing import nearest
from ..namespaces import Namespaces
from ..records.findings import Finding, Severity
from ..turtle.base import Base
from ..turtle.lists import items
from .engines.advanced import KNOWN_TERMS
from .locating import Locator
from .rule_text import RuleText
from .sound import Sound

UNKNOWN_TERM = RuleText(
    "shape-unknown-term",
    "Each term of the sh: vocabulary that a shape uses exists.",
    "{term} is not a term of SHACL, so that the engine passes it over.",
    "correct it{suggestion}.",
    Severity.VIOLATION,
)
NO_MATCH = RuleText(
    "shape-no-match",
    "Each shape has something in the base to look at.",
    "No node of the base is a target of the shape ({target}).",
    "correct the target; if it only waits for its first node, leave it.",
    Severity.INFO,
)
NEVER_REACHED = RuleText(
    "shape-never-reached",
    "Each shape has a target, or is named by a shape that has one.",
    "The shape has no target, and no other shape names it, so that it is never used.",
    "give it sh:targetClass or another target, name it in sh:property of the shape it belongs to, or delete it.",
)
UNKNOWN_PATH = RuleText(
    "shape-unknown-path",
    "Each property that a shape names is declared in the ontology, or used in the base.",
    "{term} is a property that nobody declares or uses.",
    "correct it{suggestion}, or declare it in the ontology.",
    Severity.VIOLATION,
)
UNKNOWN_CLASS = RuleText(
    "shape-unknown-class",
    "Each class that a shape names is declared in the ontology, or used in the base.",
    "{term} is a class that nobody declares or uses.",
    "correct it{suggestion}, or declare it in the ontology.",
    Severity.VIOLATION,
)
NO_MESSAGE = RuleText(
    "shape-no-message",
    "Each shape that can fail says in sh:message what is wrong.",
    "The shape has no sh:message, so that its findings speak in the engine's words.",
    'add sh:message "... Mend: ..."@en.',
)
NO_MEND = RuleText(
    "shape-no-mend",
    "Each sh:message says after `Mend:` what to do.",
    "The message of the shape does not say how to fix the fault.",
    "end sh:message with `Mend: ...`.",
)
UNKNOWN_SEVERITY = RuleText(
    "shape-unknown-severity",
    "sh:severity is sh:Info, sh:Warning or sh:Violation.",
    "{term} is no severity that is known here, so that findings count as violations.",
    "write sh:Info, sh:Warning or sh:Violation.",
)

RULES = (
    UNKNOWN_TERM,
    NO_MATCH,
    NEVER_REACHED,
    UNKNOWN_PATH,
    UNKNOWN_CLASS,
    NO_MESSAGE,
    NO_MEND,
    UNKNOWN_SEVERITY,
)

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
# What a shape may say that is no constraint (SHACL, sections 2.1 and 2.3.2).
_NO_CONSTRAINTS = {
    *_TARGETS,
    *(SH.path, SH.property, SH.message, SH.severity, SH.deactivated, SH.flags),
    *(SH.name, SH.description, SH.order, SH.group, SH.defaultValue, SH.rule),
}
_PATHS = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
_WELL_KNOWN = (str(RDF), str(RDFS), str(OWL))


def shapes_lint_findings(base: Base, shapes: Graph, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with the shapes of a base."""
    namespaces = base.namespaces
    judged = sorted(_shapes(shapes), key=str)

    def own_words() -> Iterator[Finding]:
        yield from _unknown_terms(shapes, locator, namespaces)
        for shape in judged:
            yield from _words(shapes, shape, locator, namespaces)

    yield from _SOUND.findings(shapes, namespaces, own_words)
    known = _Known(base)
    for shape in judged:
        yield from _reach(base, shapes, shape, locator)
        yield from _names(shapes, shape, known, locator, namespaces)


_SOUND: Final = Sound()
"""Graphs of shapes with nothing wrong in their own words."""


def _shapes(shapes: Graph) -> set[Node]:
    """Return the shapes whose results are reported; those inside sh:or and the like only help another to judge."""
    typed = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    return typed | set(shapes.objects(None, SH.property))


class _Known:
    """The classes and properties that are declared or used, by IRI and by CURIE."""

    def __init__(self, base: Base) -> None:
        kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)
        properties = {term for kind in kinds for term in base.ontology.subjects(RDF.type, kind)}
        classes = {term for kind in (OWL.Class, RDFS.Class) for term in base.ontology.subjects(RDF.type, kind)}
        self.properties = properties | {URIRef(predicate) for predicate in base.by_predicate}
        self.classes = classes | {URIRef(kind) for kind in base.types}
        compact = base.namespaces.compact
        self.property_names = [compact(str(term)) for term in properties]
        self.class_names = [compact(str(term)) for term in classes]


def _unknown_terms(shapes: Graph, locator: Locator, namespaces: Namespaces) -> Iterator[Finding]:
    names = [str(term).removeprefix(str(SH)) for term in dir(SH)]

    def unknown(term: Node) -> bool:
        # What is known and not run is remarked where shapes are run.
        is_foreign = not isinstance(term, URIRef) or not term.startswith(str(SH))
        return not (is_foreign or _is_term(term) or str(term) in KNOWN_TERMS)

    # Terms of rdflib are slow to sort, and few triples, if any, have one that is unknown. A rule of its own is about
    # severities.
    suspect = [triple for triple in shapes if triple[1] != SH.severity and any(map(unknown, triple[1:]))]
    for subject, predicate, value in sorted(suspect):
        for term in filter(unknown, (predicate, value)):
            yield UNKNOWN_TERM.broken_by(
                locator,
                _named(shapes, subject),
                str(predicate),
                str(value) if term is value else "",
                term=namespaces.compact(str(term)),
                suggestion=_suggestion(str(term).removeprefix(str(SH)), names, "sh:"),
            )


def _is_term(term: Node) -> bool:
    """Tell whether a node is a term of SHACL: rdflib's namespace is closed."""
    namespace, name = str(term)[: len(str(SH))], str(term)[len(str(SH)) :]
    try:
        return namespace == str(SH) and bool(SH[name])
    except AttributeError:
        return False


def _reach(base: Base, shapes: Graph, shape: Node, locator: Locator) -> Iterator[Finding]:
    targets = [(kind, value) for kind in _TARGETS for value in shapes.objects(shape, kind)]
    is_class = (shape, RDF.type, RDFS.Class) in shapes or (shape, RDF.type, OWL.Class) in shapes
    if not targets and not is_class and (None, None, shape) not in shapes:
        yield NEVER_REACHED.broken_by(locator, _named(shapes, shape))
    # A property of the ontology that no edge carries yet is no fault; another rule reports what is declared nowhere.
    waiting = {SH.targetClass: _instances, SH.targetNode: _node}
    if targets and all(kind in waiting and not waiting[kind](base, value) for kind, value in targets):
        kind, value = targets[0]
        if isinstance(value, BNode):
            return  # it is ill-formed
        shown = f"{base.namespaces.compact(str(kind))} {base.namespaces.compact(str(value))}"
        yield NO_MATCH.broken_by(locator, _named(shapes, shape), str(kind), str(value), target=shown)


def _instances(base: Base, class_: Node) -> bool:
    under = {class_, *base.ontology.transitive_subjects(RDFS.subClassOf, class_)}
    return any(str(kind) in base.types for kind in under)


def _node(base: Base, node: Node) -> bool:
    name = node.n3()
    return any(f"\n{name} " in f"\n{file.ntriples}" or f" {name} .\n" in file.ntriples for file in base.all_files)


def _words(shapes: Graph, shape: Node, locator: Locator, namespaces: Namespaces) -> Iterator[Finding]:
    focus = _named(shapes, shape)
    can_fail = any(_is_term(p) and p not in _NO_CONSTRAINTS for p in shapes.predicates(shape))
    messages = [str(message) for message in shapes.objects(shape, SH.message)]
    if can_fail and not messages:
        yield NO_MESSAGE.broken_by(locator, focus)
    for message in messages:
        if "Mend:" not in message:
            yield NO_MEND.broken_by(locator, focus, str(SH.message), message)
    for severity in shapes.objects(shape, SH.severity):
        # What is no IRI is ill-formed.
        if isinstance(severity, URIRef) and severity not in (SH.Info, SH.Warning, SH.Violation):
            yield UNKNOWN_SEVERITY.broken_by(
                locator, focus, str(SH.severity), str(severity), term=namespaces.compact(str(severity))
            )


def _names(shapes: Graph, shape: Node, known: _Known, locator: Locator, namespaces: Namespaces) -> Iterator[Finding]:
    named: list[tuple[URIRef, Node]] = []
    for path in shapes.objects(shape, SH.path):
        named += [(SH.path, node) for node in _in_path(shapes, path)]
    named += [
        (kind, node) for kind in (SH.targetSubjectsOf, SH.targetObjectsOf) for node in shapes.objects(shape, kind)
    ]
    classes = [(kind, node) for kind in (SH.targetClass, SH["class"]) for node in shapes.objects(shape, kind)]
    for rule, terms, declared, names in (
        (UNKNOWN_PATH, named, known.properties, known.property_names),
        (UNKNOWN_CLASS, classes, known.classes, known.class_names),
    ):
        for kind, term in terms if names else ():
            # Where no ontology is given, nobody can have declared anything.
            if isinstance(term, URIRef) and term not in declared and not str(term).startswith(_WELL_KNOWN):
                curie = namespaces.compact(str(term))
                yield rule.broken_by(
                    locator,
                    _named(shapes, shape),
                    str(kind),
                    str(term),
                    term=curie,
                    suggestion=_suggestion(curie, names),
                )


def _in_path(shapes: Graph, path: Node) -> Iterator[URIRef]:
    """Yield the properties in a path (SHACL, section 2.3.1), which need not be well-formed."""
    seen: set[Node] = set()
    rest = [path]
    while rest:
        part = rest.pop()
        if isinstance(part, URIRef):
            yield part
        elif part not in seen:
            seen.add(part)
            rest += [*items(shapes, part), *(node for step in _PATHS for node in shapes.objects(part, step))]


def _named(shapes: Graph, node: Node) -> str:
    """Return the IRI of a shape; for one without a name, that of the shape that contains it."""
    seen: set[Node] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = next(iter(shapes.subjects(None, node)), node)
    return str(node)


def _suggestion(wrong: str, names: list[str], prefix: str = "") -> str:
    best = nearest(wrong, names, 70)
    return f" (did you mean {prefix}{best}?)" if best else ""
