"""The records that a comparison makes: plain data, in words that a curator uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Change(StrEnum):
    """What became of a node, in the order in which reports show them."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    """It has another IRI, and is the same for the rest or nearly so."""
    MERGED = "merged"
    """It says now that another took its place (`akb:mergedInto`)."""
    RETIRED = "retired"
    RESTORED = "restored"
    """It was retired and is in use again."""
    CHANGED = "changed"
    MOVED = "moved"
    """It refers to a renamed or merged entity under the new name; nothing else is different."""


@dataclass(frozen=True, order=True)
class Value:
    """An object of a statement, as people read it.

    `text` is a CURIE (else an IRI), the lexical form of a literal, or a blank node written out with all that hangs on
    it; `iri` is empty unless it is an IRI.
    """

    text: str
    iri: str = ""
    language: str = ""
    datatype: str = ""
    """CURIE of the datatype; empty for plain and language-tagged strings."""


@dataclass(frozen=True)
class PropertyChange:
    """The values that a node lost and gained for one property.

    `follows` tells that the values are the same but for entities that were renamed or merged.
    """

    property: str
    removed: tuple[Value, ...]
    added: tuple[Value, ...]
    follows: bool = False


@dataclass(frozen=True)
class NodeChange:
    """What became of an entity, a term of the ontology, or a shape. Names are CURIEs where a prefix covers them."""

    change: Change
    name: str
    iri: str
    label: str
    type: str
    """The classes it is of."""
    properties: tuple[PropertyChange, ...] = ()
    """All that was removed and added, without edges; of an added or removed node everything that is said of it."""
    was: str = ""
    """The name before it was renamed."""
    into: str = ""
    """The name of the entity that it was merged into."""


@dataclass(frozen=True)
class EdgeChange:
    """What became of an edge. Ends, source, note and status are those after the change, or before its removal."""

    change: Change
    name: str
    iri: str
    subject: str
    predicate: str
    object: str
    source: str
    status: str
    note: str
    properties: tuple[PropertyChange, ...] = ()
    """What was removed and added; for an added or removed edge too."""
    was: str = ""
    """The name before, when that is another: it depends on the ends and the source."""


@dataclass(frozen=True)
class FileChange:
    """What became of a file that is not Turtle: a rule, a JSON-LD context."""

    change: Change
    path: str


@dataclass(frozen=True)
class Unread:
    """A file that could not be read at one of the two moments, and is left out of the comparison."""

    at: str
    path: str
    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two moments of a base."""

    before: str
    after: str
    entities: tuple[NodeChange, ...] = ()
    edges: tuple[EdgeChange, ...] = ()
    ontology: tuple[NodeChange, ...] = ()
    shapes: tuple[NodeChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    unread: tuple[Unread, ...] = ()
    touched: int = 0
    """How many files differ in their bytes."""
    removed: tuple[str, ...] = ()
    """Statements of before that are gone, as lines of N-Triples; those with blank nodes are left out."""
    added: tuple[str, ...] = ()
    """Statements that are new, likewise. Taken from and put to what was before, they make what is after."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """The labels of all nodes that were read, by name: the newer where there are two."""

    def __bool__(self) -> bool:
        return any((self.entities, self.edges, self.ontology, self.shapes, self.files, self.unread))
