"""References to works and to entries of the base, for programs that keep them, and for people who cite them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ..namespaces import NOWHERE
from ..records.citations import Author, Citation
from ..records.pages import EntityRef
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..sparql.terms import Row
from ..store.interface import Queryable
from .dataset import dataset_header


def citations(
    store: Queryable, schema: Schema, class_name: str, only: Sequence[str] | None = None
) -> dict[str, Citation]:
    """Return a reference to each work in use of a page class, by its IRI, or to those of them that `only` names.

    Its authors are those of its author list, or else those of whom the base says that they wrote it.
    """
    found: dict[str, Citation] = {}
    query = question("citations", schema.roles)
    if only is not None:
        query = narrowed(query, {"entity": [f"<{iri}>" for iri in only] or [f"<{NOWHERE}>"]})
    rows = store.select(query, {"class": class_name})
    for work, of_work in groupby(rows, key=lambda row: str(row["entity"])):
        about = list(of_work)
        first = about[0]
        authors = _authors(about)
        found[work] = Citation(
            iri=work,
            title=str(first["title"]),
            authors=authors,
            issued=str(first.get("issued", "")),
            doi=str(first.get("doi", "")),
            arxiv=str(first.get("arxiv", "")),
            url=str(first.get("url", "")),
            may_lack_authors=bool(authors) and "author_list" not in first,
        )
    return found


@dataclass(frozen=True)
class Container:
    """The base, as entries of it are cited."""

    title: str
    publisher: str


def container_of(store: Queryable) -> Container:
    """Return the title and the publisher of the base; each is empty if it is not stated."""
    header = dataset_header(store)
    return Container(header.title, header.publisher_name)


def entry_citation(base: Container, entity: EntityRef, changed: str) -> Citation:
    """Return a reference to what the base says of an entity, as it was on the day of its last change."""
    return Citation(
        iri=entity.iri,
        title=entity.label,
        authors=(Author(base.publisher, is_person=False),) if base.publisher else (),
        issued=changed,
        doi="",
        arxiv="",
        url=entity.iri,
        container=base.title,
    )


def _authors(rows: list[Row]) -> tuple[Author, ...]:
    # A second home page is a second row.
    known = {str(row["author_name"]): bool(row["is_person"]) for row in rows if "author_name" in row}
    if "author_list" not in rows[0]:
        return tuple(Author(name, is_person) for name, is_person in known.items())
    names = str(rows[0]["author_list"]).split("; ")
    # A list does not say who is a person; a name of one word, or that of a group of the base, is none.
    return tuple(Author(name, known.get(name, " " in name)) for name in names)
