"""What contradicts itself in a base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Statement(NamedTuple):
    """A statement in words of Turtle, and where it is: the file, and the line from 1; empty and 0 where unknown."""

    text: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.text} ({place})" if place else self.text


@dataclass(frozen=True)
class Conflict:
    """Statements that cannot all be true, and the axioms that say so."""

    axiom: str
    """What is forbidden, as a sentence."""
    statements: tuple[Statement, ...]
    """Those that are asserted; none where axioms alone contradict each other."""
    axioms: tuple[Statement, ...] = ()
    """The one that forbids it, then those by which it applies to the statements."""
    focus: str = ""
    """IRI of the node at which they meet; the label of a blank node."""
    statement: tuple[str, str, str] | None = None
    """The terms of the asserted triple that is the likelier slip: an edge rather than a type."""
