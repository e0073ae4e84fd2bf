"""The history of a base: its commits, and what each entity was from one of them to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What a commit did to an entity."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Commit:
    """A commit that changed the base, in the order of the line that was checked out."""

    number: int
    """Its place on that line, from 1."""
    revision: str
    at: datetime
    """When it was committed, in UTC; never before the commit that it follows."""
    author: str
    message: str

    @property
    def short(self) -> str:
        """The revision as people write it."""
        return self.revision[:12]

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


@dataclass(frozen=True)
class Version:
    """What an entity was from one commit on, until its next version."""

    id: int
    commit: Commit
    entity: str
    """Its IRI."""
    kind: Fate
    ntriples: str
    """All that its file said, as sorted N-Triples; empty when it was removed."""
    hash: str
    """SHA-256 of its RDFC-1.0 form, which is `ntriples`; empty when it was removed."""


@dataclass(frozen=True)
class Moment:
    """When an entity came to be as a version has it, or went."""

    commit: Commit
    kind: Fate


@dataclass(frozen=True)
class Change:
    """A version as lists of changes show it."""

    version: Version
    curie: str
    label: str
    """The name of the entity, the last one it had where it was removed."""
    summary: str
    """What changed, in a line."""
    path: str
    """The path of the entity; empty for what has no page, such as a decision on a pair."""
    address: str
    """The address of the version; empty where the entity was removed, or has no page."""
    diff: str
    """The address of what changed in it; empty where the entity has no page."""
    removed: tuple[str, ...]
    added: tuple[str, ...]
    """The lines of N-Triples that were removed and added."""
