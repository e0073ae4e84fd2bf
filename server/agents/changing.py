"""A tool for whoever knows better: a proposal of a change, which is tried at once and decided on by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..formats.texts import one_line
from .base import AgentBase
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines

_LONGEST: Final = 60_000
"""Characters of a proposal, whose passages of sources may be long."""
_EXAMPLE: Final = (
    '{"who": "...", "model": "...", "why": "...", "kind": "edge", "subject": "concept:a", "predicate": "partOf", '
    '"object": "concept:b", "note": "..."}'
)


def tools(base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    if base.propose is not None:
        yield Tool(
            "propose",
            "Propose a change",
            "Try a change of the base: an entity, an edge, a claim with a quote and its passage, a merger or a "
            "correction. It is refused with each reason and what mends it, or it is a patch, which waits for a "
            "reviewer where the server takes proposals. Nothing is changed by it. The page proposing of the manual has "
            "the fields of each kind.",
            (
                Parameter(
                    "proposal", "The proposal.", most=_LONGEST, is_required=True, example=_EXAMPLE, is_object=True
                ),
            ),
            _propose,
            changes=True,
        )


def _propose(base: AgentBase, given: Arguments) -> Answer:
    assert base.propose is not None, "there is no such tool without it"
    found = base.propose(given["proposal"])
    lines = Lines()
    if not found["accepted"]:
        lines.add("Refused.")
    elif "id" in found:
        lines.add(f"Accepted: it waits for a reviewer as proposal {found['id']}.")
    else:
        lines.add("It would be accepted; this server keeps no proposals, so send the patch to who keeps the base.")
    lines.add(one_line(found["summary"]))
    findings = [_finding(one) for one in found["findings"]]
    lines.items(findings, len(findings))
    if found["patch"]:
        lines.items(found["patch"].splitlines(), found["patch"].count("\n"), "the patch is long; its beginning is here")
    return lines.answer(base.state)


def _finding(one: Mapping[str, Any]) -> str:
    part = f", part {one['part']}" if one["part"] else ""
    mend = f" Mend: {one_line(one['mend'])}" if one["mend"] else ""
    return f"- {one['severity']} {one['rule']}{part}: {one_line(one['message'])}{mend}"
