"""A feed of changes, whatever format it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .history import Fate


@dataclass(frozen=True)
class FeedItem:
    """One change of one entity."""

    id: str
    """An IRI that no other change ever has."""
    title: str
    address: str
    """Where people read of it."""
    at: datetime
    author: str
    fate: Fate
    text: str
    """What was changed, and why, in a few lines."""


@dataclass(frozen=True)
class Feed:
    """A feed, or one of its archives (RFC 5005, section 4)."""

    id: str
    """An IRI that stays, wherever the feed is published."""
    title: str
    summary: str
    page: str
    """The address of the page about it."""
    address: str
    """Its own, in the format that it is written in."""
    current: str
    """The address of the feed itself."""
    previous: str
    """The address of the archive with what is older; empty for none."""
    next: str
    """The address of the archive with what is newer; empty for none, and in the feed itself."""
    updated: datetime
    items: tuple[FeedItem, ...]
    """The newest first."""
    hub: str = ""
    """The address of a hub that tells subscribers of changes (WebSub); empty for none."""

    @property
    def is_archive(self) -> bool:
        """Whether this is an archive, and not the feed itself."""
        return self.address != self.current
