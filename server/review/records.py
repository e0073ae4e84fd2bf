"""What a reviewer decides, before it is in the data, and what becomes of the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records.candidates import Decision, Outcome
from ..records.findings import Finding


@dataclass(frozen=True)
class EdgeWish:
    """The edge that is to join a pair."""

    predicate: str
    """CURIE, local name or notation."""
    from_second: bool = False
    """Whether it runs from the second member of the pair to the first."""
    note: str = ""
    source: str = ""
    """CURIE of the paper or thinker that says so."""
    locator: str = ""
    confidence: float | None = None
    status: str = "draft"


@dataclass(frozen=True)
class Verdict:
    """What a person says of a pair; `edge` goes with the outcome edge, `survivor` (an IRI) with merged."""

    outcome: Outcome
    who: str
    why: str = ""
    edge: EdgeWish | None = None
    survivor: str = ""


@dataclass(frozen=True)
class FileChanges:
    """The change of files that follows from decisions; paths are relative to the root of the base."""

    before: Mapping[str, str]
    """The texts of the files that there were."""
    after: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()
    warnings: tuple[Finding, ...] = field(default=(), compare=False)
    """What `akb check` finds in it that fails nothing."""

    def __bool__(self) -> bool:
        return bool(self.after)
