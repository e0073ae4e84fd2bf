"""Reads any RDF project as a base, so that it can be checked: any folders, any names, any IRIs.

Turtle and N-Triples keep their lines and columns; RDF/XML and JSON-LD have a file only. Nothing is fetched.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from ..errors import UsageError
from ..namespaces import CANONICAL_BASE, Namespaces
from ..records.findings import Finding
from ..records.progress import Progress, no_progress
from ..serialization import N_TRIPLES, RDF_XML, TURTLE, read_formats
from ..store.parsing import SyntaxProblem
from .base import Base, Shapes
from .parsing import ntriples_of
from .prefixes import declared_in
from .source_files import SourceFile, decoded, shown_name


def read_project(data: Path, shapes: Path | None, ontology: Path | None, progress: Progress = no_progress) -> Base:
    """Read a project whose data, shapes and ontology are in three places, each a folder or one file.

    A bad file becomes a finding; one of the shapes or the ontology keeps a part of a check from being done. Raises
    UsageError for a place that is not there or holds no RDF.
    """
    root = Path.cwd()
    paths = files_in(data)
    read: list[SourceFile | Finding] = []
    for done, path in enumerate(paths):
        progress("read", done, len(paths))
        read.append(_read(path, root))
    progress("read", len(paths), len(paths))
    of_ontology = [_read(path, root) for path in files_in(ontology)] if ontology else []
    of_shapes = [_read(path, root) for path in files_in(shapes)] if shapes else []
    ontology_files = tuple(file for file in of_ontology if isinstance(file, SourceFile))
    shapes_files = tuple(file for file in of_shapes if isinstance(file, SourceFile))
    files = tuple(file for file in read if isinstance(file, SourceFile))
    folder = shapes if shapes and shapes.is_dir() else (shapes or data).parent
    return Base(
        root=root,
        namespaces=Namespaces(
            CANONICAL_BASE,
            declared=declared_in(file.text for file in (*shapes_files, *ontology_files, *files)),
            is_foreign=True,
        ),
        files=files,
        unreadable=tuple(finding for finding in read if isinstance(finding, Finding)),
        ontology_files=ontology_files,
        foreign=Shapes(folder.resolve(), shapes_files),
        unusable=tuple(replace(one, blocks=True) for one in (*of_ontology, *of_shapes) if isinstance(one, Finding)),
        is_tolerant=True,
    )


def files_in(place: Path) -> list[Path]:
    """Return the RDF files of a place, sorted; hidden ones are passed over. Raises UsageError where there is none."""
    place = place.absolute()
    if not place.exists():
        raise UsageError(f"{place} is not there.", "name a folder of RDF files, or one such file.")
    found = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())
    suffixes = read_formats()
    files = [
        path
        for path in found
        if _suffix(path) in suffixes
        and not any(part.startswith(".") for part in path.relative_to(place.parent).parts[1:])
    ]
    if not files:
        raise UsageError(f"{place} has no RDF file.", f"name one with files that end in {', '.join(suffixes)}.")
    return files


def _read(path: Path, root: Path) -> SourceFile | Finding:
    name = shown_name(path, root)
    text = decoded(path, name)
    if isinstance(text, Finding):
        return text
    syntax = read_formats()[_suffix(path)]
    # N-Triples are a part of Turtle, and many an ontology in Turtle is called .owl.
    if syntax is N_TRIPLES or (syntax is RDF_XML and not text.lstrip("\ufeff \t\r\n").startswith("<")):
        syntax = TURTLE
    # Where a file has no base of its own, its place within the project is one that is the same on every machine.
    base = f"file:///{quote(name.lstrip('/'))}"
    written = ntriples_of(text, syntax, base)
    if isinstance(written, SyntaxProblem):
        return Finding(
            name, written.line, written.column, "", "", "syntax",
            f"Not {syntax.label}: {written.message}.", "look at this place and the text before it.",
        )  # fmt: skip
    if syntax is TURTLE:
        return SourceFile(name, text, written, base)
    return SourceFile(name, written, written, base, is_rewritten=True)


def _suffix(path: Path) -> str:
    """Return the end of a file's name that says its format; the file may be gzipped, with `.gz` after that."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()
