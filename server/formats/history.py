"""The history of a base in plain formats, and as provenance. docs/history.md says what each member and column means."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..namespaces import DCTERMS, PROV, RDF, RDFS, XSD
from ..records.history import Change, Commit, Fate, Version
from ..turtle.defaults import quoted
from .writing import write_csv, write_json

COLUMNS: Final = ("at", "author", "revision", "message", "change", "id", "iri", "label", "what")


def commit_record(commit: Commit | None) -> dict[str, Any] | None:
    """Return a commit as JSON."""
    if commit is None:
        return None
    return {
        "revision": commit.revision,
        "at": f"{commit.at:%Y-%m-%dT%H:%M:%SZ}",
        "author": commit.author,
        "message": commit.message,
    }


def changes_json(changes: Sequence[Change], total: int, pages: Mapping[str, object], **more: object) -> str:
    """Return changes as plain JSON, with what else is said of all of them."""
    return write_json({**more, "total": total, **pages, "changes": [_record(one) for one in changes]})


def changes_csv(changes: Sequence[Change]) -> str:
    """Return changes as CSV."""
    rows = (
        (
            f"{one.version.commit.at:%Y-%m-%dT%H:%M:%SZ}",
            one.version.commit.author,
            one.version.commit.revision,
            one.version.commit.subject,
            one.version.kind.value,
            one.curie,
            one.version.entity,
            one.label,
            one.summary,
        )
        for one in changes
    )
    return write_csv(COLUMNS, rows)


def _record(change: Change) -> dict[str, Any]:
    version = change.version
    return {
        "commit": commit_record(version.commit),
        "id": change.curie,
        "iri": version.entity,
        "label": change.label,
        "change": version.kind.value,
        "what": change.summary,
        "version": change.address or None,
        "hash": version.hash or None,
        "statements": {"removed": change.removed, "added": change.added},
    }


def provenance(entity: str, versions: Sequence[Version], before: Version | None, base: str) -> str:
    """Return versions of an entity, oldest first, in the words of PROV-O: what each came from, when and by whom.

    It is sorted N-Triples. `before` is the version before the first of them; a version is named by its address, a
    commit and its author by fragments of the changes of the `base`.
    """
    lines: set[str] = set()
    last = before
    for version in versions:
        commit = version.commit
        activity = f"<{base}changes#{commit.revision}>"
        agent = f"<{base}changes#by-{hashlib.sha256(commit.author.encode()).hexdigest()[:10]}>"
        at = f'"{commit.at:%Y-%m-%dT%H:%M:%SZ}"^^<{XSD}dateTime>'
        said = [
            (activity, f"{RDF}type", f"<{PROV}Activity>"),
            (activity, f"{RDFS}label", quoted(commit.message)),
            (activity, f"{DCTERMS}identifier", quoted(commit.revision)),
            (activity, f"{PROV}endedAtTime", at),
            (activity, f"{PROV}wasAssociatedWith", agent),
            (agent, f"{RDF}type", f"<{PROV}Agent>"),
            (agent, f"{RDFS}label", quoted(commit.author)),
        ]
        node = _node(entity, version)
        node_before = _node(entity, last) if last and last.kind is not Fate.REMOVED else ""
        if version.kind is not Fate.REMOVED:
            said += [
                (node, f"{RDF}type", f"<{PROV}Entity>"),
                (node, f"{PROV}specializationOf", f"<{entity}>"),
                (node, f"{PROV}wasGeneratedBy", activity),
                (node, f"{PROV}generatedAtTime", at),
                (node, f"{PROV}wasAttributedTo", agent),
                *([(node, f"{PROV}wasRevisionOf", node_before)] if node_before else []),
            ]
        elif node_before:
            said += [
                (node_before, f"{PROV}wasInvalidatedBy", activity),
                (node_before, f"{PROV}invalidatedAtTime", at),
            ]
        lines.update(f"{subject} <{predicate}> {value} .\n" for subject, predicate, value in said)
        last = version
    return "".join(sorted(lines))


def _node(entity: str, version: Version) -> str:
    return f"<{entity}?at={version.commit.revision}>"
