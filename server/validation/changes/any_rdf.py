"""The check of a change in any RDF project: what a whole check finds, of what the change can affect.

Such a project is checked whole; what the change cannot affect is then left out. Where anything could be affected,
nothing is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rdflib import RDF

from ...history.git import find_repository
from ...history.snapshots import ANY_RDF, Extent, Folder, changes, revision
from ...inference.local import is_local
from ...namespaces import VOCABULARIES
from ...records.findings import Finding, Report
from ...turtle.base import Base
from ...turtle.projects import has_shapes, read_files
from ...turtle.source_files import SourceFile, shown_name
from ...turtle.statements import Statement, iri_of, is_blank, is_iri
from ..targets import looks_far

_TYPE: Final = f"<{RDF.type}>"
_WORDS: Final = tuple(VOCABULARIES.values())


def narrowed_to_change(
    report: Report, base: Base, since: str, places: Iterable[Path], copy: Path | None = None
) -> Report:
    """Return what a whole check found of what has changed since a revision, and of what that can affect.

    The places are those of the data, and of shapes and ontology if there are such. `copy` is the folder in the place of
    the repository when that was read. Raises UsageError outside a repository, and for a place outside it or a revision
    that it has not.
    """
    places = [place.resolve() for place in places]
    top = find_repository(places[0] if places[0].is_dir() else places[0].parent).resolve()
    extent = Extent(tuple(os.path.relpath(place, top) for place in places), _counts)
    before, tree = revision(top, since, extent), copy or top
    after = Folder(tree, extent=extent)
    differing = changes(before, after)
    known = {(base.root / name).resolve(): name for name in _names(base)}
    names = {
        name: known.get(tree / name) or shown_name(tree / name, base.root)
        for name in chain(differing.added, differing.changed, differing.deleted)
    }
    old = _read_again(before.read((*differing.changed, *differing.deleted)), names)
    if any((top / name).is_relative_to(place) for name in names for place in places[1:]) or _spreads(base, names, old):
        return report
    affected = _affected(base, set(names.values()), old)
    expand = base.namespaces.expand

    def is_affected(finding: Finding) -> bool:
        if finding.file in affected.files or finding.focus in affected.nodes:
            return True
        with suppress(KeyError):
            return expand(finding.focus) in affected.nodes
        return False

    kept = tuple(one for one in report.findings if is_affected(one))
    waived = {one: why for one, why in report.waived.items() if is_affected(one)}
    return replace(report, findings=kept, waived=waived, is_whole=False)


def _counts(name: str) -> bool:
    """Tell whether a change of a file counts: one of RDF, or a rule."""
    return ANY_RDF.has(name) or name.endswith(".rq")


def _names(base: Base) -> Iterator[str]:
    assert base.foreign is not None
    for file in (*base.files, *base.ontology_files, *base.foreign.files):
        yield file.path
    yield from (finding.file for finding in base.unreadable)


def _spreads(base: Base, names: Mapping[str, str], old: Mapping[str, SourceFile]) -> bool:
    """Tell whether a change may affect anything: shapes, rules or catalogues changed, or what is looked at is far."""
    assert base.foreign is not None
    changed = set(names.values())
    if changed & {file.path for file in base.foreign.files} or any(map(has_shapes, old.values())):
        return True
    if any(name.endswith(".rq") or Path(name).name.lower().startswith("catalog") for name in names):
        return True
    return looks_far(base.shapes) or not is_local(base.ontology)


def _read_again(contents: Mapping[str, bytes], names: Mapping[str, str]) -> dict[str, SourceFile]:
    """Read files as they were, by the names that they have now; what cannot be read says nothing."""
    with TemporaryDirectory() as folder:
        # A name may lead out of the working directory: so far from it that it stays in the folder.
        root = Path(folder, *(["x"] * max((name.count("../") for name in names.values()), default=0)))
        root.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            path = root / names[name].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        read = read_files(root, (names[name].lstrip("/") for name in contents))
        return {name: file for name, file in read.items() if isinstance(file, SourceFile)}


@dataclass
class _Affected:
    nodes: set[str]
    """IRIs."""
    files: set[str]


def _affected(base: Base, changed: set[str], old: Mapping[str, SourceFile]) -> _Affected:
    """Return the nodes and the files of which findings may have come or gone."""
    subjects: set[str] = set()
    named: set[str] = set()
    new = {file.path: file for file in base.files if file.path in changed}
    for name in {*old, *new}:
        for said in _differing(old.get(name), new.get(name)):
            subjects.add(said[0])
            if is_iri(said[2]) and said[1] != _TYPE and not iri_of(said[2]).startswith(_WORDS):
                named.add(iri_of(said[2]))
    found = _Affected({iri_of(subject) for subject in subjects} | named, changed)
    for file in base.files:
        if file.path in changed:
            found.nodes.update(iri_of(subject) for subject, _, _ in file.statements if is_iri(subject))
            continue
        for subject, _, value in file.statements:
            if value in subjects:
                if is_blank(subject):
                    found.files.add(file.path)
                else:
                    found.nodes.add(iri_of(subject))
    return found


def _differing(old: SourceFile | None, new: SourceFile | None) -> Iterator[Statement]:
    """Yield what one of two states of a file says and the other does not; all of them where it is about blank nodes."""
    was, now = (set(file.statements) if file else set() for file in (old, new))
    plain_was, plain_now = ({one for one in said if not _has_blank(one)} for said in (was, now))
    yield from plain_was ^ plain_now
    blanks_was, blanks_now = was - plain_was, now - plain_now
    if blanks_was or blanks_now:
        # Their labels are new in each reading: whatever is said by way of them may have changed.
        yield from (one for one in (*was, *now) if is_iri(one[0]))


def _has_blank(said: Statement) -> bool:
    return is_blank(said[0]) or is_blank(said[2])
