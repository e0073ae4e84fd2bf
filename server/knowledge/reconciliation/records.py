"""What is asked of the reconciliation, and what it answers, whichever version of the protocol carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What of an entity a condition is about."""

    NAME = "name"
    ID = "id"
    PROPERTY = "property"


class Quantifier(StrEnum):
    """How many of the values of a condition have to fit."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True)
class Condition:
    """What a candidate should have."""

    kind: Kind
    values: tuple[str, ...]
    property: str = ""
    """IRI of the property."""
    required: bool = False
    quantifier: Quantifier = Quantifier.ANY


@dataclass(frozen=True)
class Wanted:
    """A reconciliation query."""

    conditions: tuple[Condition, ...]
    types: tuple[str, ...] = ()
    """IRIs of classes; a candidate has to be of one of them."""
    every_type: bool = False
    """Whether it has to be of all of them."""
    limit: int = 10

    def values(self, *kinds: Kind, every: bool = False) -> tuple[str, ...]:
        """Return the values of the conditions of certain kinds that a candidate may fit, or of all conditions."""
        return tuple(
            value
            for one in self.conditions
            if one.kind in kinds and (every or one.quantifier is not Quantifier.NONE)
            for value in one.values
        )


@dataclass(frozen=True)
class Feature:
    """One of the numbers or truths from which a score is made."""

    id: str
    name: str
    value: float | bool


@dataclass(frozen=True)
class Named:
    """An entity as the reconciliation knows it."""

    iri: str
    curie: str
    label: str
    definition: str
    names: tuple[str, ...]
    """The label, which is in English where there is one, and the other names."""
    types: frozenset[str]
    """IRIs of all classes that it is of."""
    edges: int


@dataclass(frozen=True)
class Match:
    """A candidate: how well it fits, from 0 to 100, and whether it is certainly the right one."""

    entity: Named
    score: float
    features: tuple[Feature, ...] = field(default=())
    match: bool = False


@dataclass(frozen=True)
class PropertyValue:
    """A value of a property: an entity or a code by its id and its name, or a text."""

    text: str
    """The name of the entity, or the text itself."""
    id: str = ""
    """CURIE of an entity of ours; empty for all else."""
    iri: str = ""
