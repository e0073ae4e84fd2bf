"""A Linked Data Event Stream: every change of a base, in nodes that lead to each other (LDES 1.0, TREE)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .history import Version

PATH: Final = "ldes"
"""The path of the first node, below the base and below the site."""


@dataclass(frozen=True)
class Member:
    """A change as a member of the stream."""

    iri: str
    position: int
    """Its place in the stream, from 1."""
    version: Version


@dataclass(frozen=True)
class Relation:
    """What a node says of another one to which it leads: between which members all of its own lie."""

    address: str
    first: int
    last: int
    """The places of the first and the last member there."""
    since: datetime
    until: datetime
    """When these two were committed."""


@dataclass(frozen=True)
class StreamNode:
    """A node of the stream, as it is published."""

    stream: str
    """The IRI of the stream."""
    address: str
    root: str
    """The address of the first node, to which clients are led."""
    title: str
    """What the stream is of."""
    licences: tuple[str, ...]
    members: tuple[Member, ...]
    relations: tuple[Relation, ...]
    since: datetime | None
    """From when on the stream has all changes; None where there are none."""

    @property
    def is_root(self) -> bool:
        """Whether this is the node that tells what the stream is; no other one ever changes."""
        return self.address == self.root
