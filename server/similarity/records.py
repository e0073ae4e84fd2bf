"""What is measured: entities, what is around them, and the embedding that says how near they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Described:
    """An entity in use, and what it says of itself."""

    iri: str
    label: str
    others: tuple[str, ...]
    """Its other labels, in order."""
    definition: str


@dataclass(frozen=True, slots=True)
class Linked:
    """An entity in use, with its neighbours and its external identifiers."""

    entity: Described
    neighbours: frozenset[str] = frozenset()
    """The entities that an edge in use joins to it."""
    joined: frozenset[str] = frozenset()
    """The entities that any edge joins to it, whatever its status: on those somebody has decided."""
    identifiers: frozenset[str] = frozenset()
    """Its external identifiers, each written in one way."""
    kind: str = ""
    """The IRI of the class that the files give it."""

    @property
    def iri(self) -> str:
        """The IRI of the entity."""
        return self.entity.iri

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.entity.label, *self.entity.others)


@dataclass(frozen=True, slots=True)
class Model:
    """The embedding of a release."""

    name: str
    version: str
    dimensions: int
    threshold: float
    """Cosine from which two entities are candidates: each model has its own."""

    @property
    def full_name(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity near to another in meaning."""

    iri: str
    cosine: float
