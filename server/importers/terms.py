"""The terms by which a base says what records of works say, found by their mappings (docs/editing.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rdflib import SKOS

from ..namespaces import DCTERMS, FOAF, SCHEMA
from ..records.terms import ClassTerm, PropertyTerm
from ..schema.roles import AUTHOR, AUTHORS, PART_OF, VENUES, with_meaning
from ..schema.schema import Schema
from .cells import CellReader, cell_readers
from .kinds_of_works import INSTEAD, MEANINGS

_CITES: Final = "http://purl.org/spar/cito/cites"


@dataclass(frozen=True)
class ClassChoice:
    """The class that is taken for a kind of works: the cells of a table that name it."""

    page: str
    type: str
    label: str
    is_exact: bool
    """Whether the base has a class for just that kind."""


class WorkTerms:
    """What a base has for works, their authors and what they cite; what it has not is empty or None."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        of_entities, _ = cell_readers(schema)
        self.columns = _by_property(of_entities)
        """The column of each property, by IRI."""
        self._choices: dict[str, ClassChoice] = {}

    @cached_property
    def is_for_works(self) -> bool:
        """Whether the base has a class of works at all."""
        return bool(self.schema.works)

    @cached_property
    def doi(self) -> str:
        """The column of the DOI."""
        return self._column_at("https://doi.org/")

    @cached_property
    def arxiv(self) -> str:
        """The column of the number on arXiv."""
        return self._column_at("https://arxiv.org/abs/")

    @cached_property
    def issued(self) -> str:
        """The column of the date."""
        return self._column(f"{SCHEMA}datePublished", f"{DCTERMS}issued")

    @cached_property
    def author_list(self) -> str:
        """The column of the names of all authors."""
        return self._column(*AUTHORS)

    @cached_property
    def address(self) -> str:
        """The column of the page."""
        return self._column(f"{SCHEMA}url", f"{FOAF}homepage")

    @cached_property
    def venue(self) -> str:
        """The column of where it came out, where that is a text."""
        return self._column(
            "http://prismstandard.org/namespaces/basic/2.0/publicationName", f"{SCHEMA}publication", texts_only=True
        )

    @cached_property
    def match(self) -> str:
        """The column of what other bases call it."""
        return self.columns.get(str(SKOS.exactMatch), "")

    @cached_property
    def author(self) -> PropertyTerm | None:
        """The predicate from a work to an author."""
        return self._predicate(*AUTHOR)

    @cached_property
    def cites(self) -> PropertyTerm | None:
        """The predicate from a work to one that it cites."""
        return self._predicate(_CITES, f"{SCHEMA}citation")

    @cached_property
    def published_in(self) -> PropertyTerm | None:
        """The predicate from a work to a venue."""
        schema = self.schema
        venues = {*with_meaning(schema, schema.classes, VENUES)}
        leading = [
            one
            for one in with_meaning(schema, schema.predicates, PART_OF).values()
            if any(schema.is_under(iri, one.range) for iri in venues)
        ]
        # Parts are joined to all kinds of wholes by a more general one.
        return min(
            leading, key=lambda one: sum(schema.is_under(iri, one.range) for iri in schema.classes), default=None
        )

    @cached_property
    def person(self) -> ClassChoice | None:
        """The class of persons."""
        for iri, term in self.schema.classes.items():
            if {f"{SCHEMA}Person", f"{FOAF}Person"} & {*self.schema.meanings(iri)}:
                return self._choice(term, is_exact=True)
        return None

    def is_person(self, class_iri: str) -> bool:
        """Tell whether a class is of persons."""
        return bool({f"{SCHEMA}Person", f"{FOAF}Person"} & {*self._meanings_above(class_iri)})

    def is_work(self, class_iri: str) -> bool:
        """Tell whether a class is of works."""
        return any(self.schema.is_under(class_iri, one) for one in self.schema.works)

    def class_for(self, kind: str) -> ClassChoice:
        """Return the class for a kind of works: its own, or that of what is nearest."""
        if kind not in self._choices:
            self._choices[kind] = self._class_for(kind)
        return self._choices[kind]

    def _class_for(self, kind: str) -> ClassChoice:
        wanted = [kind]
        while wanted[-1] in INSTEAD:
            wanted.append(INSTEAD[wanted[-1]])
        for one in (*wanted, "article"):
            for meaning in MEANINGS[one]:
                for iri, term in self.schema.classes.items():
                    if self.is_work(iri) and meaning in term.means and (choice := self._choice(term, one == kind)):
                        return choice
        default = self._choice(self.schema.classes[self.schema.works[0]], is_exact=False)
        assert default is not None, "classes of works are page classes"
        return default

    def column_of(self, property_: str) -> str:
        """Return the column of a property, of one that it is mapped to, or of one that is mapped to it."""
        if property_ in self.columns:
            return self.columns[property_]
        plain = property_.replace("https://schema.org/", SCHEMA)
        found = (column for one, column in self.columns.items() if plain in self.schema.meanings(one))
        return next(found, "")

    def predicate_of(self, name: str) -> PropertyTerm | None:
        """Return the predicate with a name or an IRI, or one that is mapped to that IRI."""
        plain = name.replace("https://schema.org/", SCHEMA)
        terms = [term for term in self.schema.properties.values() if term.is_predicate and term.curie != "akb:related"]
        for term in terms:
            if name in {term.iri, term.curie, term.curie.partition(":")[2], term.notation}:
                return term
        matching = [term for term in terms if term.is_asserted and plain in term.means]
        return matching[0] if matching else None

    def class_of(self, name: str) -> str:
        """Return the IRI of a class of pages, or below one, of its IRI, its name, or what it is mapped to; else ""."""
        plain = name.replace("https://schema.org/", SCHEMA)
        paged = {iri: term for iri, term in self.schema.classes.items() if self.schema.page_class_of(iri)}
        for iri, term in paged.items():
            if name in {iri, term.curie} or name.lower() in {term.notation, term.curie.partition(":")[2].lower()}:
                return iri
        return next((iri for iri, term in paged.items() if plain in term.means), "")

    def choice_of(self, class_iri: str) -> ClassChoice | None:
        """Return the cells that name a class."""
        return self._choice(self.schema.classes[class_iri], is_exact=True)

    def _choice(self, term: ClassTerm, is_exact: bool) -> ClassChoice | None:
        page = self.schema.page_class_of(term.iri)
        if page is None:
            return None
        type_ = "" if page.iri == term.iri else term.curie.partition(":")[2]
        return ClassChoice(page.notation, type_, term.label, is_exact)

    def _meanings_above(self, class_iri: str) -> Iterable[str]:
        return (meaning for one in self.schema.upward(class_iri) for meaning in self.schema.meanings(one))

    def _column(self, *meanings: str, texts_only: bool = False) -> str:
        properties = self.schema.properties | self.schema.borrowed
        for meaning in meanings:
            for iri, column in self.columns.items():
                fits = meaning == iri or meaning in self.schema.meanings(iri)
                if fits and not (texts_only and iri in properties and properties[iri].is_iri):
                    return column
        return ""

    def _column_at(self, address: str) -> str:
        properties: Mapping[str, PropertyTerm] = self.schema.properties | self.schema.borrowed
        found = (self.columns.get(iri, "") for iri, term in properties.items() if term.address.startswith(address))
        return next((column for column in found if column), "")

    def _predicate(self, *meanings: str) -> PropertyTerm | None:
        terms = with_meaning(self.schema, self.schema.predicates, meanings).values()
        curies = {one.curie for one in terms}
        # The most general of several: what builds on a work cites it too.
        return next((term for term in terms if curies.isdisjoint(term.parents)), None)


def _by_property(reader: CellReader) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in reader.columns:
        if (property_ := reader.property_of(column)) is not None:
            found.setdefault(str(property_), column)
    return found
