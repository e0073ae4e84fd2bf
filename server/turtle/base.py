"""A knowledge base as its folder has it: its files, its ontology and shapes, and what they say together."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from rdflib import RDF, Graph

from ..namespaces import Namespaces
from ..records.findings import Finding
from .limits import bytes_of
from .pieces import Pieces
from .positions import Places
from .source_files import SourceFile, certain, read_known, read_text
from .statements import iri_of, is_iri, pairs_in

ByPredicate = Mapping[str, Sequence[tuple[str, str]]]
"""Subjects and objects, written as in N-Triples, by the IRI of the predicate that joins them."""

_NAME = re.compile(r"<(?P<iri>[^<>\s]+)>|(?P<prefix>[\w-]*):(?P<local>[\w-]+)")

DEFAULTS = "what akb assumes"
"""The name of the file with defaults for what the ontology of a base does not state of its terms."""


@dataclass(frozen=True)
class Shapes:
    """The shapes of a project in another form than ours: their files, and the folder of rules and waivers."""

    folder: Path
    files: tuple[SourceFile, ...]
    unused: tuple[SourceFile, ...] = ()
    """The files of the data with shapes that are not among these."""


@dataclass(frozen=True)
class Excerpt(SourceFile):
    """The triples of a file about some of its subjects; `text` has them as N-Triples, `root` the whole file."""

    root: Path = Path()
    whole: str | None = None
    """The text of the whole file, where that is not in the folder."""

    @cached_property
    def places(self) -> Places:
        """The positions of the triples of the whole file."""
        whole = self.whole
        if whole is None:
            whole = (self.root / self.path).read_text(encoding="utf-8-sig")
        return Places(whole, ntriples=self.ntriples)


@dataclass(frozen=True)
class Rest:
    """What is known of the other files, when only a part of a base was read."""

    entities: tuple[str, ...] = ()
    """The IRIs of all entities."""
    tagged: frozenset[str] = frozenset()
    """The properties with a value that has a language tag."""


@dataclass(frozen=True)
class Base:
    """A knowledge base as read from its folder."""

    root: Path
    namespaces: Namespaces
    files: tuple[SourceFile, ...]
    """The files of `kb/` that are Turtle, in order of their paths."""
    unreadable: tuple[Finding, ...]
    """One finding for each file of `kb/` that is not Turtle."""
    ontology_files: tuple[SourceFile, ...]
    foreign: Shapes | None = None
    """Set for a project in another form than ours: its data may be in any folder, under any names."""
    remarks: tuple[Finding, ...] = ()
    """What the reader did not understand: files that it passed over, and imports that it did not find."""
    notes: tuple[str, ...] = ()
    """Sentences on how the base was read."""
    excerpts: tuple[Excerpt, ...] = ()
    """The related triples of other files of `kb/`, when only a part of the base was read."""
    rest: Rest = Rest()
    unusable: tuple[Finding, ...] = ()
    """One finding for each file of the ontology, or of the shapes of a project that is not ours, that is unreadable."""
    lacks_ontology: bool = False
    """Whether a file of the ontology is unreadable, so that what it says of classes is not known."""
    is_tolerant: bool = False
    """Whether files of the shapes that cannot be read are left out; `unusable_shapes` says which."""

    @property
    def shapes_folder(self) -> Path:
        """The folder of the shapes, rules and waivers."""
        return self.foreign.folder if self.foreign else self.root / "shapes"

    @cached_property
    def all_files(self) -> tuple[SourceFile, ...]:
        """The files of `kb/` and the excerpts of others, in order of their paths."""
        return tuple(sorted((*self.files, *self.excerpts), key=lambda file: file.path))

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The IRIs of the entities whose files cannot be read: they must not be reported as missing."""
        names = (finding.focus.partition(":") for finding in self.unreadable)
        return frozenset(self.namespaces.entity(name, slug) for name, _, slug in names if slug)

    @cached_property
    def half_known(self) -> frozenset[str]:
        """The IRIs that the unreadable files mention: findings about what these lack would be unreliable."""
        prefixes = self.namespaces.prefixes()
        names: set[str] = set()
        for finding in self.unreadable:
            with suppress(OSError):
                text = bytes_of(self.root / finding.file, self.root).decode(errors="replace")
                for match in _NAME.finditer(text):
                    names.add(match["iri"] or prefixes.get(match["prefix"], "") + match["local"])
        return frozenset(names)

    @property
    def pieces(self) -> Pieces:
        """The N-Triples of each file of `kb/`."""
        return Pieces(lambda: (file.ntriples for file in self.all_files))

    @property
    def ntriples(self) -> str:
        """The N-Triples of all files of `kb/`. Duplicates are possible.

        It is concatenated at each access: caching it would double the memory of a large base, for which there are
        `pieces`.
        """
        return "".join(self.pieces)

    @cached_property
    def by_predicate(self) -> ByPredicate:
        """The distinct subjects and objects of the triples of `kb/`, by the IRI of the predicate.

        Subjects and objects are written as in N-Triples, in the order of the files.
        """
        return by_predicate(self.all_files)

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        """Yield the subjects and objects of a predicate, without parsing anything else; duplicates are possible."""
        for file in self.all_files:
            yield from pairs_in(file.ntriples, predicate)

    @cached_property
    def types(self) -> frozenset[str]:
        """The IRIs of the classes with an instance in `kb/`."""
        return frozenset(iri_of(kind) for _, kind in self.by_predicate.get(str(RDF.type), ()) if is_iri(kind))

    @cached_property
    def ontology(self) -> Graph:
        """The union of the ontology's files; bases with the same files share it."""
        return shared_union(self.ontology_files)

    @cached_property
    def axioms(self) -> Graph:
        """The ontology as written, without the assumed terms: reasoning must not start from those."""
        return shared_union(tuple(file for file in self.ontology_files if file.path != DEFAULTS))

    @cached_property
    def shapes_files(self) -> tuple[SourceFile, ...]:
        """The files of the shapes, in order of their paths. Raises UnreadableError for one that is not Turtle.

        A tolerant base does not raise.
        """
        if self.foreign:
            return self.foreign.files
        paths = sorted(self.shapes_folder.glob("*.ttl"))
        if self.is_tolerant:
            return tuple(file for path in paths if isinstance(file := read_known(path, self.root), SourceFile))
        return tuple(certain(path, self.root) for path in paths)

    @cached_property
    def unusable_shapes(self) -> tuple[Finding, ...]:
        """One finding for each file of the shapes, in a base of ours, that cannot be read."""
        if self.foreign:
            return ()
        read = (read_known(path, self.root) for path in sorted(self.shapes_folder.glob("*.ttl")))
        return tuple(replace(one, blocks=True) for one in read if isinstance(one, Finding))

    @cached_property
    def shapes(self) -> Graph:
        """The union of the files of the shapes; bases with the same files share it. Raises as `shapes_files` does."""
        return shared_union(self.shapes_files)

    @cached_property
    def asserted(self) -> Graph:
        """The union of the files of `kb/`."""
        return union(self.all_files)


def with_changes(base: Base, changes: Mapping[str, str | None]) -> Base:
    """Return a base in which some files have another text, or, where that is None, are not there."""
    files = {file.path: file for file in base.files if file.path not in changes}
    for path, text in changes.items():
        if text is not None:
            file = read_text(path, text)
            assert isinstance(file, SourceFile), file
            files[path] = file
    return replace(base, files=tuple(file for _, file in sorted(files.items())))


class IndexedFile(Excerpt):
    """All that a file says, read from where that is kept whenever it is asked for, so that it takes no memory."""

    def __init__(self, path: str, root: Path, read: Callable[[], str]) -> None:
        """Take the path of the file, the root of the base, and what returns the triples of the file."""
        # Of the other fields each has its default.
        self.__dict__.update(path=path, root=root, _read=read)

    @property
    def ntriples(self) -> str:
        """Its triples as N-Triples, one a line."""
        read: Callable[[], str] = self.__dict__["_read"]
        return read()

    @property
    def text(self) -> str:
        """The same, which is Turtle too."""
        return self.ntriples


def by_predicate(files: Iterable[SourceFile]) -> ByPredicate:
    """Return the distinct subjects and objects of the triples of files, by the IRI of the predicate."""
    found: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for file in files:
        for subject, predicate, value in file.statements:
            found[predicate[1:-1]][subject, value] = None
    return {predicate: list(pairs) for predicate, pairs in found.items()}


@lru_cache(maxsize=8)
def shared_union(files: tuple[SourceFile, ...]) -> Graph:
    """Return a graph with the triples of several files, shared by all callers: it must not be changed.

    What is derived from an ontology or from shapes can thus be cached by the graph.
    """
    return union(files)


def union(files: tuple[SourceFile, ...]) -> Graph:
    """Return a new graph with the triples of several files."""
    graph = Graph(bind_namespaces="none")
    for file in files:
        for triple in file.graph:
            graph.add(triple)
    return graph
