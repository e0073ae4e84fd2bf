"""Findings of shapes in data, both given as Turtle, without files."""

from __future__ import annotations

from pathlib import Path

from server.namespaces import CANONICAL_BASE, Namespaces
from server.records.findings import Finding
from server.turtle.base import Base, Shapes
from server.turtle.prefixes import declared_in
from server.turtle.source_files import SourceFile, read_text
from server.validation.locating import Locator
from server.validation.shacl import Asking, shacl_findings

HEAD = """@prefix : <urn:x:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
LINES = HEAD.count("\n")
"""How many lines are before what is asked about."""


def file_of(name: str, text: str) -> SourceFile:
    """Return a file with the usual prefixes."""
    read = read_text(name, HEAD + text)
    assert isinstance(read, SourceFile), read
    return read


def base_of(data: str, shapes: str) -> Base:
    """Return a project with one file of data and one of shapes."""
    files = file_of("data.ttl", data), file_of("shapes.ttl", shapes)
    return Base(
        root=Path(),
        namespaces=Namespaces(CANONICAL_BASE, declared=declared_in([HEAD]), is_foreign=True),
        files=files[:1],
        unreadable=(),
        ontology_files=(),
        foreign=Shapes(Path(), files[1:]),
        is_tolerant=True,
    )


def found(data: str, shapes: str, asking: Asking | None = None) -> list[Finding]:
    """Return what shapes find in data, in order of places."""
    base = base_of(data, shapes)
    return sorted(shacl_findings(base, base.shapes, Locator(base, base.shapes_files), asking=asking))


def show(iri: str) -> str:
    """Shorten an IRI by the usual prefixes."""
    return base_of("", "").namespaces.compact(iri)
