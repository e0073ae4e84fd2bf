"""Why a statement holds: who asserts it, or from what it follows."""

from __future__ import annotations

from dataclasses import dataclass

from .pages import EntityRef, Link


@dataclass(frozen=True)
class Statement:
    """A triple, and what asserts it where something does."""

    triple: tuple[str, str, str]
    """IRIs, or for an object a literal as N-Triples write it."""
    names: tuple[str, str, str]
    """The same as people read it: CURIEs, and the text of a literal."""
    subject: EntityRef | None = None
    """Set where it is an entity."""
    object: EntityRef | None = None
    """Set where it is an entity."""
    edges: tuple[Link, ...] = ()
    """The edges that assert it, with their sources."""

    @property
    def text(self) -> str:
        """The statement as a line of Turtle, nearly."""
        return " ".join(self.names)


@dataclass(frozen=True)
class Step:
    """A conclusion by one rule."""

    rule: str
    """By which OWL 2 Profiles, 4.3, knows it."""
    meaning: str
    premises: tuple[Statement, ...]
    axioms: tuple[Statement, ...]
    """What the ontology says, of which the rule makes use."""
    conclusion: Statement


@dataclass(frozen=True)
class Explanation:
    """Why a statement holds."""

    statement: Statement
    graph: str
    """The graph that has it: `asserted`, `ontology` or `inferred`."""
    steps: tuple[Step, ...] = ()
    """In an order in which each rests on what was asserted or concluded before; none where it is not inferred."""
    asserted: tuple[Statement, ...] = ()
    """What all of it rests on."""
