"""Programs of a few lines, which show how to ask for something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A program of a few lines."""

    language: str
    """What its language is called."""
    text: str
    """The program."""
