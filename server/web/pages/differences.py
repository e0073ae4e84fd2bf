"""What differs between versions of entities, in words: the rows of `akb diff`, asked of the history of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from ...comparison.records import Difference
from ...comparison.reports.wording import summary
from ...comparison.versions import compare_versions
from ...records.history import Change, Commit, Fate, Version
from ..http.memento import memento_path
from ..http.prefixes import public
from ..open_release import OpenRelease


def between(
    release: OpenRelease, before: Mapping[str, str], after: Mapping[str, str], names: tuple[str, str]
) -> Difference:
    """Return what differs between two moments, given what entities said at each by their IRIs."""
    return compare_versions(before, after, names, release.namespaces, release.schema.in_use)


def of_version(release: OpenRelease, version: Version) -> Difference:
    """Return what a commit changed of an entity."""

    def find() -> Difference:
        before = release.history.before(version)
        return between(
            release,
            {version.entity: before.ntriples if before else ""},
            {version.entity: version.ntriples},
            (before.commit.short if before else "nothing", version.commit.short),
        )

    return release.once(("difference", str(version.id)), find)


def change_of(release: OpenRelease, version: Version) -> Change:
    """Return a version as lists show it."""
    difference = of_version(release, version)
    path = path_of_page(release, version.entity)
    revision = version.commit.revision
    is_there = bool(path) and version.kind is not Fate.REMOVED
    curie = path[1:].replace("/", ":", 1) if path else release.namespaces.compact(version.entity)
    node = next((one for one in difference.entities if one.iri == version.entity), None)
    label = (node.label if node else "") or difference.labels.get(release.namespaces.compact(version.entity), "")
    return Change(
        version,
        curie,
        label or curie,
        summary(difference),
        path,
        memento_path(path, revision) if is_there else "",
        f"{path}/diff?{urlencode({'to': revision})}" if path else "",
        difference.removed,
        difference.added,
    )


def for_json(change: Change) -> Change:
    """Return a change with its address as JSON has it: no prefix is put before it later."""
    return replace(change, address=public(change.address) if change.address else "")


def path_of_page(release: OpenRelease, iri: str) -> str:
    """Return the path of the page that an entity has or had; empty for what has none, such as a decision."""
    path = release.path_of(iri)
    name, _, slug = path[1:].partition("/")
    return path if name in release.namespaces.classes and slug and "/" not in slug else ""


def called(commit: Commit) -> str:
    """Return what a moment is called: its revision and its day."""
    return f"{commit.short} ({commit.at:%Y-%m-%d})"
