"""What a base has already of works and of people, as far as it takes to know them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import DCTERMS, OWL, RDF, SKOS

from ..records.dates import Date, date_of
from ..records.identifiers import keys_at
from ..records.names import listed_names
from ..turtle.base import Base
from ..turtle.edges import VOCAB
from ..turtle.statements import iri_of, is_iri, literal_of, value_of
from .terms import WorkTerms
from .texts import keys_for, orcid_of


@dataclass
class KnownWork:
    """A work of the base."""

    iri: str
    titles: list[str]
    keys: set[str]
    issued: Date | None = None
    authors: tuple[str, ...] = ()
    """The names in its list of authors."""
    groups: frozenset[str] = frozenset()
    """Those of them that the list marks as no person's."""
    cells: dict[str, str] = field(default_factory=dict)
    """What it has in the columns that records fill."""
    sources: list[str] = field(default_factory=list)
    """The addresses among its sources."""


@dataclass
class KnownPerson:
    """An author who has a page."""

    iri: str
    names: list[str]
    orcids: set[str]
    is_person: bool


class Known:
    """What a base has; retired entities stand for what they were merged into."""

    def __init__(self, base: Base, terms: WorkTerms) -> None:
        self._base = base
        self._terms = terms
        self.namespaces = base.namespaces
        said = base.by_predicate
        self.types = {iri_of(node): iri_of(kind) for node, kind in said.get(str(RDF.type), ())}
        self.ids = {iri_of(node) for node, _ in said.get(str(DCTERMS.identifier), ())}
        self._successors = {iri_of(node): iri_of(to) for node, to in said.get(str(VOCAB.mergedInto), ())}
        self.retired = {iri_of(node) for node, yes in said.get(str(OWL.deprecated), ()) if yes.startswith('"true"')}

    def current(self, iri: str) -> str:
        """Return what an entity is now: what it was merged into, or itself."""
        seen = {iri}
        while (successor := self._successors.get(iri)) and successor not in seen:
            seen.add(successor)
            iri = successor
        return iri

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """The names of each entity, its label first."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for property_ in (SKOS.prefLabel, SKOS.altLabel):
            for node, value in self._base.by_predicate.get(str(property_), ()):
                if literal := literal_of(value):
                    found[iri_of(node)].append(literal.text)
        return dict(found)

    @cached_property
    def definitions(self) -> set[str]:
        """All definitions."""
        return {value_of(value) for _, value in self._base.by_predicate.get(str(SKOS.definition), ())}

    @cached_property
    def works(self) -> dict[str, KnownWork]:
        """The works that are not retired, by IRI."""
        found = {
            iri: KnownWork(iri, list(self.names.get(iri, ())), {iri})
            for iri, kind in self.types.items()
            if iri in self.ids and self._terms.is_work(kind) and iri not in self.retired
        }
        for property_, column in self._columns.items():
            for node, value in self._base.by_predicate.get(property_, ()):
                # What a pointer was known by, its successor is.
                work = found.get(self.current(iri_of(node)))
                if work is not None:
                    self._take(work, column, iri_of(value) if is_iri(value) else value_of(value))
        for node, value in self._base.by_predicate.get(str(DCTERMS.source), ()):
            if is_iri(value) and (work := found.get(iri_of(node))):
                work.sources.append(iri_of(value))
        return found

    def _take(self, work: KnownWork, column: str, value: str) -> None:
        terms = self._terms
        work.cells.setdefault(column, value)
        if column == terms.doi:
            work.keys |= keys_for(value)
        elif column == terms.arxiv:
            work.keys |= keys_for(arxiv=value)
        elif column == terms.match:
            work.keys.add(value)
        elif column == terms.address:
            # Addresses of the same page are those of one work where they have an identifier in them.
            work.keys |= {key for key in keys_at(value) if key.startswith(("doi:", "arxiv:"))} & keys_for(value)
        elif column == terms.issued:
            work.issued = date_of(value)
        elif column == terms.author_list:
            names = listed_names(value)
            work.authors = tuple(one.name for one in names)
            work.groups = frozenset(one.name for one in names if one.is_group)

    @cached_property
    def _columns(self) -> dict[str, str]:
        """The columns that records fill, by the IRIs of their properties."""
        terms = self._terms
        wanted = {terms.doi, terms.arxiv, terms.issued, terms.author_list, terms.address, terms.match, terms.venue} - {
            ""
        }
        return {iri: column for iri, column in terms.columns.items() if column in wanted}

    @cached_property
    def people(self) -> dict[str, KnownPerson]:
        """Those who may be authors by the predicate for authors, and are not retired, by IRI."""
        author = self._terms.author
        if author is None:
            return {}
        schema = self._terms.schema
        found = {
            iri: KnownPerson(iri, list(self.names.get(iri, ())), set(), self._terms.is_person(kind))
            for iri, kind in self.types.items()
            if iri in self.ids and iri not in self.retired and schema.is_under(kind, author.range)
        }
        for property_ in (
            SKOS.exactMatch,
            OWL.sameAs,
            *(iri for iri, c in self._columns.items() if c == self._terms.address),
        ):
            for node, value in self._base.by_predicate.get(str(property_), ()):
                person = found.get(self.current(iri_of(node)))
                if person is not None and is_iri(value) and (orcid := orcid_of(iri_of(value))):
                    person.orcids.add(orcid)
        for iri in self.retired:
            person = found.get(self.current(iri))
            if person is not None:
                person.names += self.names.get(iri, ())
        return found

    @cached_property
    def joined(self) -> set[tuple[str, str, str]]:
        """The ends of all edges, whatever their status: one that was taken back is not made again."""
        ends = [
            {iri_of(node): iri_of(end) for node, end in self._base.by_predicate.get(str(VOCAB[name]), ())}
            for name in ("subject", "predicate", "object")
        ]
        return {
            (self.current(subject), ends[1].get(node, ""), self.current(ends[2].get(node, "")))
            for node, subject in ends[0].items()
        }

    def authors_of(self, work: str) -> Iterator[str]:
        """Yield the people who are joined to a work as its authors."""
        yield from self._authors_by_work.get(work, ())

    @cached_property
    def _authors_by_work(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for subject, predicate, object_ in self.joined:
            if self._terms.author is not None and predicate == self._terms.author.iri:
                found[subject].append(object_)
        return dict(found)
