"""What is proposed, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ..comparison.records import Difference
from ..records.findings import Finding, Severity

Kind = Literal["entity", "edge", "claim", "merger", "correction"]
KINDS: Final[tuple[Kind, ...]] = ("entity", "edge", "claim", "merger", "correction")
PLACE: Final = "proposal"
"""What findings name as their file; their line is the number of the part, from 1."""


@dataclass(frozen=True)
class Part:
    """One part of a proposal: its kind, and its fields as they were sent, each a text or several."""

    number: int
    """From 1."""
    kind: Kind
    fields: Mapping[str, tuple[str, ...]]

    def get(self, name: str) -> str:
        """Return the first value of a field, or an empty text."""
        return next(iter(self.fields.get(name, ())), "")

    def many(self, name: str) -> tuple[str, ...]:
        """Return all values of a field."""
        return self.fields.get(name, ())

    def fault(
        self, rule: str, message: str, mend: str, focus: str = "", severity: Severity = Severity.VIOLATION
    ) -> Finding:
        """Return what is wrong with the part."""
        return Finding(PLACE, self.number, 0, focus, "", rule, message, mend, severity)


@dataclass(frozen=True)
class Proposal:
    """A change that somebody proposes."""

    parts: tuple[Part, ...]
    who: str = ""
    """Who proposes it: a person, or the program that runs the model."""
    model: str = ""
    """The language model that made it, with its version; empty for a person."""
    why: str = ""
    score: float | None = None
    """How sure whoever proposes it is, from 0 to 1, if they say so."""
    reviewer: str = ""
    """Who accepts it; empty while nobody does."""


@dataclass(frozen=True)
class Evidence:
    """A quote, and the passage in which it was found."""

    part: int
    quote: str
    passage: str
    """The quote with what stands around it in the text that was sent."""
    source: str = ""
    """The CURIE of what the text is from, as the proposal says."""
    locator: str = ""
    anchor: str = ""
    """Where it begins in the text of the source, where that is on the machine that tried it."""


@dataclass(frozen=True)
class Near:
    """An entity of the base that is near in meaning to one that is proposed."""

    part: int
    iri: str
    cosine: float
    is_same: bool
    """Whether it is so near that the two say the same."""
    is_near: bool = True
    """Whether it is at the threshold of the embedding; the nearest one is told of in any case."""


@dataclass(frozen=True)
class NearEntity:
    """The same, of the class of the new one, with its name."""

    part: int
    id: str
    """Its CURIE."""
    label: str
    cosine: float
    duplicate: bool


@dataclass(frozen=True)
class Outcome:
    """What was found of a proposal: reasons to refuse it, or the patch that it makes."""

    proposal: Proposal
    findings: tuple[Finding, ...]
    """Violations refuse it; warnings and infos go with it to the reviewer."""
    after: Mapping[str, str] = field(default_factory=dict)
    """The texts of the files that change, by path; none where it is refused."""
    before: Mapping[str, str] = field(default_factory=dict)
    patch: str = ""
    """The same as a patch that `git apply` takes."""
    difference: Difference | None = None
    """The same in entities and edges."""
    evidence: tuple[Evidence, ...] = ()
    near: tuple[NearEntity, ...] = ()
    """What the base has that is nearest to each new entity."""

    @property
    def is_refused(self) -> bool:
        """Whether something is wrong with it."""
        return any(one.severity is Severity.VIOLATION for one in self.findings)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The names of the rules that refuse it, each once, in the order of the findings."""
        found = (one.rule for one in self.findings if one.severity is Severity.VIOLATION)
        return tuple(dict.fromkeys(found))


Verdict = Literal["accepted", "rejected", "later"]
VERDICTS: Final[tuple[Verdict, ...]] = ("accepted", "rejected", "later")


@dataclass(frozen=True)
class Decision:
    """What a reviewer decided on a proposal."""

    outcome: Verdict
    who: str
    why: str
    when: str
    """As xsd:dateTime."""
