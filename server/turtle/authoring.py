"""Writes new entities and edges into `kb/`, so that nobody has to work out a name or a form by hand."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from rdflib import DCTERMS, PROV, RDF, SKOS, XSD, Graph, Literal, URIRef

from ..errors import NotFoundError, UsageError
from ..namespaces import SLUG, Namespaces
from ..records.dates import Date, date_of
from .base import Base
from .edges import CODES, VOCAB, free_edge_iri, statuses_of_new_edges
from .source_files import SourceFile
from .writer import canonical, first_comment, write_atomically

Value = Literal | URIRef
"""What a property of an entity or an edge may have."""


@dataclass(frozen=True)
class NewEntity:
    """An entity that is to be added; `class_iri` is its most exact class."""

    class_name: str
    class_iri: str
    label: str
    definition: str = ""
    slug: str = ""
    issued: str = ""
    facts: tuple[tuple[str, Value], ...] = ()
    """What else is said of it: properties, by their IRIs, and values."""


@dataclass(frozen=True)
class NewEdge:
    """An edge that is to be added. The ends and the predicate are IRIs, `source` is a CURIE."""

    subject: str
    predicate: str
    object: str
    note: str
    source: str = ""
    locator: str = ""
    confidence: float | None = None
    status: str = "draft"
    facts: tuple[tuple[str, Value], ...] = ()
    """What else it says: properties, by their IRIs, and values."""


def slug_of(label: str) -> str:
    """Return the slug that a label makes: lower-case ASCII letters and digits, joined by single hyphens."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def new_entity(root: Path, namespaces: Namespaces, entity: NewEntity) -> Path:
    """Write the file of a new entity, as a draft, and return its path.

    Raises UsageError when the label or slug cannot be used, or when the entity exists: nothing is overwritten.
    """
    if not entity.label.strip():
        raise UsageError("The label is empty.", "give the name that the literature uses.")
    slug = entity.slug or slug_of(entity.label)
    if not SLUG.fullmatch(slug):
        raise UsageError(
            f"{slug!r} cannot be a slug.", "give one with --slug: lower-case letters, digits, single hyphens."
        )
    path = root / "kb" / entity.class_name / f"{slug}.ttl"
    if path.exists():
        raise UsageError(
            f"{entity.class_name}:{slug} exists already: {path.relative_to(root).as_posix()}.",
            "change that file, or give another --slug if this is something else.",
        )
    node = URIRef(namespaces.entity(entity.class_name, slug))
    graph = Graph(bind_namespaces="none")
    graph.add((node, RDF.type, URIRef(entity.class_iri)))
    graph.add((node, DCTERMS.identifier, Literal(f"{entity.class_name}:{slug}")))
    graph.add((node, SKOS.prefLabel, Literal(entity.label.strip(), lang="en")))
    graph.add((node, SKOS.definition, Literal(entity.definition.strip(), lang="en")))
    graph.add((node, VOCAB.status, CODES.draft))
    if entity.issued:
        graph.add((node, DCTERMS.issued, date_literal(entity.issued)))
    for iri, said in entity.facts:
        graph.add((node, URIRef(iri), said))
    write_atomically(path, canonical(graph, namespaces))
    return path


def add_edge(base: Base, edge: NewEdge) -> str:
    """Write an edge into the file of its subject, with its plain triple when it is in use; return the file's path.

    Raises as `with_edge` does.
    """
    path, text = with_edge(base, edge)
    write_atomically(base.root / path, text)
    return path


def with_edge(base: Base, edge: NewEdge) -> tuple[str, str]:
    """Return the path of the file of an edge's subject, and its text with the edge in it.

    Raises NotFoundError when an end or the source is not in the base, and UsageError when the edge exists already, when
    no new edge may have its status, or when the file has comments, which would be lost.
    """
    namespaces = base.namespaces
    statuses = statuses_of_new_edges(base.ontology)
    if edge.status not in statuses:
        raise UsageError(
            f"The status is {edge.status[:40]!r}, and not one of {', '.join(statuses)}.", "choose one of them."
        )
    subject, predicate, object_ = (URIRef(iri) for iri in (edge.subject, edge.predicate, edge.object))
    source = _entity(base, edge.source) if edge.source else None
    for end in (subject, object_):
        _must_exist(base, end)
    file = next(file for file in base.files if (subject, RDF.type, None) in file.graph)
    refuse_comments(file)
    node = free_edge_iri(lambda _: base.asserted, namespaces, subject, predicate, object_, source or "")
    if (node, None, None) in base.asserted:
        raise UsageError(f"{namespaces.compact(node)} says this already.", "change that edge.")
    graph = Graph(bind_namespaces="none")
    graph += file.graph
    status = statuses[edge.status]
    if status != CODES.draft:
        graph.add((subject, predicate, object_))
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for property_, value in (
        (RDF.type, VOCAB.Edge),
        (VOCAB.subject, subject),
        (VOCAB.predicate, predicate),
        (VOCAB.object, object_),
        (VOCAB.note, Literal(edge.note.strip(), lang="en")),
        (VOCAB.status, status),
        (VOCAB.agentType, CODES.human),
        (PROV.generatedAtTime, Literal(now, datatype=XSD.dateTime, normalize=False)),
    ):
        graph.add((node, property_, value))
    if source is not None:
        graph.add((node, VOCAB.assertedIn, source))
    for iri, said in edge.facts:
        graph.add((node, URIRef(iri), said))
    if edge.locator:
        graph.add((node, VOCAB.locator, Literal(edge.locator)))
    if edge.confidence is not None:
        # A Turtle decimal needs a point, and may not be written with an exponent.
        graph.add((node, VOCAB.confidence, Literal(f"{Decimal(edge.confidence):.2f}", datatype=XSD.decimal)))
    return file.path, canonical(graph, namespaces)


def refuse_comments(file: SourceFile) -> None:
    """Raise UsageError when a file has comments, which would be lost when it is written anew."""
    if line := first_comment(file.text):
        raise UsageError(
            f"{file.path}:{line}: the file has a comment, which would be lost.", "delete the comment first."
        )


def date_literal(text: str) -> Literal:
    """Return a date as the literal that suits its precision. Raises UsageError for what is none."""
    found = date_of(text)
    if found is None or text != found.iso or (found.day and not _is_day(found)):
        raise UsageError(f"{text!r} is not a date.", "write YYYY, YYYY-MM or YYYY-MM-DD; -0350 is 350 BCE.")
    return Literal(text, datatype=XSD[found.datatype], normalize=False)


def _is_day(found: Date) -> bool:
    # The calendar repeats itself every 400 years.
    return found.day <= calendar.monthrange(2000 + found.year % 400, found.month)[1]


def _entity(base: Base, curie: str) -> URIRef:
    try:
        iri = URIRef(base.namespaces.expand(curie))
    except KeyError as error:
        raise UsageError(f"{curie!r} is not a CURIE.", "write it as prefix:name.") from error
    _must_exist(base, iri)
    return iri


def _must_exist(base: Base, iri: URIRef) -> None:
    if (iri, RDF.type, None) not in base.asserted:
        raise NotFoundError(
            f"{base.namespaces.compact(iri)} is not in the base.",
            "check the spelling, or add it with `akb new`.",
        )
