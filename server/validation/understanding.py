"""What a check passes over because it does not understand it: it is never silent about that."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, SH, BNode, Graph
from rdflib.term import Node

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
NOT_USED = RuleText(
    "shapes-not-used",
    "Shapes are where shapes are looked for.",
    "The file has shapes that nothing is checked by: shapes are read from {place}.",
    "move them there, if they should be used.",
    Severity.INFO,
)

FILE_RULES = (FILE_PASSED_OVER, NOT_FOUND, NOT_USED)
SHAPE_RULES = (NOT_UNDERSTOOD,)

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


def _named(shapes: Graph, node: Node) -> str:
    """Return the IRI of a shape; for one without a name, that of the shape that contains it."""
    seen: set[Node] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = min(shapes.subjects(None, node), key=str, default=node)
    return str(node)
