"""The outcome of a build: a release, or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Statement:
    """A statement in words of Turtle, and where it is: the file, and the line from 1; empty and 0 where unknown."""

    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.text} ({place})" if place else self.text


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be true, and the axioms that say so."""

    axiom: str
    """What is forbidden, as a sentence."""
    statements: tuple[Statement, ...]
    """Those that are asserted; none where axioms alone contradict each other."""
    axioms: tuple[Statement, ...] = ()
    """The one that forbids it, then those by which it applies to the statements."""
    focus: str = ""
    """IRI of the node at which they meet; the label of a blank node."""
    statement: tuple[str, str, str] | None = None
    """The terms of the asserted triple that is the likelier slip: an edge rather than a type."""


@dataclass(frozen=True)
class ReleaseInfo:
    """The description of a release, stored in it as `release.json`."""

    name: str
    built: str
    """When, as an xsd:dateTime in UTC."""
    fingerprint: str
    """SHA-256 over the files of the engine and every source file: equal means nothing has changed."""
    entities: Mapping[str, int] = field(default_factory=dict)
    """Entities in use per page class, in display order."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """The prefixes that the ontology declares, with their namespaces."""
    is_lifted: bool = False
    """Whether the entities are stated in `graph:entities`, since the data do not say all that pages need."""
    edges: int = 0
    asserted: int = 0
    inferred: int = 0
    ontology: int = 0
    left_out: tuple[str, ...] = ()
    """The CURIEs of drafts that are not finished, and of what leads to them nothing: see `Report.unfinished`."""
    embedding: str = ""
    """Name and version of what finds entities near in meaning; empty for none."""
    embedded: int = 0
    """Texts that were embedded anew; the vectors of the others were known."""
    seconds: float = 0.0
