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
    TEXTS = "texts"
    ONTOLOGY = "ontology"
    SHAPES_LINT = "shapes-lint"


@dataclass(frozen=True)
class Constraint:
    """What a SHACL validation result says beyond its message (SHACL, section 3.6.2); terms are written as in N-Triples.

    A blank node is written as the node that it belongs to, the predicates that lead to it, and a hash of what it says.
    """

    component: str
    """The IRI of the constraint component."""
    shape: str = ""
    """The IRI of the source shape; for one without a name, of the shape that contains it."""
    path: str = ""
    """The IRI of a property; any other path as SPARQL writes it."""
    value: str = ""
    focus: str = ""
    severity: str = ""
    """The IRI of the severity, which need not be one of SHACL's own."""
    details: tuple[Finding, ...] = ()
    """What explains the result (`sh:detail`), such as why its value does not conform to a shape; not counted."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a check found wrong.

    `file` is relative to the root; `line` and `column` count from 1, in characters, and are 0 where there is none;
    `focus` is the CURIE of the focus node, or of the node to which that belongs if it is blank, and `label` its name;
    `rule` names what was broken; `mend` says what to do.
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
    """Set for what a shape found."""
    blocks: bool = field(default=False, compare=False)
    """Whether a part of the check could not be done because of it."""
    key: tuple[str, ...] = ()
    """What makes it this finding and no other, whatever its place and its words; see `identity`."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What is the same in every check until the fault is mended.

        For a validation result: focus node, path, value, constraint component and source shape; for others the rule,
        the node (or else the file) and what was wrong there.
        """
        return self.key or (self.rule, self.focus or self.file, " ".join(self.message.split()))


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
