"""A decision on a pair becomes a change of files that passes the check of the base, or an error that says why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rdflib import DCTERMS, OWL, Literal, URIRef

from ..errors import UsageError
from ..records.candidates import Decision, Outcome, Signals, candidate_id
from ..records.findings import Finding, Severity
from ..schema.schema import Schema
from ..settings import Settings
from ..similarity.texts import texts_hash
from ..turtle.authoring import NewEdge, with_edge
from ..turtle.base import Base
from ..turtle.writer import write_together
from ..validation.changes.trying import tried
from .merging import merged_files
from .reading import decision_text, described, path_of
from .records import EdgeWish, FileChanges, Verdict

_LISTED = 5
"""How many findings an error names."""


class RefusedError(UsageError):
    """The change would not pass `akb check`; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        listed = "".join(
            f"\n  {one.file}:{one.line}: {one.message} ({one.rule})\n    mend: {one.mend}" for one in findings[:_LISTED]
        )
        more = f"\n  and {len(findings) - _LISTED} more" if len(findings) > _LISTED else ""
        super().__init__(f"The base would not pass `akb check` with this decision:{listed}{more}", "decide otherwise.")
        self.findings = findings


def decide(base: Base, schema: Schema, pair: tuple[str, str], signals: Signals, verdict: Verdict) -> FileChanges:
    """Return the change of files that a decision on a pair of IRIs makes; it is not checked yet.

    Raises UsageError when the decision is not whole, or when an entity is not in use any more.
    """
    first, second = sorted(pair)
    for iri in (first, second):
        _must_be_in_use(base, iri)
    if not verdict.who.strip():
        raise UsageError("The decision does not say who took it.", "give a name.")
    texts = texts_hash(*(described(base.asserted, iri) for iri in (first, second)))
    decision = Decision(
        candidate_id(first, second),
        first,
        second,
        verdict.outcome,
        signals,
        texts,
        who=" ".join(verdict.who.split()),
        why=" ".join(verdict.why.split()),
        when=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    )
    after: dict[str, str] = {}
    if verdict.outcome == "edge":
        path, text = with_edge(base, _new_edge(base, schema, (first, second), verdict.edge))
        after[path] = text
    elif verdict.outcome == "merged":
        if verdict.survivor not in (first, second):
            raise UsageError("A merger needs to know which of the two survives.", "name the one that keeps its IRI.")
        after |= merged_files(base, schema, verdict.survivor, second if verdict.survivor == first else first)
    after[path_of(decision.id)] = decision_text(decision, base.namespaces)
    known = {file.path: file.text for file in base.files}
    after = {path: text for path, text in after.items() if known.get(path) != text}
    return FileChanges({path: known[path] for path in after if path in known}, after, (decision,))


def checked(settings: Settings, changes: FileChanges) -> FileChanges:
    """Return a change with the warnings that it brings; nothing is written.

    Raises RefusedError when the base would not pass `akb check` with it.
    """
    report = tried(settings, lambda trial: trial.check(changes.after))
    findings = [one for one in report.findings if one not in report.waived]
    if violations := tuple(one for one in findings if one.severity is Severity.VIOLATION):
        raise RefusedError(violations)
    return replace(changes, warnings=tuple(one for one in findings if one.severity is Severity.WARNING))


def together(first: FileChanges, second: FileChanges) -> FileChanges:
    """Return two changes, one after the other, as one."""
    created = first.after.keys() - first.before.keys()
    before = {path: text for path, text in second.before.items() if path not in created} | dict(first.before)
    after = dict(first.after) | dict(second.after)
    return FileChanges(before, after, (*first.decisions, *second.decisions), (*first.warnings, *second.warnings))


def write_files(root: Path, after: Mapping[str, str | None]) -> None:
    """Write files, all or, where one cannot be written, none; one whose text is None is removed."""
    write_together({root / path: text for path, text in after.items() if text is not None})
    for path, text in after.items():
        if text is None:
            (root / path).unlink(missing_ok=True)


def message_of(base: Base, decisions: tuple[Decision, ...]) -> str:
    """Return the message of a commit that holds some decisions."""
    lines = [_line(base, decision) for decision in decisions]
    if len(lines) == 1:
        reason = f"\n\n{decisions[0].why}" if decisions[0].why else ""
        return f"Review: {lines[0]}{reason}\n"
    return f"Review: {len(lines)} decisions\n\n" + "".join(f"- {line}\n" for line in lines)


_SAYINGS: dict[Outcome, str] = {
    "edge": "an edge joins {0} and {1}",
    "merged": "{0} and {1} are one",
    "different": "{0} and {1} are different",
    "unrelated": "{0} and {1} are not related",
    "later": "{0} and {1} are left for later",
}


def _line(base: Base, decision: Decision) -> str:
    names = (base.namespaces.compact(iri) for iri in (decision.first, decision.second))
    return _SAYINGS[decision.outcome].format(*names)


def _new_edge(base: Base, schema: Schema, pair: tuple[str, str], wish: EdgeWish | None) -> NewEdge:
    if wish is None or not wish.predicate:
        raise UsageError("An edge needs a predicate.", "choose one of docs/ontology.md.")
    if not wish.note.strip():
        raise UsageError("An edge needs a note.", "say in one sentence how the two are joined.")
    start, end = reversed(pair) if wish.from_second else pair
    names = [base.namespaces.compact(iri) for iri in (start, end)]
    ends = schema.oriented(names[0], wish.predicate, names[1], base.namespaces)
    note = " ".join(wish.note.split())
    return NewEdge(*ends, note, wish.source, wish.locator.strip(), wish.confidence, wish.status)


def is_in_use(base: Base, iri: str) -> bool:
    """Tell whether an entity is in the base and not retired."""
    node = URIRef(iri)
    return (node, DCTERMS.identifier, None) in base.asserted and (
        node,
        OWL.deprecated,
        Literal(True),
    ) not in base.asserted


def _must_be_in_use(base: Base, iri: str) -> None:
    if not is_in_use(base, iri):
        raise UsageError(
            f"{base.namespaces.compact(iri)} is not in the base, or is retired.",
            "build a new release: the queue is older than the files.",
        )
