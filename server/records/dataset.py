"""The dataset as a whole: what is in it, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of the data, and how much of it there is: triples of a graph or a property, members of a class."""

    iri: str
    count: int


@dataclass(frozen=True)
class DatasetSummary:
    """What a release holds, all graphs together, as VoID counts it."""

    triples: int
    subjects: int
    objects: int
    entities: int
    graphs: tuple[Part, ...]
    """The named graphs with their triples."""
    classes: tuple[Part, ...]
    """Every class that something is of, with its members."""
    properties: tuple[Part, ...]
    """Every property that is used, with its triples."""
    examples: tuple[str, ...]
    """IRIs of the entities with the most edges."""
    licences: tuple[str, ...]
    """IRIs of the licences that the ontology names."""
    title: str = ""
    description: str = ""
    publisher: str = ""
    publisher_name: str = ""
    keywords: tuple[str, ...] = ()
    period: tuple[str, str] | None = None
    """When the first and the last of its dated works came out: years, months or days, without zones."""


@dataclass(frozen=True)
class BaseStatistics:
    """What the files of a base hold. Counts are of entities that are not retired, and of edges of any status."""

    entities: int
    edges: int
    retired: int
    entities_per_class: Mapping[str, int]
    """In display order, with noughts."""
    edges_per_predicate: Mapping[str, int]
    """In the order of the names, without noughts."""
    entity_statuses: Mapping[str, int]
    edge_statuses: Mapping[str, int]
    checked_entities: int
    """How many are active or contested and name what was looked at."""
    checked_edges: int
    edges_with_a_source: int
    """How many say which work or thinker asserts them."""
    readings: int
    """How many edges are our own reading of sources that do not say so themselves."""
    orphans: tuple[str, ...]
    """CURIEs of the entities at which no edge in use ends."""
    components: int
    """How many parts there are between which no edge in use runs."""
    largest_component: int
    """How many entities the largest of them has."""
    gaps: Mapping[str, int]
    """How many nodes lack what each gap names: see `knowledge.gaps`."""
