"""A proposal is tried on the base: it is refused with reasons, or becomes a patch with what that changes.

All that a whole check looks at is looked at here, of what the change can affect (`validation/changes/trying.py`), and
what is only asked of new knowledge: whether a quote is in its source, whether the base has it already, and whether a
text misleads its reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..comparison.compare import Side, compare
from ..errors import UsageError
from ..records.findings import Finding, Report, Severity, Stage
from ..review.patch import patch_text
from ..review.records import FileChanges
from ..settings import Settings
from ..turtle.base import with_changes
from ..turtle.edges import CODES, VOCAB, edges_in, match_plain_triple, statuses_of_new_edges
from ..turtle.parsing import parse
from ..turtle.writer import canonical
from ..validation.changes.trying import Trial, tried
from .applying import apply
from .drafting import EXISTS, Applied, verbatim_fields
from .duplicates import as_reasons, near_entities, near_findings
from .reading import proposal_of
from .records import PLACE, Near, Outcome, Proposal
from .texts import text_findings

BEFORE, AFTER = "the base", "the proposal"


def propose(
    settings: Settings,
    given: Any,
    near: Iterable[Near] = (),
    *,
    reviewer: str = "",
    over: Mapping[str, str] | None = None,
) -> Outcome:
    """Return what was found of a proposal, given as JSON has it; nothing is written.

    `near` are entities that are near to the new ones (`duplicates.near_ones`); `reviewer` is who accepts it; `over`
    are texts of files that are accepted and not written yet. Raises UsageError where there is no base
    of our form whose files could change, and UnreadableError where its ontology cannot be read.
    """
    if settings.project is not None or settings.follow:
        raise UsageError(
            "There are no files here that a proposal could change.", "propose it where the files of the base are."
        )
    proposal, faults = proposal_of(given)
    if faults:
        return Outcome(proposal, tuple(faults))
    proposal = replace(proposal, reviewer=reviewer)
    return tried(settings, lambda trial: _tried(trial, proposal, tuple(near)), over)


def _tried(trial: Trial, proposal: Proposal, near: tuple[Near, ...]) -> Outcome:
    findings = [*text_findings(proposal, verbatim_fields(trial.schema))]
    if _refuse(findings):
        return Outcome(proposal, tuple(findings))
    applied = apply(trial, proposal)
    findings += applied.findings
    if not _refuse(findings) and not applied.after:
        findings.append(proposal.parts[0].fault(EXISTS, "The parts together change nothing.", "leave them out."))
    if _refuse(findings):
        return Outcome(proposal, tuple(findings))
    nearest = [*near_entities(trial, applied, proposal, near)]
    findings += near_findings(trial, applied, proposal, nearest)
    findings += _checked(trial, applied, proposal)
    ordered = tuple(sorted(findings, key=lambda one: (-one.severity.rank, one.line)))
    entities = tuple(entity for entity, _ in nearest)
    if _refuse(ordered):
        return Outcome(proposal, ordered, near=entities)
    base = trial.read(applied.after)
    before = {file.path: file.text for file in base.files}
    in_use = frozenset(trial.schema.in_use)
    difference = compare(
        Side(BEFORE, base.files, in_use=in_use),
        Side(AFTER, with_changes(base, applied.after).files, in_use=in_use),
        base.namespaces,
    )
    patch = patch_text(FileChanges(before, applied.after))
    return Outcome(proposal, ordered, applied.after, before, patch, difference, tuple(applied.evidence), entities)


def _refuse(findings: Iterable[Finding]) -> bool:
    return any(one.severity is Severity.VIOLATION for one in findings)


def _checked(trial: Trial, applied: Applied, proposal: Proposal) -> Iterator[Finding]:
    """Yield what `akb check` finds in a change and would not find without it.

    A draft is checked as if it were in use too: that it is left out of a release until it is mended is no reason to
    take it into the base.
    """
    namespaces = trial.empty.namespaces
    report = trial.check(applied.after)
    in_use = _in_use(trial, applied)
    found = [*_standing(report)]
    if in_use != applied.after:
        stages = {Stage.SHAPES, Stage.RULES, Stage.CONSISTENCY}
        found += [one for one in _standing(trial.check(in_use, stages=stages)) if one not in found]
    new = {namespaces.compact(iri) for iri in applied.parts}
    if any(one.severity is Severity.VIOLATION and one.focus not in new for one in found):
        # What is wrong already does not refuse what makes it no worse.
        known = {one.identity for one in trial.check_without(applied.after).findings}
        found = [one for one in found if one.identity not in known]
    parts = {namespaces.compact(iri): number for iri, number in applied.parts.items()}
    for one in as_reasons(found, applied, proposal, namespaces):
        if one.severity is Severity.VIOLATION or one.focus in parts:
            yield replace(one, file=PLACE, line=parts.get(one.focus, one.line if one.file == PLACE else 0), column=0)


def _standing(report: Report) -> Iterator[Finding]:
    return (one for one in report.findings if one not in report.waived)


def _in_use(trial: Trial, applied: Applied) -> dict[str, str]:
    """Return the texts of a change in which the entities and edges that it adds as drafts are in use."""
    statuses = [*statuses_of_new_edges(trial.empty.ontology).values()]
    if len(statuses) < 2:
        return applied.after
    found = {}
    for path, text in applied.after.items():
        graph = parse(text)
        drafts = [node for node in graph.subjects(VOCAB.status, CODES.draft) if str(node) in applied.parts]
        for node in drafts:
            graph.set((node, VOCAB.status, statuses[1]))
        for edge in edges_in(graph):
            if edge.iri in drafts:
                match_plain_triple(graph, edge.ends, trial.schema.in_use)
        found[path] = canonical(graph, trial.empty.namespaces) if drafts else text
    return found
