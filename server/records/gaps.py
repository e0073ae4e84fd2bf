"""What nodes of a base lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pages import EntityRef


@dataclass(frozen=True)
class Gap:
    """Something that nodes of a base lack."""

    name: str
    title: str
    question: str
    """What its query asks, in a sentence."""
    mend: str
    query: str
    """Yields ?focus: the nodes that lack it, those that matter most first."""
    counting: str
    """Counts the same nodes, as ?count."""


@dataclass(frozen=True)
class GapEdge:
    """What an edge that lacks something says: by which predicate it leads where."""

    notation: str
    object: EntityRef


@dataclass(frozen=True)
class GapItem:
    """A node that lacks something: an entity, or an edge."""

    focus: str
    """CURIE of the node."""
    entity: EntityRef
    """The entity whose file has it: itself, or the one from which the edge starts."""
    status: str
    edge_count: int
    text: str
    """The definition of the entity, or the note of the edge; empty when there is none."""
    edge: GapEdge | None = None


@dataclass(frozen=True)
class GapPage:
    """A page of the nodes of a gap; `total` counts those of all pages."""

    gap: Gap
    total: int
    items: tuple[GapItem, ...]
