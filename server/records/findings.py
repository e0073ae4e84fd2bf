"""What a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is; the names are those of SHACL (section 2.1.4) in lower case."""

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"

    @property
    def rank(self) -> int:
        """The place in the order from info to violation, from 0."""
        return list(Severity).index(self)


class Stage(StrEnum):
    """A part of a check, in the order in which they run."""

    SYNTAX = "syntax"
    SHAPES = "shapes"
    RULES = "rules"
    CONSISTENCY = "consistency"
    LINT = "lint"
    ONTOLOGY = "ontology"
    SHAPES_LINT = "shapes-lint"


@dataclass(frozen=True)
class Constraint:
    """What a SHACL validation result says beyond its message (SHACL, section 3.6.2): IRIs, and the value in Turtle."""

    component: str
    shape: str = ""
    path: str = ""
    value: str = ""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a check found wrong.

    `file` is relative to the root; `line` and `column` count from 1, in characters, and are 0 where there is none;
    `focus` is the CURIE of the focus node, and `label` its name; `rule` names what was broken; `mend` says what to do.
    """

    file: str
    line: int
    column: int
    focus: str
    label: str
    rule: str
    message: str
    mend: str
    severity: Severity = Severity.VIOLATION
    constraint: Constraint | None = field(default=None, compare=False)
    """Set for what a shape found; findings that differ in it alone are one."""


@dataclass(frozen=True)
class Report:
    """What a whole check found, and how much it looked at."""

    findings: tuple[Finding, ...]
    files: int
    entities: int
    edges: int
    waived: Mapping[Finding, str] = field(default_factory=dict)
    """The findings that are overlooked, with the reasons of their waivers."""
    is_whole: bool = True
    """Whether all was looked at: every stage, and not only what a change affects."""
    unfinished: frozenset[str] = frozenset()
    """The IRIs of drafts that violate a rule: warnings say so, and a release leaves them out until they are mended."""
    notes: tuple[str, ...] = ()
    """Sentences on how the check was done that a user should know; none is a finding."""

    @property
    def clean(self) -> bool:
        """Whether nothing is violated; infos, warnings and what is waived do not count."""
        return not any(
            finding.severity is Severity.VIOLATION and finding not in self.waived for finding in self.findings
        )


@dataclass(frozen=True)
class Change:
    """A file that is not as it was: its path, relative to the root, and its text as it was (None: it was not there)."""

    path: str
    before: str | None
