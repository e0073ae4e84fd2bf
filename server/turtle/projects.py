"""Reads any RDF project as a base, so that it can be checked: any folders, any names, any IRIs.

Turtle and N-Triples keep their lines and columns; other formats have a file only. Nothing is fetched: imports and
contexts are looked for in the places that are read, and where catalogues and options say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rdflib import SH

from ..namespaces import CANONICAL_BASE, Namespaces
from ..records.findings import Finding, Severity
from ..records.progress import Progress, no_progress
from ..serialization import JSON_LD, N3, N_TRIPLES, TURTLE, Format
from ..store.parsing import SyntaxProblem
from .base import Base, Shapes
from .contexts import MissingContextError, with_local_contexts
from .imports import Find, by_name, with_imports
from .kinds import format_of, suffix_of, unread_kind
from .local_copies import LocalCopies, local_copies
from .parsing import ntriples_of
from .prefixes import declared_in
from .project_files import Ignored, Listing, list_files, nothing_ignored
from .source_files import SourceFile, decoded, shown_name

PASSED_OVER: Final = "file-passed-over"
"""The rule that each file which seems to hold statements is read."""

_SHAPES: Final = re.compile(
    rf" <{re.escape(str(SH))}(?:target(?:Class|Node|SubjectsOf|ObjectsOf)?|property|path|rule|validator|sparql)> "
    rf"| <{re.escape(str(SH))}(?:NodeShape|PropertyShape|ConstraintComponent)> \."
)
"""What the N-Triples of a file with shapes have."""


@dataclass(frozen=True)
class Reading:
    """How a project is read, beyond its places."""

    imports: Mapping[str, Path] = field(default_factory=dict)
    """The files in which documents are, by their IRIs: ontologies and shapes that are imported, contexts of JSON-LD."""
    ignored: Ignored = nothing_ignored
    """What git ignores."""
    is_left_out: Callable[[Path], bool] = lambda _: False
    """Tells whether a file is not read wherever it is, such as a report of this run."""
    root: Path | None = None
    """The folder to which the names of files are relative; the working directory where it is None."""


_USUAL: Final = Reading()


def read_project(
    data: Path,
    shapes: Path | None,
    ontology: Path | None,
    progress: Progress = no_progress,
    reading: Reading = _USUAL,
) -> Base:
    """Read a project whose data, shapes and ontology are in three places, each a folder or one file.

    Without a place for shapes, those among the data are taken. A bad file becomes a finding; one of the shapes or the
    ontology keeps a part of a check from being done. What is passed over is a remark. Raises UsageError for a place
    that is not there or holds no RDF, but for shapes that are rules alone.
    """
    places = [place for place in (data, shapes, ontology) if place]
    listings = {
        place: list_files(place, reading.ignored, reading.is_left_out, rules_do=place not in {data, ontology})
        for place in places
    }
    reader = _Reader(reading, listings)
    read: list[SourceFile | Finding] = []
    paths = listings[data].files
    for done, path in enumerate(paths):
        progress("read", done, len(paths))
        if (one := reader.read(path, is_named=listings[data].is_named)) is not None:
            read.append(one)
    progress("read", len(paths), len(paths))
    of_ontology, of_shapes = (list(reader.all_of(listings[place])) if place else [] for place in (ontology, shapes))
    ontology_files = tuple(file for file in of_ontology if isinstance(file, SourceFile))
    shapes_files = tuple(file for file in of_shapes if isinstance(file, SourceFile))
    files = tuple(file for file in read if isinstance(file, SourceFile))
    find = reader.finder((*files, *ontology_files, *shapes_files))
    unread = [one for one in read if isinstance(one, Finding)]
    files, missing = with_imports(files, find, read_elsewhere=ontology_files)
    ontology_files, more = with_imports(ontology_files, find, read_elsewhere=files)
    lacks_ontology = any(isinstance(one, Finding) for one in of_ontology) or any(one.rule == "syntax" for one in more)
    depended_on = list(more)
    among = tuple(file for file in files if has_shapes(file))
    shapes_files = shapes_files if shapes else among
    # Who names shapes for data wants them to be looked at (SHACL, section 3.1).
    linked, more = with_imports(files, find, read_elsewhere=shapes_files, property_=str(SH.shapesGraph))
    shapes_files, depended_on = (*shapes_files, *linked[len(files) :]), [*depended_on, *more]
    shapes_files, more = with_imports(shapes_files, find)
    depended_on += more
    broken = [one for one in depended_on if one.rule == "syntax"]
    unread_imports = [one for one in missing if one.rule == "syntax" and one not in broken]
    folder = shapes if shapes and shapes.is_dir() else (shapes or data).parent
    used = {file.path for file in shapes_files}
    everything = tuple({file.path: file for file in (*shapes_files, *ontology_files, *files)}.values())
    return Base(
        root=reader.root,
        namespaces=Namespaces(CANONICAL_BASE, declared=declared_in(file.text for file in everything), is_foreign=True),
        files=files,
        unreadable=tuple(dict.fromkeys((*unread, *reader.problems, *unread_imports))),
        ontology_files=ontology_files,
        foreign=Shapes(folder.resolve(), shapes_files, tuple(file for file in among if file.path not in used)),
        remarks=tuple(
            dict.fromkeys((*reader.remarks, *(one for one in (*missing, *depended_on) if one.rule != "syntax")))
        ),
        notes=tuple(reader.notes),
        unusable=tuple(
            replace(one, blocks=True)
            for one in dict.fromkeys((*of_ontology, *of_shapes, *broken))
            if isinstance(one, Finding)
        ),
        lacks_ontology=lacks_ontology,
        is_tolerant=True,
    )


def has_shapes(file: SourceFile) -> bool:
    """Tell whether a file has shapes, and does not only name them, as the report of a validation does."""
    return str(SH) in file.ntriples and _SHAPES.search(file.ntriples) is not None


def read_files(root: Path, names: Iterable[str], *, are_named: bool = True) -> dict[str, SourceFile | Finding]:
    """Read files by their paths from a folder; one that cannot be read is a finding.

    One that is no RDF is a finding too when somebody named the files, and else left out.
    """
    reader = _Reader(Reading(root=root), {})
    read = {name: reader.read(root / name, is_named=are_named) for name in names}
    return {name: file for name, file in read.items() if file is not None}


def _about_ignored(place: Path, listing: Listing) -> str:
    named = ", ".join(listing.ignored[:3])
    more = f" and {len(listing.ignored) - 3} more" if len(listing.ignored) > 3 else ""
    return f"In {place} passed over, as git ignores it: {named}{more}."


class _Reader:
    """Reads files, and collects what is said of those that are not read."""

    def __init__(self, reading: Reading, listings: Mapping[Path, Listing]) -> None:
        self.root = (reading.root or Path.cwd()).absolute()
        self.remarks: list[Finding] = []
        self.notes = [_about_ignored(place, one) for place, one in listings.items() if one.ignored]
        self._read: dict[Path, SourceFile | Finding | None] = {}
        self._listings = listings
        for listing in listings.values():
            self.remarks += [self._passed_over(path, unread_kind(path)) for path in listing.unread]
        folders = [place if place.is_dir() else place.parent for place in listings]
        beside = [folder / "catalog-v001.xml" for folder in folders]
        within = [path for one in listings.values() for path in one.files if _is_catalogue(path)]
        catalogues = [path.absolute() for path in (*beside, *within) if path.is_file()]
        self._catalogues = frozenset(catalogues)
        self._copies: LocalCopies = local_copies(self.root, folders, catalogues, reading.imports)
        self.problems = self._copies.problems
        """What is wrong with catalogues."""

    def all_of(self, listing: Listing) -> Iterable[SourceFile | Finding]:
        """Yield the files of a listing but for those that are passed over; a finding in place of one that is bad."""
        for path in listing.files:
            if (read := self.read(path, is_named=listing.is_named)) is not None:
                yield read

    def read(self, path: Path, *, is_named: bool = False) -> SourceFile | Finding | None:
        """Read a file once; None when it is passed over, which is then remarked, unless it was named."""
        if path not in self._read:
            self._read[path] = self._read_file(path, is_named=is_named)
        return self._read[path]

    def finder(self, files: Iterable[SourceFile]) -> Find:
        """Return what finds documents: by the local copies, among files, and beside files that were named."""
        known = by_name(files)

        def find(iri: str) -> SourceFile | Finding | None:
            if (path := self._copies.find(iri)) is not None:
                return self.read(path.absolute(), is_named=True)
            return known.get(iri.rstrip("#")) or self._beside.get(iri.rstrip("#"))

        return find

    @cached_property
    def _beside(self) -> dict[str, SourceFile]:
        """The files beside those that were named, by the IRIs of their ontologies."""
        folders = {place.absolute().parent for place, listing in self._listings.items() if listing.is_named}
        remarks = list(self.remarks)
        paths = [path for folder in sorted(folders) for path in list_files(folder).files if path.parent == folder]
        read = [self.read(path) for path in paths]
        # Nobody asked for these: what is wrong with them is nobody's matter.
        self.remarks[:] = remarks
        return by_name(file for file in read if isinstance(file, SourceFile))

    def _read_file(self, path: Path, *, is_named: bool) -> SourceFile | Finding | None:
        name = shown_name(path, self.root)
        text = decoded(path, name, self._folder_of(path))
        if isinstance(text, Finding):
            return text
        syntax = format_of(suffix_of(path), text)
        if isinstance(syntax, str):
            if is_named:
                return _problem(name, f"Not RDF: it is {syntax}.", "name a file of RDF.")
            if path.absolute() in self._catalogues:
                self.notes.append(f"{name} was read as a catalogue of what is imported, and not as data.")
            else:
                self.remarks.append(self._passed_over(path, syntax))
            return None
        # Where a file has no base of its own, its place within the project is one that is the same on every machine.
        base = f"file:///{quote(name.lstrip('/'))}"
        if syntax is JSON_LD:
            try:
                text = with_local_contexts(text, base, self._text_of)
            except MissingContextError as error:
                mend = f"name a copy of it, with --import {error.iri}=FILE or in catalog-v001.xml."
                return _problem(name, f"Not JSON-LD that can be read: {error.reason}.", mend, *_place(text, error.iri))
        return self._parsed(path, name, text, syntax, base)

    def _parsed(self, path: Path, name: str, text: str, syntax: Format, base: str) -> SourceFile | Finding | None:
        # Most of what is called N3 is Turtle.
        read_as = TURTLE if syntax is N3 else syntax
        written = ntriples_of(text, read_as, base)
        if syntax is N3 and isinstance(written, SyntaxProblem):
            read_as, written = N3, ntriples_of(text, N3, base)
            if isinstance(written, SyntaxProblem) and re.search(r"[{}]|\?[A-Za-z]", text):
                self.remarks.append(self._passed_over(path, "N3 with formulas or variables, which RDF has not"))
                return None
        if isinstance(written, SyntaxProblem):
            mend = written.mend or "look at this place and the text before it."
            return _problem(name, written.sentence(syntax.label), mend, written.line, written.column)
        if read_as in (TURTLE, N_TRIPLES):
            return SourceFile(name, text, written, base)
        return SourceFile(name, written, written, base, is_rewritten=True)

    def _folder_of(self, path: Path) -> Path | None:
        """Return the folder out of which a link in it is not followed; none for a file that was named."""
        folders = (place.absolute() for place in self._listings if place.is_dir())
        return next((folder for folder in folders if path.is_relative_to(folder)), None)

    def _text_of(self, iri: str) -> str | None:
        path = self._copies.find(iri)
        text = decoded(path, shown_name(path, self.root)) if path else None
        return text if isinstance(text, str) else None

    def _passed_over(self, path: Path, kind: str) -> Finding:
        return Finding(
            shown_name(path, self.root), 1, 1, "", "", PASSED_OVER,
            f"The file is passed over: it is {kind}.",
            "write it in Turtle or another format that is read, or move it away, if it matters.",
            Severity.INFO,
        )  # fmt: skip


def _is_catalogue(path: Path) -> bool:
    return path.suffix.lower() == ".xml" and path.name.lower().startswith("catalog")


def _place(text: str, iri: str) -> tuple[int, int]:
    """Return the line and the column at which a document names a context, else the first that it has."""
    at = next((place for mark in (f'"{iri}"', '"@context"') if (place := text.find(mark)) >= 0), 0)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _problem(name: str, message: str, mend: str, line: int = 1, column: int = 1) -> Finding:
    return Finding(name, line, column, "", "", "syntax", message, mend)
