"""What files import (OWL 2, section 3.4; SHACL, section 1.4): looked for on this machine, and said where not found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from rdflib import OWL, RDF

from ..records.findings import Finding, Severity
from .source_files import SourceFile
from .statements import iri_of, is_iri, pairs_in

IMPORT_NOT_FOUND: Final = "import-not-found"
"""The rule that each import is found."""

_ONTOLOGY: Final = f"<{OWL.Ontology}>"

Find = Callable[[str], SourceFile | Finding | None]
"""Reads the document with an IRI; returns what is wrong with it, or None where there is no local copy."""


def imports_of(file: SourceFile, property_: str = str(OWL.imports)) -> Iterator[tuple[str, str]]:
    """Yield what a file imports: the IRI of who imports, and that of the document."""
    for subject, value in pairs_in(file.ntriples, property_):
        if is_iri(value):
            yield iri_of(subject), iri_of(value)


def names_of(file: SourceFile) -> Iterator[str]:
    """Yield the IRIs under which a file is imported: of its place, its ontologies and their versions."""
    yield file.base
    if _ONTOLOGY not in file.ntriples:
        return
    for subject, kind in pairs_in(file.ntriples, str(RDF.type)):
        if kind == _ONTOLOGY and is_iri(subject):
            yield iri_of(subject)
    for _, version in pairs_in(file.ntriples, str(OWL.versionIRI)):
        if is_iri(version):
            yield iri_of(version)


def by_name(files: Iterable[SourceFile]) -> dict[str, SourceFile]:
    """Return files by the IRIs under which they are imported; of several with one IRI, the first."""
    found: dict[str, SourceFile] = {}
    for file in files:
        for name in names_of(file):
            if name:
                found.setdefault(name.rstrip("#"), file)
    return found


def with_imports(
    files: tuple[SourceFile, ...],
    find: Find,
    *,
    read_elsewhere: Iterable[SourceFile] = (),
    property_: str = str(OWL.imports),
) -> tuple[tuple[SourceFile, ...], list[Finding]]:
    """Return files with what they import, and what that imports, and a finding for each import that cannot be read.

    What is in a file that is `read_elsewhere`, in another part of the same base, is not added.
    """
    known, elsewhere = by_name(files), by_name(read_elsewhere)
    paths = {file.path for file in files}
    found, missing = list(files), []
    for file in found:
        for subject, iri in imports_of(file, property_):
            if iri.rstrip("#") in known or iri.rstrip("#") in elsewhere:
                continue
            read = find(iri)
            if not isinstance(read, SourceFile):
                missing.append(read or not_found(file, subject, property_, iri))
                continue
            known |= {iri.rstrip("#"): read} | {name: read for name in by_name((read,)) if name not in known}
            if read.path not in paths:
                paths.add(read.path)
                found.append(read)
    return tuple(found), missing


def not_found(file: SourceFile, subject: str, property_: str, iri: str) -> Finding:
    """Return the finding that a document which a file imports has no local copy."""
    place = file.places.find(subject, property_, iri)
    line, column = place or (0, 0)
    return Finding(
        file.path, line, column, "", "", IMPORT_NOT_FOUND,
        f"<{iri}> is imported and not found, so that what it says counts for nothing; nothing is fetched.",
        f"say where its copy is, with --import {iri}=FILE or in catalog-v001.xml.",
        Severity.INFO,
    )  # fmt: skip
