"""Reads a base: the ontology, the shapes, and every Turtle file of `kb/`, without stopping at the first bad one."""

from __future__ import annotations

import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from rdflib import RDF, Graph

from ..errors import UnreadableError
from ..namespaces import AKB, CLASS_SLUG, REVIEW, SKOS, Namespaces
from ..records.findings import Finding
from ..records.progress import Progress, no_progress
from ..store.parsing import SyntaxProblem
from .defaults import Usage, term_defaults
from .files import is_passed_over, kb_files
from .parsing import graph_of, ntriples_of
from .positions import Places
from .prefixes import declared_in
from .statements import Statement, iri_of, is_iri, pairs_in, statements, value_of

ByPredicate = Mapping[str, Sequence[tuple[str, str]]]
"""Subjects and objects, written as in N-Triples, by the IRI of the predicate that joins them."""

_NAME = re.compile(r"<(?P<iri>[^<>\s]+)>|(?P<prefix>[\w-]*):(?P<local>[\w-]+)")

DEFAULTS = "what akb assumes"
"""The name of the file with defaults for what the ontology of a base does not state of its terms."""
CORE = Path(__file__).parent / "core.ttl"
"""The vocabulary of the engine itself, a part of the ontology of every base."""


@dataclass(frozen=True)
class SourceFile:
    """One Turtle file that could be read. `path` is relative to the root, with forward slashes."""

    path: str
    text: str
    """As Turtle: another syntax is converted, and then has no positions."""
    ntriples: str
    """Its triples as N-Triples, one a line; duplicates are preserved."""
    base: str = ""
    """The base of its relative IRIs."""
    is_rewritten: bool = False

    @property
    def statements(self) -> Iterator[Statement]:
        """The triples of the file, each written as in N-Triples."""
        return statements(self.ntriples)

    @cached_property
    def graph(self) -> Graph:
        """The triples of the file as a graph of rdflib; parsed at the first access, which takes time."""
        return graph_of(self.ntriples)

    @cached_property
    def places(self) -> Places:
        """The positions of the triples of the file; computed at the first access."""
        return Places("" if self.is_rewritten else self.text, self.base)


@dataclass(frozen=True)
class Shapes:
    """The shapes of a project in another form than ours: their files, and the folder of rules and waivers."""

    folder: Path
    files: tuple[SourceFile, ...]


@dataclass(frozen=True)
class Excerpt(SourceFile):
    """The triples of a file about some of its subjects; `text` has them as N-Triples, `root` the whole file."""

    root: Path = Path()

    @cached_property
    def places(self) -> Places:
        """The positions of the triples of the whole file."""
        return Places((self.root / self.path).read_text(encoding="utf-8"))


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
    excerpts: tuple[Excerpt, ...] = ()
    """The related triples of other files of `kb/`, when only a part of the base was read."""
    rest: Rest = Rest()

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
                for match in _NAME.finditer((self.root / finding.file).read_text(encoding="utf-8", errors="replace")):
                    names.add(match["iri"] or prefixes.get(match["prefix"], "") + match["local"])
        return frozenset(names)

    @property
    def pieces(self) -> Iterator[str]:
        """The N-Triples of each file of `kb/`."""
        return (file.ntriples for file in self.all_files)

    @property
    def ntriples(self) -> str:
        """The N-Triples of all files of `kb/`, for the fast engines. Duplicates are possible.

        It is concatenated at each access: caching it would double the memory of a large base.
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
        """The ontology without what is assumed of its terms for pages, from which nothing is to be inferred."""
        return shared_union(tuple(file for file in self.ontology_files if file.path != DEFAULTS))

    @cached_property
    def shapes_files(self) -> tuple[SourceFile, ...]:
        """The files of the shapes, in order of their paths. Raises UnreadableError for one that is not Turtle."""
        if self.foreign:
            return self.foreign.files
        return tuple(_certain(path, self.root) for path in sorted(self.shapes_folder.glob("*.ttl")))

    @cached_property
    def shapes(self) -> Graph:
        """The union of the files of the shapes; bases with the same files share it. Raises as `shapes_files` does."""
        return shared_union(self.shapes_files)

    @cached_property
    def asserted(self) -> Graph:
        """The union of the files of `kb/`."""
        return union(self.all_files)


def read_base(root: Path, namespaces: Namespaces, progress: Progress = no_progress) -> Base:
    """Read the base in the folder `root`.

    A bad file in `kb/` becomes a finding. Raises UnreadableError for a bad file of the ontology, without which a base
    cannot be checked.
    """
    empty = empty_base(root, namespaces)
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
    return replace(empty, files=tuple(files), unreadable=tuple(unreadable))


def empty_base(root: Path, namespaces: Namespaces) -> Base:
    """Return the base in the folder `root` without the files of `kb/`. Raises UnreadableError as `read_base` does."""
    ontology = with_defaults(read_ontology(root), namespaces)
    declared = {prefix: namespace for prefix, namespace in declared_in(file.text for file in ontology) if prefix}
    return Base(root, namespaces.of(page_class_names(ontology), declared), (), (), ontology)


def namespaces_of(root: Path, namespaces: Namespaces) -> Namespaces:
    """Return the namespaces of the base in the folder `root`. Raises UnreadableError for a bad file of the ontology."""
    return empty_base(root, namespaces).namespaces


def page_class_names(ontology: Iterable[SourceFile]) -> list[str]:
    """Return the names of the page classes that the files of an ontology declare, in display order.

    One that cannot be a prefix is skipped; `akb check` reports it.
    """
    files = tuple(ontology)

    def said(property_: str) -> dict[str, str]:
        return {term: value_of(value) for file in files for term, value in pairs_in(file.ntriples, property_)}

    names, orders = said(f"{SKOS}notation"), said(f"{AKB}displayOrder")
    ranked = sorted(orders, key=lambda one: (float(orders[one]), one))
    return [name for term in ranked if CLASS_SLUG.fullmatch(name := names.get(term, ""))]


def read_ontology(root: Path) -> tuple[SourceFile, ...]:
    """Read the vocabulary of the engine and the files of the ontology, whatever their names.

    Raises UnreadableError for a file that is not Turtle.
    """
    own = sorted((root / "ontology").rglob("*.ttl"))
    return (read_core(), *(_certain(path, root) for path in own if not is_passed_over(path.name)))


def read_core() -> SourceFile:
    """Read the vocabulary of the engine."""
    return _certain(CORE, CORE.parent)


def with_defaults(
    ontology: tuple[SourceFile, ...], namespaces: Namespaces, usage: Usage | None = None
) -> tuple[SourceFile, ...]:
    """Return the files of an ontology, with one more for the defaults of what they do not state."""
    missing = term_defaults((file.ntriples for file in ontology), namespaces, usage)
    return (*ontology, SourceFile(DEFAULTS, missing, missing)) if missing else ontology


def read_file(path: Path, root: Path) -> SourceFile | Finding:
    """Read one Turtle file, or return a finding with the reason why it cannot be read."""
    name = shown_name(path, root)
    text = decoded(path, name) if path.suffix == ".ttl" else ""
    return replace(text, focus=entity_of(name)) if isinstance(text, Finding) else read_text(name, text)


def read_known(path: Path, root: Path) -> SourceFile | Finding:
    """Read a file of the ontology or the shapes as `read_file` does, without parsing again what was just parsed.

    These change seldom, and one process may check a base many times, such as a server that watches its files.
    """
    name = shown_name(path, root)
    text = decoded(path, name)
    return replace(text, focus=entity_of(name)) if isinstance(text, Finding) else _read_known(name, text)


def _certain(path: Path, root: Path) -> SourceFile:
    """Read a file that a base depends on. Raises UnreadableError when it is not Turtle."""
    read = read_known(path, root)
    if isinstance(read, Finding):
        raise UnreadableError(f"{read.file}:{read.line}: {read.message}", read.mend)
    return read


def read_content(name: str, content: bytes) -> SourceFile | Finding:
    """Read the content of a file called `name`, or return a finding with the reason why it cannot be read."""
    name = _printable(name)
    text = _decoded(content, name)
    return replace(text, focus=entity_of(name)) if isinstance(text, Finding) else read_text(name, text)


def read_text(name: str, text: str) -> SourceFile | Finding:
    """Read the text of the Turtle file called `name`, or return a finding with the reason why it is not Turtle."""

    def refuse(line: int, message: str, mend: str, column: int = 1) -> Finding:
        return Finding(name, line, column, entity_of(name), label="", rule="syntax", message=message, mend=mend)

    if PurePosixPath(name).suffix != ".ttl":
        return refuse(1, "Not a Turtle file.", "name it <slug>.ttl, or move it out of kb/.")
    written = ntriples_of(text)
    if isinstance(written, SyntaxProblem):
        lines = text.split("\n")
        # The error of an unterminated statement is behind the last line: report it at the end of the text.
        behind = written.line >= len(lines) and not lines[-1].strip()
        line = max(1, len(text.rstrip().split("\n"))) if behind else written.line
        return refuse(
            line,
            f"Not Turtle: {written.message}.",
            "look at this place and the end of the statement before it: a missing ; . or quote is usual.",
            max(1, len(lines[line - 1].rstrip())) if behind else written.column,
        )
    return SourceFile(name, text, written)


def shown_name(path: Path, root: Path) -> str:
    """Return the name of a file: its path from the root, with forward slashes, and always printable as UTF-8."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    return _printable(name)


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def decoded(path: Path, name: str) -> str | Finding:
    """Return the text of a file, or a finding with the reason why it cannot be decoded."""
    try:
        content = path.read_bytes()
        return _decoded(gzip.decompress(content) if path.suffix == ".gz" else content, name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        return Finding(name, 1, 1, "", "", "syntax", f"Not gzip: {error}.", "compress it again, or give it unpacked.")
    except OSError as error:
        return Finding(
            name, 1, 1, "", "", "syntax", f"Cannot be read: {error.strerror}.", "check the file's permissions."
        )


def _decoded(content: bytes, name: str) -> str | Finding:
    try:
        return content.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        *before, last = content[: error.start].split(b"\n")
        what, mend = "Not UTF-8: a byte cannot be decoded.", "save the file as UTF-8."
        return Finding(name, len(before) + 1, len(last.decode()) + 1, "", "", "syntax", what, mend)


def entity_of(path: str) -> str:
    """Return the CURIE of the entity of a file of `kb/`, by its folder and name, or an empty string."""
    parts = PurePosixPath(path)
    in_class_folder = len(parts.parts) == 3 and parts.parent.name != REVIEW and parts.suffix == ".ttl"
    return f"{parts.parent.name}:{parts.stem}" if in_class_folder else ""


def by_predicate(files: Iterable[SourceFile]) -> ByPredicate:
    """Return the distinct subjects and objects of the triples of files, by the IRI of the predicate."""
    found: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for file in files:
        for subject, predicate, value in file.statements:
            found[predicate[1:-1]][subject, value] = None
    return {predicate: list(pairs) for predicate, pairs in found.items()}


@lru_cache(maxsize=128)
def _read_known(name: str, text: str) -> SourceFile | Finding:
    return read_text(name, text)


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
