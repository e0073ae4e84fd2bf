"""What notes and resources call their fields, and which columns of the base these are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..turtle.defaults import LABELS, TEXTS
from .dating import dated
from .files import shown
from .kinds_of_works import MEANINGS, kind_of
from .tables import spelled
from .terms import WorkTerms
from .texts import arxiv_in, author, authors_in, doi_in, keys_for
from .works import Author, Described, Mention, Work

CLASS, LABEL, DEFINITION, AUTHORS, DATE, VENUE = "class", "label", "definition", "authors", "date", "venue"
"""Fields that are no column of every base, or that are read before they become one."""
_USUAL: Final[Mapping[str, str]] = {
    **dict.fromkeys(("class", "type", "category"), CLASS),
    **dict.fromkeys(("label", "title", "name"), LABEL),
    **dict.fromkeys(("definition", "description", "summary"), DEFINITION),
    **dict.fromkeys(("author", "authors", "authorlist", "creator"), AUTHORS),
    **dict.fromkeys(("date", "year", "issued", "published", "publicationdate"), DATE),
    **dict.fromkeys(("venue", "journal", "publication", "publisher", "booktitle", "containertitle"), VENUE),
    **dict.fromkeys(("alias", "aliases"), "altLabels"),
    **dict.fromkeys(("source", "sources"), "sources"),
}
_ADDRESSES: Final = frozenset(("url", "link", "website", "web", "address"))
_NOT_FIELDS: Final = frozenset(("http://www.w3.org/1999/02/22-rdf-syntax-ns#type",))


class Fields:
    """The fields of something described, by what they are to the base."""

    def __init__(self, described: Described, terms: WorkTerms) -> None:
        self.described = described
        self._terms = terms
        self.values: dict[str, tuple[str, ...]] = {}
        self.left_out: dict[str, str] = {}
        joined = {link.predicate for link in described.links}
        for name, values in described.fields.items():
            if not values:
                continue
            column = self._column(name)
            if column:
                self.values[column] = (*self.values.get(column, ()), *values)
            elif name not in _NOT_FIELDS and (name not in joined or terms.predicate_of(name) is None):
                self.left_out[name.rpartition("#")[2].rpartition("/")[2]] = shown("; ".join(values))

    def first(self, name: str) -> str:
        """Return the first value of a field; empty for none."""
        return next(iter(self.values.get(name, ())), "")

    @property
    def class_iri(self) -> str:
        """The class of the base that it says it is; empty where it names none."""
        named = (*self.values.get(CLASS, ()), *self.described.fields.get(next(iter(_NOT_FIELDS)), ()))
        return next((iri for name in named if (iri := self._terms.class_of(name.strip()))), "")

    @property
    def kind(self) -> str:
        """The kind of works that it says it is; empty for none."""
        named = (*self.values.get(CLASS, ()), *self.described.fields.get(next(iter(_NOT_FIELDS)), ()))
        for name in named:
            if (kind := kind_of(name)) != "work":
                return kind
            if found := next((kind for kind, meanings in MEANINGS.items() if name in meanings), ""):
                return found
        return ""

    @property
    def is_work(self) -> bool:
        """Whether it is a work: by its class, or by what only works have."""
        if not self._terms.is_for_works:
            return False
        if class_iri := self.class_iri:
            return self._terms.is_work(class_iri)
        return bool(self.kind or {AUTHORS, self._terms.doi, self._terms.arxiv} - {""} & self.values.keys())

    def work(self) -> Work:
        """Return it as a work."""
        terms, described = self._terms, self.described
        issued, words = dated(self.first(DATE))
        given = self.first(terms.doi) if terms.doi else ""
        url = self.first(terms.address) if terms.address else ""
        doi = doi_in(given) or (doi_in(url) if "doi.org" in url else "")
        number = self.first(terms.arxiv) if terms.arxiv else ""
        iris = [key for key in described.keys if key.startswith("http")]
        found = (arxiv_in(number), arxiv_in(f"arXiv:{number}"), arxiv_in(doi), arxiv_in(url), *map(arxiv_in, iris))
        arxiv = next((one for one in found if one), "")
        authors, is_cut = _authors(self.values.get(AUTHORS, ()))
        doi = doi or next((doi_in(iri) for iri in iris if "doi.org/" in iri), "")
        keys = keys_for(doi, arxiv=arxiv)
        known = {"altLabels", "sources", terms.author_list, terms.issued}
        used = {CLASS, LABEL, DEFINITION, AUTHORS, DATE, VENUE, terms.doi, terms.arxiv, terms.address, *known}
        cites = terms.cites
        mentions, links = [], []
        for link in described.links:
            predicate = terms.predicate_of(link.predicate)
            if predicate is not None and terms.author is not None and predicate.iri == terms.author.iri:
                continue
            if predicate is not None and cites is not None and predicate.iri == cites.iri:
                keys_of_target = {link.target, f"of note:{link.target.lower()}"} | keys_for(link.target)
                mentions.append(Mention(frozenset(keys_of_target)))
            else:
                links.append(link)
        is_address = [iri for iri in iris if not any(part in iri for part in ("doi.org/", "arxiv.org/"))]
        left = {name: shown("; ".join(values)) for name, values in self.values.items() if name not in used}
        return Work(
            place=described.place,
            title=self.first(LABEL),
            kind=self.kind or "work",
            authors=authors,
            is_cut_short=is_cut,
            issued=issued,
            undated=words,
            doi=doi,
            arxiv=arxiv,
            matches=tuple(is_address),
            keys=keys | described.keys,
            url=url if url.startswith("http") else "",
            venue=self.first(VENUE),
            references=tuple(mentions),
            source=described.source,
            left_out={**self.left_out, **left},
            remarks=(f"doi: {given[:60]} is no DOI, and was left out",) if given and not doi else (),
            definition=self.first(DEFINITION) or described.definition,
            links=tuple(links),
        )

    def _column(self, name: str) -> str:
        """Return what a field is to the base; empty for what it has no place for."""
        terms, plain = self._terms, spelled(name)
        if name in LABELS:
            return LABEL if name.rpartition("#")[2] != "altLabel" else "altLabels"
        if name in TEXTS:
            return DEFINITION
        named = {**{spelled(column): column for column in terms.columns.values()}, **_USUAL}
        named |= dict.fromkeys(_ADDRESSES, terms.address) | dict.fromkeys(("arxiv", "arxivid"), terms.arxiv)
        column = named.get(plain) or (terms.column_of(name) if ":" in name else "")
        if column and column in {terms.issued, terms.author_list}:
            return DATE if column == terms.issued else AUTHORS
        predicate = terms.predicate_of(name) if ":" in name else None
        is_author = predicate is not None and terms.author is not None and predicate.iri == terms.author.iri
        return column or (AUTHORS if is_author else "")


def _authors(values: tuple[str, ...]) -> tuple[tuple[Author, ...], bool]:
    names = [part for value in values for part in _divided(value, is_only=len(values) == 1)]
    found, is_cut = authors_in(names)
    # Braces mark a name that is no person's, as in lists of the base.
    marked = [
        author(one.name.strip("{} "), is_group=True) if one.name.startswith("{") and one.name.endswith("}") else one
        for one in found
    ]
    return tuple(one for one in marked if one), is_cut


def _divided(value: str, *, is_only: bool) -> list[str]:
    """Return the names in one value: semicolons divide them, or `and`, or commas between whole names."""
    if ";" in value:
        return value.split(";")
    if not is_only:
        return [value]
    parts = re.split(r"\s+(?:and|&)\s+", value)
    by_comma = [part.strip() for one in parts for part in one.split(",") if part.strip()]
    whole = all(" " in part for part in by_comma)
    return by_comma if whole and len(by_comma) > len(parts) else parts
