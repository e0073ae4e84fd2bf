"""What goes into the index, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..records.pages import EntityRef

Field = Literal["definition", "names", "notes", "identifiers", "around", "imprint", "meaning"]
"""The field with the words of a search: `around` is what it is linked with, `imprint` its authors, year and the like;
`meaning` means that none has them."""


@dataclass(frozen=True, slots=True)
class Document:
    """An entity in use, with all that it can be found by."""

    entity: EntityRef
    status: str
    edge_count: int
    """How many edges in use it has, as lists show it."""
    ties: int = 0
    """How many of them are no references: the more, the better known it is."""
    cited: int = 0
    """How many of them are references to it."""
    names: tuple[str, ...] = ()
    """Its other names."""
    former: tuple[str, ...] = ()
    """The names and CURIEs of the retired entities that it replaces."""
    identifiers: tuple[str, ...] = ()
    """What others call it: a DOI, an arXiv id, an IRI."""
    notes: tuple[str, ...] = ()
    """What is said on its edges, and what was quoted."""
    issued: str = ""
    """When it came out: a year, a month or a day; empty for what has no date."""
    kind: str = ""
    """Of which kind it is within its class, with the label of that; empty for none."""
    kind_label: str = ""
    facets: tuple[Tag, ...] = ()
    """By what lists are narrowed to it, besides its status and its kind."""
    classes: tuple[str, ...] = ()
    """What its classes are called."""
    around: tuple[tuple[str, str], ...] = ()
    """What it is linked with by edges in use: of each the IRI and the label."""
    labels: tuple[tuple[str, str], ...] = ()
    """Its labels in other languages than English: of each the tag of the language, which no other has, and the text."""


class Tag(NamedTuple):
    """A value by which lists are narrowed: an author, a topic, a year."""

    facet: str
    value: str
    """The CURIE of an entity, or a name."""
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """All that an index has of an entity: what it is found by, and what is shown of it."""

    entity: EntityRef
    status: str
    edge_count: int
    other_names: tuple[str, ...]
    names: str
    """Its other names and its former ones, as one text."""
    identifiers: str
    notes: str
    around: str
    """The labels of what it is linked with."""
    imprint: tuple[str, ...]
    """The names of its authors, its year and the like."""
    linked: tuple[int, ...]
    """The places of what it is linked with among all entries, counted from one."""
    kinds: tuple[str, ...]
    """What its classes are called, folded."""
    renown: float
    """The logarithm of one more than the number of its edges that are no references."""
    cited: int
    """How many references there are to it."""
    is_subject_of: int
    """How many entities are about it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_match` when it is a word that was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that was found, and where."""

    entity: EntityRef
    status: str
    edge_count: int
    names: tuple[str, ...]
    """Its other names."""
    label: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    """The definition where the label fits, else a place that fits."""
    field: Field
    """Where the snippet is from."""


# A tuple, since there may be as many as there are entities.
class Ranked(NamedTuple):
    """An entity in a ranking: its row in the index, and what the facets count."""

    row: int
    class_name: str
    status: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that was found, the best first."""

    entities: tuple[Ranked, ...] = ()
    expression: str = ""
    """What was asked of FTS5, any of it, for the marks in what is shown; empty when nothing was."""
    meant: str = ""
    complete: int = 0
    """How many have all the words; the others have some."""
    leading: int = 0
    """How many come first whatever their score: by a name that is the text, or begins with it."""
    namesakes: frozenset[int] = frozenset()
    """The rows of those among them whose name has the punctuation of the text too: `C` is not `C++`."""
    imprinted: frozenset[int] = frozenset()
    """The rows of what has a word of the text in its imprint."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found; the counts are of all pages together."""

    total: int
    hits: tuple[Hit, ...]
    classes: tuple[tuple[str, int], ...]
    """How many of each page class were found, whichever classes were asked for; the most first."""
    statuses: tuple[tuple[str, int], ...]
    """How many of each status were found, whichever statuses were asked for."""
    meant: str = ""
    """The text with corrected spelling, which was searched for instead; empty when nothing was corrected."""
    complete: int = 0
    """How many have all the words, whatever their class and status; the others have some of them."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entity by a name of it that fits what was typed so far."""

    entity: EntityRef
    name: str
