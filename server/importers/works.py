"""What a record of another program or catalogue says of a work, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ..records.dates import Date
from ..records.findings import Finding

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """Where a record is: its file, the line on which it begins, and what the file calls it."""

    file: str
    line: int = 1
    name: str = ""

    def __str__(self) -> str:
        """Return the place as people read it."""
        return f"{self.file}:{self.line}" + (f" ({self.name})" if self.name else "")

    def fault(self, message: str, mend: str) -> Finding:
        """Return what is wrong with the record."""
        return Finding(self.file, self.line, 0, self.name, "", "record", message, mend)


@dataclass(frozen=True)
class Author:
    """An author as the record names them, the given name first."""

    name: str
    orcid: str = ""
    """As `0000-0002-1825-0097`; empty where it is not known."""
    is_group: bool = False
    """Whether the record says that it is no person."""


@dataclass(frozen=True)
class Mention:
    """A work in a list of references."""

    keys: frozenset[str]
    """Its identifiers, as `Work.keys`."""
    title: str = ""
    year: int = 0
    source: str = ""
    """What the record that mentions it was read from."""


@dataclass(frozen=True)
class Link:
    """What a note or a resource is joined to: by a predicate, to what has a name."""

    predicate: str
    """The name of a predicate, or the IRI of a property."""
    target: str
    """A key, a CURIE, or a name."""


@dataclass(frozen=True)
class Work:
    """A work as one record, or several that were found to be about one, say it; what is not known is empty."""

    place: Place
    title: str
    kind: str = "article"
    """One of `kinds_of_works.MEANINGS`."""
    authors: tuple[Author, ...] = ()
    is_cut_short: bool = False
    """Whether the list of authors says that there are more."""
    issued: Date | None = None
    undated: str = ""
    """What is there in place of a date, such as `in press`."""
    doi: str = ""
    arxiv: str = ""
    """Without its version."""
    matches: tuple[str, ...] = ()
    """IRIs by which catalogues know it."""
    keys: frozenset[str] = frozenset()
    """Its identifiers in a form in which they are compared: `doi:...`, `arxiv:...`, `of <name>:...` or an IRI."""
    url: str = ""
    venue: str = ""
    is_retracted: bool = False
    references: tuple[Mention, ...] = ()
    source: str = ""
    """What was looked at: an address, or words."""
    left_out: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """The fields that have no place in a base: name to value."""
    remarks: tuple[str, ...] = ()
    """What the reader changed or could not make sense of, in sentences."""
    places: tuple[Place, ...] = ()
    """All records that are about it; the first one is `place`."""
    sources: tuple[str, ...] = ()
    """What was looked at of all of them."""
    definition: str = ""
    """What somebody wrote of it in their own words."""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Described:
    """What a note or a resource says of something, in fields whose names the base may know."""

    place: Place
    fields: Mapping[str, tuple[str, ...]]
    """By the names of columns (docs/curation.md) in any case, or by the IRIs of properties."""
    definition: str = ""
    links: tuple[Link, ...] = ()
    keys: frozenset[str] = frozenset()
    """By what links name it: `of <name>:...` or an IRI."""
    source: str = ""
    is_incidental: bool = False
    """Whether it is only there as the author of something else."""
