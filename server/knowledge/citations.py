"""References to works and to entries of the base, for programs that keep them, and for people who cite them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..namespaces import NOWHERE
from ..records.citations import Author, Citation, Venue, VenueKind, WorkKind
from ..records.dates import by_time
from ..records.identifiers import arxiv_of, doi_of
from ..records.names import Listed, listed_names, looks_like_a_person
from ..records.pages import EntityRef
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question, quoted
from ..sparql.terms import Row
from ..store.interface import Queryable
from .dataset import dataset_header


def citations(
    store: Queryable, schema: Schema, class_name: str, only: Sequence[str] | None = None
) -> dict[str, Citation]:
    """Return a reference to each work in use of a page class, by its IRI, or to those of them that `only` names.

    Its authors are those of its author list, or else those of whom the base says that they wrote it.
    """
    query = question("citations", schema.roles)
    if only is not None:
        query = narrowed(query, {"entity": [f"<{iri}>" for iri in only] or [f"<{NOWHERE}>"]})
    rows = store.select(query, {"class": class_name})
    works = [(work, list(about)) for work, about in groupby(rows, key=lambda row: str(row["entity"]))]
    groups = _groups(store, schema, [str(about[0].get("author_list", "")) for _, about in works])
    found: dict[str, Citation] = {}
    for work, about in works:
        first = about[0]
        authors = _authors(about, groups)
        found[work] = Citation(
            iri=work,
            title=str(first["title"]),
            authors=authors,
            issued=str(first.get("issued", "")),
            doi=doi_of(str(first.get("doi", ""))),
            arxiv=arxiv_of(str(first.get("arxiv", ""))),
            url=str(first.get("url", "")),
            may_lack_authors=bool(authors) and "author_list" not in first,
            kind=WorkKind(str(first.get("kind", WorkKind.ARTICLE))),
            venue=_venue(about),
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


def _venue(rows: list[Row]) -> Venue | None:
    """Return where a work appeared; of several venues the first by its kind, and then that where it appeared last."""
    found = {
        Venue(str(row["venue_name"]), VenueKind(str(row["venue_kind"])), str(row.get("appeared", "")))
        for row in rows
        if "venue_name" in row
    }
    ranks = list(VenueKind)
    by_name = sorted(found, key=lambda one: one.name)
    by_date = sorted(by_name, key=lambda one: by_time(one.issued), reverse=True)
    return min(by_date, key=lambda one: ranks.index(one.kind), default=None)


def _groups(store: Queryable, schema: Schema, lists: Sequence[str]) -> Collection[str]:
    """Return those names in lists of authors that are known to be those of groups."""
    names = dict.fromkeys(one.name for authors in lists for one in listed_names(authors))
    if not names:
        return ()
    terms = [f"{quoted(name)}{tag}" for name in names for tag in ("", "@en")]
    rows = store.select(narrowed(question("group_names", schema.roles), {"name": terms}))
    return {str(row["name"]) for row in rows}


def _authors(rows: list[Row], groups: Collection[str]) -> tuple[Author, ...]:
    # A second home page is a second row.
    known = {str(row["author_name"]): bool(row["is_person"]) for row in rows if "author_name" in row}
    if "author_list" not in rows[0]:
        return tuple(Author(name, is_person) for name, is_person in known.items())

    def is_person(listed: Listed) -> bool:
        if listed.is_group or listed.name in groups:
            return False
        # A list does not say who is a person.
        return known.get(listed.name, looks_like_a_person(listed.name))

    return tuple(Author(one.name, is_person(one)) for one in listed_names(str(rows[0]["author_list"])))
