"""Reads a base: the ontology, the shapes, and every Turtle file of `kb/`, without stopping at the first bad one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from ..errors import UnreadableError
from ..namespaces import Namespaces
from ..records import Finding, Progress, no_progress
from ..store.embedded import syntax_problem
from .parsing import parse

_PREFIX = re.compile(r"@prefix\s+([\w-]*):\s*<([^>]*)>")
_NAME = re.compile(r"<(?P<iri>[^<>\s]+)>|(?P<prefix>[\w-]*):(?P<local>[\w.-]*\w)")

ONTOLOGY_FILES = ("akb.ttl", "schemes.ttl", "alignments.ttl")


@dataclass(frozen=True)
class SourceFile:
    """One Turtle file that could be read. `path` is relative to the root, with forward slashes."""

    path: str
    text: str
    graph: Graph

    def line_of(self, term: str) -> int:
        """Return the line (from 1) on which statements about an IRI start, else the first that names it, else 1."""
        return self._places[0].get(term) or self._places[1].get(term, 1)

    @cached_property
    def _places(self) -> tuple[dict[str, int], dict[str, int]]:
        """The first line that starts with each IRI, and the first that names it."""
        prefixes = dict(_PREFIX.findall(self.text))
        starts: dict[str, int] = {}
        named: dict[str, int] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            for match in _NAME.finditer(line):
                iri = match["iri"] or prefixes.get(match["prefix"], "") + (match["local"] or "")
                named.setdefault(iri, number)
                if match.start() == 0:
                    starts.setdefault(iri, number)
        return starts, named


@dataclass(frozen=True)
class Base:
    """A knowledge base as it stands in its folder."""

    root: Path
    namespaces: Namespaces
    files: tuple[SourceFile, ...]
    """The files of `kb/` that are Turtle, in order of their paths."""
    unreadable: tuple[Finding, ...]
    """One finding for each file of `kb/` that is not."""
    ontology_files: tuple[SourceFile, ...]

    @cached_property
    def ontology(self) -> Graph:
        """The union of the ontology's files."""
        return union(self.ontology_files)

    @cached_property
    def asserted(self) -> Graph:
        """The union of the files of `kb/`."""
        return union(self.files)


def read_base(root: Path, namespaces: Namespaces, progress: Progress = no_progress) -> Base:
    """Read the base in the folder `root`.

    A bad file in `kb/` becomes a finding. Raises UnreadableError for a bad ontology file: nothing can be
    said about a base without it.
    """
    ontology = []
    for name in ONTOLOGY_FILES:
        path = root / "ontology" / name
        if path.exists():
            read = read_file(path, root)
            if isinstance(read, Finding):
                raise UnreadableError(f"{read.file}:{read.line}: {read.message}", read.mend)
            ontology.append(read)
    paths = sorted(kb_files(root))
    files: list[SourceFile] = []
    unreadable: list[Finding] = []
    for done, path in enumerate(paths):
        progress("read", done, len(paths))
        read = read_file(path, root)
        if isinstance(read, Finding):
            unreadable.append(read)
        else:
            files.append(read)
    progress("read", len(paths), len(paths))
    return Base(root, namespaces, tuple(files), tuple(unreadable), tuple(ontology))


def kb_files(root: Path) -> Iterator[Path]:
    """Yield every file under `kb/`, whatever its name; hidden files and editors' back-ups are passed over."""
    for path in (root / "kb").rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if path.is_file() and not hidden and not path.name.endswith("~"):
            yield path


def read_file(path: Path, root: Path) -> SourceFile | Finding:
    """Read one Turtle file, or say in a finding why it cannot be read."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

    def refuse(line: int, message: str, mend: str, column: int = 0) -> Finding:
        return Finding(name, line, column, focus="", label="", rule="syntax", message=message, mend=mend)

    if path.suffix != ".ttl":
        return refuse(1, "Not a Turtle file.", "name it <slug>.ttl, or move it out of kb/.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return refuse(line, f"Not UTF-8: byte {error.start} cannot be decoded.", "save the file as UTF-8.")
    except OSError as error:
        return refuse(1, f"Cannot be read: {error.strerror}.", "check the file's permissions.")
    problem = syntax_problem(text)
    if problem is not None:
        return refuse(
            # A statement without an end is noticed behind the last line.
            min(problem.line, max(1, len(text.splitlines()))),
            f"Not Turtle: {problem.message}.",
            "look at this place and the end of the statement before it: a missing ; . or quote is usual.",
            problem.column,
        )
    return SourceFile(name, text, parse(text))


def fingerprint(root: Path, salt: str) -> str:
    """Return a SHA-256 over `salt` and the names and bytes of every file that a build reads."""
    digest = hashlib.sha256(salt.encode())
    paths = [path for part in ("ontology", "shapes") for path in (root / part).rglob("*") if path.is_file()]
    for path in sorted([*paths, *kb_files(root)]):
        digest.update(b"\0" + path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def union(files: tuple[SourceFile, ...]) -> Graph:
    """Return a new graph with the triples of several files."""
    graph = Graph(bind_namespaces="none")
    for file in files:
        for triple in file.graph:
            graph.add(triple)
    return graph
