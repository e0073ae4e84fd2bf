"""Pairs of entities that may belong together, why they may, and what reviewers decided of them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, get_args

from .pages import EntityRef

STRONG: Final = 0.65
"""The cosine from which a pair is marked as strong, whatever the threshold of the model."""

Outcome = Literal["edge", "merged", "different", "unrelated", "later"]
"""What a reviewer made of a pair: the notations of the review outcome scheme."""

OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

State = Literal["undecided", "postponed", "reopened"]
"""The state of a candidate after earlier decisions: the notations of the scheme of candidate states."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Why two entities may belong together; each is shown, and each is weighed."""

    cosine: float | None
    """Between their embeddings, from -1 to 1; None when the release was built without an embedding."""
    label: float
    """The best likeness of two of their names by trigrams, from 0 to 1."""
    shared: float
    """How much of their neighbourhoods they share, from 0 to 1; few neighbours say little."""
    identifier: bool
    """Whether they carry the same external identifier."""
    corrected: float | None = None
    """The cosine corrected for hubs, from -2 to 2 (CSLS: twice the cosine, less how near each is to its nearest)."""


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
    model: str
    """Name and version of the embedding; empty when there is none."""
    state: State = "undecided"

    @property
    def strong(self) -> bool:
        """Whether the cosine reaches what counts as strong, whatever the threshold of the model."""
        return is_strong(self.signals)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a person about a pair; the last one counts."""

    id: str
    """That of the candidate."""
    first: str
    """IRI; `first` < `second`."""
    second: str
    outcome: Outcome
    signals: Signals
    """As they were when it was decided."""
    texts: str
    """`texts_hash` of the pair at that time: a rejected pair comes back when it is another."""
    who: str = ""
    why: str = ""
    when: str = ""
    """As an xsd:dateTime."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By what a release measured nearness."""

    model: str
    """Name and version of the embedding; empty when the release was built without one."""
    threshold: float | None
    """The cosine from which two entities are candidates; it belongs to the model."""
    label_threshold: float
    """The likeness of names from which they are, whatever the cosine."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate as pages show it."""

    id: str
    first: EntityRef
    second: EntityRef
    signals: Signals
    worth: float
    model: str
    state: State

    @property
    def strong(self) -> bool:
        """Whether the cosine reaches what counts as strong, whatever the threshold of the model."""
        return is_strong(self.signals)

    def other(self, iri: str) -> EntityRef:
        """Return the member of the pair that is not `iri`."""
        return self.second if self.first.iri == iri else self.first


@dataclass(frozen=True, slots=True)
class Related:
    """The candidates of one entity, the nearest first, and by what they were measured."""

    thresholds: Thresholds
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class QueueSelection:
    """What is wanted of the queue; what is left empty is not restricted."""

    classes: tuple[str, ...] = ()
    """At most two names of page classes: those of the two members, in whichever order."""
    signals: tuple[str, ...] = ()
    """Signals that must speak for the pair, all of them: names of `knowledge.candidates.SIGNALS`."""
    states: tuple[State, ...] = ()
    entity: EntityRef | None = None
    """One of the two members."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what is selected of the queue, that of most worth first."""

    selection: QueueSelection
    thresholds: Thresholds
    pairs: tuple[Pair, ...]
    """Those on this page."""
    total: int
    """How many are selected, on all pages together."""
    classes: tuple[tuple[str, str, int], ...]
    """How many candidates the whole queue has of each pair of page classes, the most first."""


def is_strong(signals: Signals) -> bool:
    """Tell whether the cosine of a pair reaches STRONG."""
    return signals.cosine is not None and signals.cosine >= STRONG


def candidate_id(one: str, other: str) -> str:
    """Return the id of the pair of IRIs, in whichever order: ten hexadecimal digits of SHA-256."""
    return sha256("\n".join(sorted((one, other))).encode()).hexdigest()[:10]
