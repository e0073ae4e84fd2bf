"""The manual of the engine, as its contents list it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A section of a page of the manual."""

    id: str
    """What follows the # in its address."""
    title: str
    level: int
    """That of its heading, from 2."""


@dataclass(frozen=True)
class ManualEntry:
    """A page of the manual, without its text."""

    name: str
    """The name of its file, without the extension."""
    title: str
    summary: str
    """Its first sentences, without markup."""
    sections: tuple[Section, ...]
