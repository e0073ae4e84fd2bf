"""What is known of a pair of entities that may belong together."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


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


def candidate_id(one: str, other: str) -> str:
    """Return the id of the pair of IRIs, in whichever order: ten hexadecimal digits of SHA-256."""
    return sha256("\n".join(sorted((one, other))).encode()).hexdigest()[:10]
