"""Reads from two moments of a base what differs, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ..history.snapshots import Snapshot, changes
from ..namespaces import Namespaces
from ..records.findings import Finding
from ..records.progress import Progress, no_progress
from ..turtle.edges import statuses_in_use
from ..turtle.files import is_kept_query
from ..turtle.projects import read_files
from ..turtle.reader import read_core
from ..turtle.source_files import SourceFile, read_content
from .compare import Side, compare
from .records import Difference, Unread


def difference(
    before: Snapshot,
    after: Snapshot,
    namespaces: Namespaces,
    progress: Progress = no_progress,
    *,
    is_base: bool = True,
) -> Difference:
    """Return what differs between two moments of a base, or of any other folder of RDF.

    A file that cannot be read at one of them is left out at both, and reported. Raises UnreadableError when the
    repository lacks a file.
    """
    differing = changes(before, after)
    contents = (
        before.read([*differing.changed, *differing.deleted]),
        after.read([*differing.changed, *differing.added]),
    )
    paths = sorted({*differing.added, *differing.changed, *differing.deleted})
    read_file = read_content if is_base else _read_any
    unread: list[Unread] = []
    read: tuple[dict[str, SourceFile], dict[str, SourceFile]] = ({}, {})
    for done, path in enumerate(path for path in paths if not is_base or _is_turtle(path)):
        progress("read", done, len(paths))
        for snapshot, content, files in zip((before, after), contents, read, strict=True):
            if path not in snapshot.ids:
                continue
            if path not in content:
                unread.append(Unread(snapshot.name, path, 1, 1, "Cannot be read: check the file's permissions."))
                continue
            file = read_file(path, content[path])
            if file is None:
                continue
            if isinstance(file, Finding):
                unread.append(Unread(snapshot.name, path, file.line, file.column, file.message))
            else:
                files[path] = file
    progress("read", len(paths), len(paths))
    lost = {one.path for one in unread}
    sides = [
        Side(
            snapshot.name,
            tuple(file for path, file in files.items() if path not in lost),
            _others(content) if is_base else {},
            _statuses_in_use(snapshot) if is_base else frozenset(),
            is_base,
        )
        for snapshot, content, files in zip((before, after), contents, read, strict=True)
    ]
    return compare(sides[0], sides[1], namespaces, tuple(unread))


def _statuses_in_use(snapshot: Snapshot) -> frozenset[str]:
    """Return the statuses in use at a moment of a base: those of the engine, and those that its ontology adds."""
    contents = snapshot.read(path for path in snapshot.ids if path.startswith("ontology/") and path.endswith(".ttl"))
    files = (read_content(path, content) for path, content in contents.items() if b"in-use" in content)
    graphs = (file.graph for file in (read_core(), *files) if isinstance(file, SourceFile))
    return frozenset(str(status) for graph in graphs for status in statuses_in_use(graph))


def _read_any(path: str, content: bytes) -> SourceFile | Finding | None:
    """Read a file of any folder; None for one that is no RDF, whatever its name."""
    with TemporaryDirectory() as folder:
        written = Path(folder, path)
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_bytes(content)
        return read_files(Path(folder), [path], are_named=False).get(path)


def _is_turtle(path: str) -> bool:
    """Tell whether a path should hold Turtle: all of kb/ should, but for kept queries."""
    return (path.startswith("kb/") and not is_kept_query(path)) or PurePosixPath(path).suffix == ".ttl"


def _others(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in contents.items() if not _is_turtle(path)}
