"""Where the documents that files name by their IRIs are on this machine: nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from ..records.findings import Finding
from .kinds import CATALOGUE, root_of
from .resolving import resolve
from .source_files import decoded, shown_name


@dataclass(frozen=True)
class LocalCopies:
    """The files in which documents are: those that are named, those of catalogues, and those in some folders."""

    root: Path
    """The folder from which the files of a project have their `file:` IRIs."""
    named: Mapping[str, Path]
    listed: Mapping[str, Path]
    """By IRI, as catalogues list them."""
    rewritten: tuple[tuple[str, Path], ...]
    """By the begin of an IRI, the folder that takes its place; the longest first."""
    folders: tuple[Path, ...]
    """The folders in which a document may be found by its `file:` IRI."""
    problems: tuple[Finding, ...] = ()
    """What is wrong with catalogues."""

    def find(self, iri: str) -> Path | None:
        """Return the file of a document, or None where none is known."""
        for name in dict.fromkeys((iri, iri.rstrip("#"), iri.rstrip("#/"))):
            if (path := self.named.get(name)) is not None:
                return path
            if (path := self.listed.get(name)) is not None and self._may_be_read(path):
                return path
        for start, folder in self.rewritten:
            if iri.startswith(start) and self._may_be_read(path := folder / iri[len(start) :]):
                return path
        if iri.startswith("file:///"):
            name = unquote(iri.removeprefix("file:///").partition("#")[0])
            for path in (self.root / name, Path("/") / name):
                if self._may_be_read(path):
                    return path
        return None

    def _may_be_read(self, path: Path) -> bool:
        return path.is_file() and any(path.resolve().is_relative_to(folder) for folder in self.folders)


def local_copies(
    root: Path, folders: Iterable[Path], catalogues: Iterable[Path], named: Mapping[str, Path]
) -> LocalCopies:
    """Return where documents are by what is named and by catalogues."""
    listed: dict[str, Path] = {}
    rewritten: dict[str, Path] = {}
    allowed = {folder.resolve() for folder in folders}
    problems: list[Finding] = []
    queue, seen = [*catalogues], set[Path]()
    while queue:
        path = queue.pop(0)
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        allowed.add(path.resolve().parent)
        entries = _entries(path, root)
        if isinstance(entries, Finding):
            problems.append(entries)
            continue
        for kind, name, target in entries:
            if kind == "nextCatalog":
                queue += [target] if target.is_file() else []
            elif kind == "rewriteURI":
                rewritten.setdefault(name, target)
            else:
                listed.setdefault(name, target)
    ranked = tuple(sorted(rewritten.items(), key=lambda pair: -len(pair[0])))
    return LocalCopies(root, named, listed, ranked, tuple(sorted(allowed)), tuple(problems))


def _entries(path: Path, root: Path) -> list[tuple[str, str, Path]] | Finding:
    """Return the entries of a catalogue whose targets are files (OASIS XML Catalogs 1.1, section 6)."""
    name = shown_name(path, root)
    text = decoded(path, name)
    if isinstance(text, Finding):
        return text
    begin = root_of(text)
    if begin is None or begin[0] != f"{CATALOGUE} catalog":
        return []
    try:
        document = ElementTree.fromstring(text)  # noqa: S314 - expat limits what entities grow to, and fetches none
    except ElementTree.ParseError as error:
        message, (line, column) = f"The catalogue is not XML: {error.msg.partition(':')[0]}.", error.position
        return Finding(name, line, column + 1, "", "", "syntax", message, "look at this place and the text before it.")
    return list(_entries_of(document, path.absolute().parent.as_uri() + "/"))


def _entries_of(element: ElementTree.Element, base: str) -> Iterable[tuple[str, str, Path]]:
    base = resolve(base, element.get("{http://www.w3.org/XML/1998/namespace}base", ""))
    for kind, names, target in (
        ("uri", "name", "uri"),
        ("system", "systemId", "uri"),
        ("rewriteURI", "uriStartString", "rewritePrefix"),
        ("nextCatalog", "catalog", "catalog"),
    ):
        if element.tag == f"{{{CATALOGUE}}}{kind}":
            iri = resolve(base, element.get(target, ""))
            if iri.startswith("file:///"):
                yield kind, element.get(names, ""), Path(unquote(iri.removeprefix("file://")))
    for part in element:
        yield from _entries_of(part, base)
