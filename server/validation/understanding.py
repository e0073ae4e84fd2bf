"""What a check passes over because it does not understand it: it is never silent about that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ..guessing import nearest
from ..records.findings import Finding, Severity
from ..schema.generated import CONTEXT
from ..serialization import read_formats
from ..turtle.base import Base
from ..turtle.files import is_passed_over
from ..turtle.imports import IMPORT_NOT_FOUND, by_name, imports_of, not_found
from ..turtle.kinds import format_of, suffix_of, unread_kind
from ..turtle.projects import PASSED_OVER
from ..turtle.source_files import SourceFile, decoded
from .engines.advanced import unrun
from .engines.exact import NEWER, TO_SHAPES
from .engines.results import members
from .locating import Locator
from .rule_text import RuleText

FILE_PASSED_OVER = RuleText(
    PASSED_OVER,
    "Each file that seems to hold statements is read.",
    "The file is passed over: {why}.",
    "write it in Turtle or another format that is read, or move it away, if it matters.",
    Severity.INFO,
)
NOT_FOUND = RuleText(
    IMPORT_NOT_FOUND,
    "What is imported is among the files that are read, or has a local copy.",
    "<{iri}> is imported and not found, so that what it says counts for nothing; nothing is fetched.",
    "say where its copy is, with --import {iri}=FILE or in catalog-v001.xml.",
    Severity.INFO,
)
"""Broken by what the reader finds."""
NOT_UNDERSTOOD = RuleText(
    "shape-not-understood",
    "A shape says only what the engines run.",
    "{term} has no effect here: {why}.",
    "say it in SHACL Core or SHACL-SPARQL, or have another engine check it too.",
    Severity.INFO,
)
SHAPE_NOT_FOUND = RuleText(
    "shape-not-found",
    "What a shape names as another shape is one; an IRI that says nothing of nodes is a shape to which all conform.",
    "{parameter} names {shape}, which is no shape here, so that every node conforms to it.",
    "name a shape that is there{suggestion}, read the file that has it too, or make it a sh:NodeShape.",
    Severity.INFO,
)
FROM_PASSED_OVER = RuleText(
    "shape-from",
    "A query of a shape asks the data that are checked, and names no others.",
    "FROM has no effect in the query of {parameter}: it is asked of the data that are checked.",
    "take FROM and FROM NAMED out of the query, and check the graph that they name by itself, if it matters.",
    Severity.INFO,
)
NOT_USED = RuleText(
    "shapes-not-used",
    "Shapes are where shapes are looked for.",
    "The file has shapes that nothing is checked by: shapes are read from {place}.",
    "move them there, if they should be used.",
    Severity.INFO,
)

FILE_RULES = (FILE_PASSED_OVER, NOT_FOUND, NOT_USED)
SHAPE_RULES = (NOT_UNDERSTOOD, SHAPE_NOT_FOUND, FROM_PASSED_OVER)

_RULES: Final = frozenset(rule.name for rule in (*FILE_RULES, *SHAPE_RULES))


def made_strict(findings: Collection[Finding]) -> set[Finding]:
    """Return findings with what was not understood as violations."""
    return {replace(one, severity=Severity.VIOLATION) if one.rule in _RULES else one for one in findings}


def file_remarks(base: Base) -> Iterator[Finding]:
    """Yield which files were passed over, and which imports not found."""
    if base.foreign is not None:
        yield from base.remarks
        for file in base.foreign.unused:
            yield _unused(file, "the files that --shapes names")
        return
    read = {*base.ontology_files, *base.shapes_files}
    known = by_name(read)
    for file in sorted(read, key=lambda file: file.path):
        for subject, iri in imports_of(file):
            if iri.rstrip("#") not in known:
                yield replace(not_found(file, subject, str(OWL.imports), iri), mend=_TAKE_IN)
    for file in base.ontology_files:
        if any((None, RDF.type, kind) in file.graph for kind in (SH.NodeShape, SH.PropertyShape)):
            yield _unused(file, "shapes/")
    for folder in (base.root / "ontology", base.shapes_folder):
        # What is to be read and cannot be is a finding of its own.
        tried = {*(file.path for file in read), *(one.file for one in (*base.unusable, *base.unusable_shapes))}
        yield from _unread(base.root, folder, tried)


_TAKE_IN: Final = "put a copy of it into the folder of this file, if it matters."


def _unused(file: SourceFile, place: str) -> Finding:
    return NOT_USED.broken_at(file.path, 1, 1, place=place)


def _unread(root: Path, folder: Path, read: Collection[str]) -> Iterator[Finding]:
    """Yield the files of a folder of a base that are not read, of those that seem to hold statements."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name in {*read, CONTEXT} or is_passed_over(name) or not path.is_file():
            continue
        if _holds_statements(path):
            is_turtle = path.suffix == ".ttl"
            why = f"only the files of {folder.name}/ itself are read" if is_turtle else "only .ttl files are read here"
            yield FILE_PASSED_OVER.broken_at(name, 1, 1, why=why)


def _holds_statements(path: Path) -> bool:
    suffix = suffix_of(path)
    if suffix in {".json", ".xml"}:
        text = decoded(path, path.name)
        return isinstance(text, str) and not isinstance(format_of(suffix, text), str)
    return suffix in read_formats() or bool(unread_kind(path))


def shape_remarks(base: Base, shapes: Graph, locator: Locator, why_not_newer: str) -> Iterator[Finding]:
    """Yield what shapes say that has no effect; `why_not_newer` as for `unrun`."""
    for subject, predicate, value, why in unrun(shapes, why_not_newer):
        term = value if str(value).startswith(str(SH)) and not str(predicate).startswith(str(SH)) else predicate
        yield NOT_UNDERSTOOD.broken_by(
            locator,
            _named(shapes, subject),
            str(predicate),
            "" if isinstance(value, BNode) else str(value),
            term=base.namespaces.compact(str(term)) if term != SH.entailment else f"sh:entailment {value}",
            why=why,
        )
    terms = [term for term in TO_SHAPES if not why_not_newer or term not in NEWER]
    yield from _not_found(base, shapes, locator, terms)
    yield from _from(base, shapes, locator)


def _not_found(base: Base, shapes: Graph, locator: Locator, terms: Collection[URIRef]) -> Iterator[Finding]:
    """Yield which IRIs are named as shapes and are none; that a property shape has no sh:path is ill-formed anyway."""
    known = _known_shapes(shapes)
    compact = base.namespaces.compact
    names = sorted({compact(str(shape)) for shape in known if isinstance(shape, URIRef)})
    for parameter in terms:
        for subject, value in shapes.subject_objects(parameter) if parameter != SH.property else ():
            if isinstance(value, URIRef) and value not in known:
                yield _of_nothing(locator, (str(subject), str(parameter), value), compact, parameter, names)
    for parameter in _LISTS:
        for head in set(shapes.objects(None, parameter)):
            for cell in shapes.transitive_objects(head, RDF.rest) if members(shapes, head) else ():
                for value in shapes.objects(cell, RDF.first):
                    if isinstance(value, URIRef) and value not in known:
                        yield _of_nothing(locator, (str(cell), str(RDF.first), value), compact, parameter, names)


_LISTS: Final = (SH["and"], SH["or"], SH.xone)


def _of_nothing(
    locator: Locator,
    triple: tuple[str, str, URIRef],
    compact: Callable[[str], str],
    parameter: URIRef,
    names: list[str],
) -> Finding:
    shape = compact(str(triple[2]))
    near = nearest(shape, names, 70)
    return SHAPE_NOT_FOUND.broken_by(
        locator, *triple, parameter=compact(parameter), shape=shape, suggestion=f", such as {near}" if near else ""
    )


_SHAPE_CLASSES: Final = (SH.Shape, SH.NodeShape, SH.PropertyShape)


def _known_shapes(shapes: Graph) -> set[Node]:
    """Return the nodes that are shapes by what is said of them (SHACL, section 2.1), and not only by being named."""
    kinds = {kind for top in _SHAPE_CLASSES for kind in shapes.transitive_subjects(RDFS.subClassOf, top)}
    parameters = {path for one in shapes.objects(None, SH.parameter) for path in shapes.objects(one, SH.path)}
    return {
        subject
        for subject, predicate, value in shapes
        if str(predicate).startswith(str(SH)) or predicate in parameters or (predicate == RDF.type and value in kinds)
    }


def _from(base: Base, shapes: Graph, locator: Locator) -> Iterator[Finding]:
    """Yield which queries of shapes name the data that they ask (SPARQL, section 13.2)."""
    for parameter in (SH.select, SH.ask):
        for holder, query in shapes.subject_objects(parameter):
            if isinstance(query, Literal) and _has_from(str(query)):
                words = {"parameter": base.namespaces.compact(parameter)}
                yield FROM_PASSED_OVER.broken_by(locator, str(holder), parameter, query, **words)


def _has_from(query: str) -> bool:
    if "from" not in query.lower():
        return False
    from rdflib.plugins.sparql.parser import parseQuery  # noqa: PLC0415 - it takes long to import, and is seldom asked

    try:
        return "datasetClause" in parseQuery(query.replace("$PATH", "<urn:p>"))[1]
    except Exception:  # noqa: BLE001 - what its parser refuses is ill-formed, which is a finding of its own
        return False


def _named(shapes: Graph, node: Node) -> str:
    """Return the IRI of a shape; for one without a name, that of the shape that contains it."""
    seen: set[Node] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = min(shapes.subjects(None, node), key=str, default=node)
    return str(node)
