"""A proposal and what was found of it as plain data, as JSON has it; `docs/proposing.md` names the keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..comparison.reports import json as json_report
from ..comparison.reports.wording import sections, summary
from ..records.findings import Finding
from .records import Outcome, Part, Proposal
from .texts import PASSAGE


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """Return what was found: whether it can be accepted, the findings, and the patch with what that changes."""
    difference = outcome.difference
    return {
        "accepted": not outcome.is_refused,
        "reasons": list(outcome.reasons),
        "findings": [finding_record(one) for one in outcome.findings],
        "summary": summary(difference) if difference else "",
        "files": sorted(outcome.after),
        "patch": outcome.patch,
        "shown": [asdict(one) for one in sections(difference)] if difference else [],
        "difference": json.loads(json_report.render(difference)) if difference else None,
        "evidence": [asdict(one) for one in outcome.evidence],
        "near": [asdict(one) for one in outcome.near],
        "proposal": {} if outcome.is_refused else proposal_record(outcome),
    }


def public_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a caller is told of a record: what it sent itself, and what pages show, is left out."""
    return {name: value for name, value in record.items() if name not in {"proposal", "shown"}}


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return a finding, with the number of the part that it is about; 0 for none."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "part": finding.line,
        "about": finding.focus,
        "message": finding.message,
        "mend": finding.mend,
    }


def proposal_record(outcome: Outcome) -> dict[str, Any]:
    """Return a proposal as it can be sent again: of the texts of sources, only the passages that hold the quotes."""
    passages: dict[int, list[str]] = {}
    for one in outcome.evidence:
        passages.setdefault(one.part, []).append(one.passage)
    proposal = outcome.proposal
    parts = [_part_record(part, passages.get(part.number, [])) for part in proposal.parts]
    said = {"who": proposal.who, "model": proposal.model, "why": proposal.why}
    return {**said, **({} if proposal.score is None else {"score": proposal.score}), "parts": parts}


def _part_record(part: Part, passages: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"kind": part.kind}
    for name, values in part.fields.items():
        if name != PASSAGE:
            fields[name] = values[0] if len(values) == 1 else list(values)
    if passages:
        fields[PASSAGE] = "\n".join(passages)
    return fields


def text_of(record: Mapping[str, Any]) -> str:
    """Return a record of an outcome as lines for a terminal."""
    lines = ["Refused." if not record["accepted"] else f"Can be accepted: {record['summary']}"]
    for one in record["findings"]:
        about = f" {one['about']}" if one["about"] else ""
        lines.append(f"  part {one['part']}{about}: {one['severity']}: {one['message']} ({one['rule']})")
        lines.append(f"    mend: {one['mend']}")
    return "\n".join(lines) + "\n"


def said_by(proposal: Proposal | Mapping[str, str]) -> str:
    """Say who proposed something, and with which model."""
    given = proposal if isinstance(proposal, Mapping) else asdict(proposal)
    who = given["who"] or "somebody without a name"
    return f"{who}, with {given['model']}" if given["model"] else who
