"""What a reference to a work says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .dates import Date, date_of
from .identifiers import address_of_work


@dataclass(frozen=True)
class Author:
    """Who wrote a work: a person, or people or an organisation under one name."""

    name: str
    is_person: bool = True


class WorkKind(StrEnum):
    """What a work is, as far as references differ by it."""

    ARTICLE = "article"
    """An article, a paper or a preprint, and what is none of the others."""
    BOOK = "book"
    REPORT = "report"
    POST = "post"
    THESIS = "thesis"


class VenueKind(StrEnum):
    """Where works appear, in the order of what a reference names of several."""

    JOURNAL = "journal"
    CONFERENCE = "conference"
    SERIES = "series"
    """The reports of an organisation."""
    SITE = "site"
    """A blog or another website."""


@dataclass(frozen=True)
class Venue:
    """Where a work appeared."""

    name: str
    kind: VenueKind
    issued: str = ""
    """When it appeared there; empty where only the date of the work is known."""


@dataclass(frozen=True)
class Citation:
    """What a reference to a work says; what is not known is empty."""

    iri: str
    title: str
    authors: tuple[Author, ...]
    """All, in the order of the work, where the base has its list; else those it knows, in the order of the alphabet."""
    issued: str
    doi: str
    arxiv: str
    url: str
    may_lack_authors: bool = False
    """Whether the base has no list of all authors of the work, so that others may have written it too."""
    container: str = ""
    """What it is a part of, for an entry of this base."""
    kind: WorkKind = WorkKind.ARTICLE
    venue: Venue | None = None

    @property
    def appeared(self) -> str:
        """When it came out where it is cited from: a preprint is often older than the proceedings that have it."""
        return (self.venue.issued if self.venue else "") or self.issued

    @property
    def date(self) -> Date | None:
        """When it came out; None where that is no date of XSD."""
        return date_of(self.appeared)

    def name_of(self, *kinds: VenueKind) -> str:
        """Return the name of its venue if that is of one of some kinds, else nothing."""
        return self.venue.name if self.venue and self.venue.kind in kinds else ""

    @property
    def year(self) -> str:
        """The year in which it came out, as people write it."""
        return self.date.year_in_words if self.date else ""

    @property
    def published(self) -> str:
        """When it came out, as the tags of Highwire Press have it."""
        return self.date.written("/") if self.date else self.appeared

    @property
    def address(self) -> str:
        """Where it is found."""
        return address_of_work(doi=self.doi) or self.url or self.iri

    @property
    def context_object(self) -> tuple[tuple[str, str], ...]:
        """The reference as an OpenURL context object, key by key (ANSI/NISO Z39.88-2004, journal and book formats)."""
        is_book = self.kind in {WorkKind.BOOK, WorkKind.REPORT}
        pairs = (
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if is_book else 'journal'}"),
            ("rft.genre", self._genre),
            ("rft.btitle" if is_book else "rft.atitle", self.title),
            ("rft.jtitle", "" if is_book or not self.venue else self.venue.name),
            ("rft.pub", self.name_of(VenueKind.SERIES) if is_book else ""),
            ("rft.date", self.date.iso if self.date else self.appeared),
            *(("rft.au", author.name) for author in self.authors),
            ("rft_id", f"info:doi/{self.doi}" if self.doi else ""),
            ("rft_id", self.url or self.iri),
        )
        return tuple(pair for pair in pairs if pair[1])

    @property
    def _genre(self) -> str:
        """The genre of a context object."""
        if self.kind in {WorkKind.BOOK, WorkKind.REPORT}:
            return str(self.kind)
        if self.kind in {WorkKind.POST, WorkKind.THESIS}:
            return "unknown"
        if self.venue:
            return {VenueKind.JOURNAL: "article", VenueKind.CONFERENCE: "proceeding"}.get(self.venue.kind, "unknown")
        return "preprint" if self.arxiv else "article"
