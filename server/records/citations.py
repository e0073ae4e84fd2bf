"""What a reference to a work says."""

from __future__ import annotations

from dataclasses import dataclass

from .dates import Date, date_of
from .identifiers import address_of


@dataclass(frozen=True)
class Author:
    """Who wrote a work: a person, or people or an organisation under one name."""

    name: str
    is_person: bool = True


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

    @property
    def date(self) -> Date | None:
        """When it came out; None where that is no date of XSD."""
        return date_of(self.issued)

    @property
    def year(self) -> str:
        """The year in which it came out, as people write it."""
        return self.date.year_in_words if self.date else ""

    @property
    def published(self) -> str:
        """When it came out, as the tags of Highwire Press have it."""
        return self.date.written("/") if self.date else self.issued

    @property
    def address(self) -> str:
        """Where it is found."""
        return address_of("https://doi.org/{value}", self.doi) if self.doi else self.url or self.iri

    @property
    def context_object(self) -> tuple[tuple[str, str], ...]:
        """The reference as an OpenURL context object, key by key (ANSI/NISO Z39.88-2004, the journal format)."""
        pairs = (
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
            ("rft.genre", "preprint" if self.arxiv else "article"),
            ("rft.atitle", self.title),
            ("rft.date", self.date.iso if self.date else self.issued),
            *(("rft.au", author.name) for author in self.authors),
            ("rft_id", f"info:doi/{self.doi}" if self.doi else ""),
            ("rft_id", self.url or self.iri),
        )
        return tuple(pair for pair in pairs if pair[1])
