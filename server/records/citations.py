"""What a reference to a work says."""

from __future__ import annotations

from dataclasses import dataclass


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
    def year(self) -> str:
        """The year in which it came out."""
        return self.issued[:4]

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url or self.iri

    @property
    def context_object(self) -> tuple[tuple[str, str], ...]:
        """The reference as an OpenURL context object, key by key (ANSI/NISO Z39.88-2004, the journal format)."""
        pairs = (
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
            ("rft.genre", "preprint" if self.arxiv else "article"),
            ("rft.atitle", self.title),
            ("rft.date", self.issued),
            *(("rft.au", author.name) for author in self.authors),
            ("rft_id", f"info:doi/{self.doi}" if self.doi else ""),
            ("rft_id", self.url or self.iri),
        )
        return tuple(pair for pair in pairs if pair[1])
