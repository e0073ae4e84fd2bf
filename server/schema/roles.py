"""The roles that terms of a base play in the questions of the engine: works, dates, authors, identifiers.

A question names no class or property of a domain. Where it needs one it has `<role:NAME>`, and `sparql/queries.py`
substitutes the terms with that role in the base. These follow from the mappings of the ontology: by `rdfs:subClassOf`,
`rdfs:subPropertyOf`, `owl:equivalentClass`, `owl:equivalentProperty`, `skos:exactMatch` or `skos:closeMatch` to
schema.org and other common vocabularies. `core.ttl` has the mappings of the most common ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from ..namespaces import AKB, BIBO, DCTERMS, FOAF, NOWHERE, PROV, SCHEMA
from ..records.citations import VenueKind, WorkKind
from ..records.directions import Direction
from ..records.terms import PropertyTerm, Term

if TYPE_CHECKING:
    from .schema import Schema

T = TypeVar("T")

_FABIO: Final = "http://purl.org/spar/fabio/"
_DOCUMENTS: Final = frozenset(
    (
        *(f"{BIBO}{name}" for name in ("AcademicArticle", "Article", "Book", "Document", "Report", "Thesis")),
        *(f"{DCTERMS}BibliographicResource", f"{FOAF}Document"),
        *(f"{_FABIO}{name}" for name in ("Article", "Book", "Expression", "JournalArticle", "ResearchPaper", "Work")),
        *(f"{_FABIO}{name}" for name in ("BlogPost", "ReportDocument", "Thesis")),
        *(f"{SCHEMA}{name}" for name in ("Article", "BlogPosting", "Book", "Report", "ScholarlyArticle", "Thesis")),
    )
)
"""What is cited."""
_WORKS: Final = {
    WorkKind.BOOK: (f"{BIBO}Book", f"{_FABIO}Book", f"{SCHEMA}Book"),
    WorkKind.POST: (f"{_FABIO}BlogPost", f"{SCHEMA}BlogPosting", f"{SCHEMA}SocialMediaPosting"),
    WorkKind.REPORT: (f"{BIBO}Report", f"{_FABIO}ReportDocument", f"{SCHEMA}Report"),
    WorkKind.THESIS: (f"{BIBO}Thesis", f"{_FABIO}Thesis", f"{SCHEMA}Thesis"),
}
"""Works of which references say what they are; all others are articles."""
_VENUES: Final = {
    VenueKind.JOURNAL: (
        *(f"{BIBO}{name}" for name in ("Journal", "Magazine", "Newspaper", "Periodical")),
        *(f"{_FABIO}{name}" for name in ("Journal", "Magazine", "Newspaper", "Periodical")),
        *(f"{SCHEMA}{name}" for name in ("Newspaper", "Periodical")),
    ),
    VenueKind.CONFERENCE: (
        *(f"{BIBO}{name}" for name in ("Conference", "Proceedings", "Workshop")),
        *(f"{_FABIO}{name}" for name in ("AcademicProceedings", "ConferenceProceedings")),
        *(f"{SCHEMA}{name}" for name in ("Event", "EventSeries")),
    ),
    VenueKind.SITE: (f"{BIBO}Website", f"{_FABIO}Blog", f"{_FABIO}WebSite", f"{SCHEMA}Blog", f"{SCHEMA}WebSite"),
    VenueKind.SERIES: (f"{BIBO}Series", f"{SCHEMA}CreativeWorkSeries"),
}
"""Where works appear."""
_SHORT: Final = re.compile(r"[A-Za-z][\w-]*:[A-Za-z_][\w-]*")
_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\""})


def roles_of(schema: Schema) -> dict[str, str]:
    """Return the substitution of each role in a question.

    Of a role that several properties play, that is a property path of all; of classes, all with spaces between; of
    tables, rows of VALUES. What nothing plays is an IRI that no data have, or no row.
    """
    properties = schema.properties | schema.borrowed
    joining = {iri: term for iri, term in properties.items() if term.is_predicate}
    plain = {iri: term for iri, term in properties.items() if not term.is_predicate}

    def said(iri: str) -> str:
        """Return the equivalent of a term in schema.org, as written in SPARQL."""
        return next((_written(one) for one in schema.meanings(iri) if one.startswith(SCHEMA)), "")

    def matching(terms: Mapping[str, T], *meanings: str) -> list[T]:
        return [*with_meaning(schema, terms, meanings).values()]

    def path(*meanings: str) -> str:
        return _path(matching(properties, *meanings))

    def resolved_at(address: str) -> str:
        return _path(term for term in properties.values() if term.address.startswith(address))

    codes = [term for term in schema.facts.values() if term.scheme]
    texts = [term for term in schema.facts.values() if term.values == "text"]
    edges = [f"({_name(term)} {word})" for iri, term in joining.items() if term.is_asserted and (word := said(iri))]
    # schema.org may have a term for the inverse only.
    back = [
        f"({_name(term)} {word})"
        for iri, term in joining.items()
        if term.is_asserted and not said(iri) and (word := said(term.inverse))
    ]
    stances = [
        (section.stance, way, "position" if section.is_position else "evidence")
        for section in schema.sections
        if section.stance
        for way in section.ways
        if way.direction is not Direction.OUT
    ]

    def taking(stance: str, *directions: Direction) -> str:
        """Return the predicates that take a side, of edges that run in some directions."""
        return _names(
            properties[way.predicate] for side, way, _ in stances if side == stance and way.direction in directions
        )

    return {
        "debated": _names(
            schema.classes[iri]
            for iri in dict.fromkeys(iri for one in schema.sections if one.stance for iri in one.classes)
            if iri in schema.classes
        ),
        "for": taking("for", Direction.IN, Direction.BOTH),
        "for_mutual": taking("for", Direction.BOTH),
        "against": taking("against", Direction.IN, Direction.BOTH),
        "against_mutual": taking("against", Direction.BOTH),
        "stances": " ".join(
            f'({_name(properties[way.predicate])} "{direction}" "{side}" "{way.label.translate(_ESCAPED)}" "{part}")'
            for side, way, part in stances
            for direction in (("in", "out") if way.direction is Direction.BOTH else ("in",))
        ),
        "works": _names(schema.classes[iri] for iri in schema.works),
        "work_kinds": _kinds(schema, _WORKS),
        "venue_kinds": _kinds(schema, _VENUES),
        "venue": path(*PART_OF),
        "persons": _names(matching(schema.classes, f"{SCHEMA}Person", f"{FOAF}Person")),
        "groups": _names(matching(schema.classes, f"{SCHEMA}Organization", f"{FOAF}Group", f"{FOAF}Organization")),
        "unmatched": _names(term for term in schema.classes.values() if not term.is_known_elsewhere),
        "about": path(f"{SCHEMA}about"),
        "issued": path(f"{SCHEMA}datePublished"),
        "author": path(*AUTHOR),
        "authors": path(*AUTHORS),
        "topics": path(*ABOUT),
        "affiliation": path(*AFFILIATION),
        "url": path(f"{SCHEMA}url"),
        "doi": resolved_at("https://doi.org/"),
        "arxiv": resolved_at("https://arxiv.org/abs/"),
        "quoted": path(f"{PROV}wasQuotedFrom"),
        "texts": _path(texts),
        "kinds": _path(codes),
        "ranked_kinds": " ".join(f"({_name(term)} {rank})" for rank, term in enumerate(codes, 1)),
        "types": " ".join(
            f"({_name(term)} {said(iri) or 'schema:Thing'})"
            for iri, term in schema.classes.items()
            if schema.is_under(iri, f"{AKB}Entity")
        ),
        "values": " ".join(f"({_name(term)} {word})" for iri, term in plain.items() if (word := said(iri))),
        "addresses": " ".join(
            f'({_name(term)} "{before.translate(_ESCAPED)}" "{after.translate(_ESCAPED)}")'
            for term in plain.values()
            if term.is_identifying and term.address
            for before, _, after in (term.address.partition("{value}"),)
        ),
        "edges": " ".join(edges),
        "edges_back": " ".join(back),
        "worded": " ".join(row.partition(" ")[0][1:] for row in (*edges, *back)) or f"<{NOWHERE}>",
    }


AUTHOR: Final = (f"{SCHEMA}author", f"{DCTERMS}creator")
"""What is mapped to these leads from a work to somebody who wrote it."""
AUTHORS: Final = (f"{BIBO}authorList",)
"""What is mapped to this is the list of the names of all authors."""

ABOUT: Final = (f"{SCHEMA}about", f"{DCTERMS}subject")
"""What is mapped to these leads from a work, a claim or a question to what it is about."""
AFFILIATION: Final = (f"{SCHEMA}affiliation", f"{SCHEMA}memberOf", f"{SCHEMA}worksFor")
"""What is mapped to these leads from somebody to an organization."""
PART_OF: Final = (f"{DCTERMS}isPartOf", f"{SCHEMA}isPartOf")
"""What is mapped to these leads from a work to where it appeared."""
VENUES: Final = tuple(meaning for meanings in _VENUES.values() for meaning in meanings)
"""What is mapped to these is a class of journals, conferences, sites or series."""


def with_meaning(schema: Schema, terms: Mapping[str, T], meanings: Iterable[str]) -> dict[str, T]:
    """Return those of some classes or properties that are, or are mapped to, a term of another vocabulary."""
    wanted = frozenset(meanings)
    return {iri: term for iri, term in terms.items() if not wanted.isdisjoint(schema.meanings(iri))}


def work_classes(schema: Schema) -> tuple[str, ...]:
    """Return the IRIs of the page classes of works: of entities that are cited and have a date of publication.

    These are the classes that the ontology says to be documents in Dublin Core, BIBO, FaBiO, FOAF or schema.org; where
    there is none, those that it says to be a schema:CreativeWork.
    """
    pages = [term.iri for term in schema.page_classes]
    return tuple(iri for iri in pages if not _DOCUMENTS.isdisjoint(schema.meanings(iri))) or tuple(
        iri for iri in pages if f"{SCHEMA}CreativeWork" in schema.meanings(iri)
    )


def _kinds(schema: Schema, kinds: Mapping[T, tuple[str, ...]]) -> str:
    """Return rows of VALUES: each class that is of one of some kinds by what it or a class above it is mapped to."""
    by_meaning = {meaning: kind for kind, meanings in kinds.items() for meaning in meanings}
    found = ((term, next((by_meaning[one] for one in schema.meanings(iri) if one in by_meaning), None))
             for iri, term in schema.classes.items())  # fmt: skip
    return " ".join(f'({_name(term)} "{kind}")' for term, kind in found if kind is not None)


def _written(iri: str) -> str:
    name = f"schema:{iri.removeprefix(SCHEMA)}"
    return name if _SHORT.fullmatch(name) else f"<{iri}>"


def _name(term: Term) -> str:
    """Return a term as SPARQL writes it, short where that needs no escapes."""
    return term.curie if term.curie != term.iri and _SHORT.fullmatch(term.curie) else f"<{term.iri}>"


def _names(terms: Iterable[Term]) -> str:
    return " ".join(map(_name, terms)) or f"<{NOWHERE}>"


def _path(terms: Iterable[PropertyTerm]) -> str:
    return "|".join(map(_name, terms)) or f"<{NOWHERE}>"
