"""What is known of a pair of entities that may belong together."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal


@dataclass(frozen=True, slots=True)
class Described:
    """An entity in use, and what it says of itself."""

    iri: str
    label: str
    others: tuple[str, ...]
    """Its other labels, in order."""
    definition: str


@dataclass(frozen=True, slots=True)
class Model:
    """The embedding of a release."""

    name: str
    version: str
    dimensions: int
    threshold: float
    """Cosine from which two entities are candidates: each model has its own."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity near to another in meaning."""

    iri: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Signals:
    """Why two entities may belong together; each is shown, and each is weighed."""

    cosine: float | None
    """Between their embeddings, from -1 to 1; None when the release was built without an embedding."""
    label: float
    """The best likeness of two of their names by trigrams, from 0 to 1."""
    shared: float
    """How much of their neighbourhoods they share, from 0 to 1."""
    identifier: bool
    """Whether they carry the same external identifier."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entities that no typed edge joins and that some signal holds for near."""

    id: str
    first: str
    """IRI; `first` < `second`, for a pair has no direction."""
    second: str
    signals: Signals
    worth: float
    """How much a decision on the pair is expected to be worth, from 0 to 1: the order of the queue."""
    strong: bool
    """Whether the cosine reaches what counts as strong, whatever the threshold of the model."""
    model: str
    """Name and version of the embedding."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a pair of entities."""

    id: str
    first: str
    second: str
    outcome: Literal["edge", "merged", "different", "unrelated", "later"]
    signals: Signals
    """As they were when it was made."""
    texts: str
    """`texts_hash` of the pair at that time."""


def candidate_id(one: str, other: str) -> str:
    """Return the id of the pair of IRIs, in whichever order: ten hexadecimal digits of SHA-256."""
    return sha256("\n".join(sorted((one, other))).encode()).hexdigest()[:10]
