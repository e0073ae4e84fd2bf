"""The list of a class: filtered and sorted as its address says, the same in every format.

As a page and as Markdown it comes in parts, for a list may be long; data are whole, for who reads them wants all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from flask import abort, request

from ...formats.bibliography import bibliography
from ...formats.listing import ALWAYS, COLUMNS, FURTHER, OF_WORKS, listing_csv, listing_json
from ...knowledge.citations import citations, container_of, entry_citation
from ...knowledge.listing import counting_query, describe_class
from ...knowledge.weights import weights_of
from ...records.citations import Citation
from ...records.evidence import Weight
from ...records.lists import ClassSummary, Facet, ListedEntity, ListedRow, ListSelection, Order
from ...records.sentences import sentence
from ...search.lists import Lists
from ...serialization import BIBTEX, CSL, CSV, HTML, JSON, MARKDOWN, RIS, Format, document_formats
from ..documents.documents import Document, choice, rdf_writers
from ..documents.markdown import listing_markdown
from ..given.lists import ClassPage
from ..http.languages import of_reader
from ..http.languages import page as render
from ..http.paging import Pages, asked_pages
from ..http.parameters import any_of, number, one_of, text
from ..http.signposting import class_links
from ..open_release import OpenRelease
from .counts import query_address
from .embedding import class_data, embedded

_ORDERS: Final = {
    Order.EDGES: sentence("most edges first"),
    Order.NAME: sentence("by name"),
    Order.NEWEST: sentence("newest first"),
    Order.OLDEST: sentence("oldest first"),
}
_LONGEST: Final = 100
"""Characters of what a name is to hold."""
_VALUES_AT_MOST: Final = 40
"""Values of a facet on a page, the most frequent of them."""
_LONGEST_VALUE: Final = 300
"""Characters of a value of a facet: a CURIE or a name."""
_IN_COLUMNS: Final = frozenset((Facet.STATUS, Facet.KIND))
"""The facets whose values are few and known to a list beforehand."""
_BIBLIOGRAPHIES: Final = (BIBTEX, RIS, CSL)
_LAST_YEAR: Final = 999_999_999
"""Years are from this before the common era to this."""
_SIZE: Final = 100
"""Entities on a page."""
_SIZE_AT_MOST: Final = 1000


def class_document(release: OpenRelease, name: str, extension: str | None) -> Document:
    """Return the list of a class, as the request wants it, as a document.

    Answers 400 for a parameter that has a value which there is not, and 404 for a page behind the last one.
    """
    lists = release.finder.index.lists
    # A list without a query is asked for most, and needs nothing from the index to be known by its tag.
    selection = _selection(lists, name) if request.args else ListSelection()
    columns = _columns(release.schema.is_of_works(name)) if request.args else ()
    asked = asked_pages(f"/{name}", _SIZE, _SIZE_AT_MOST, [*_pairs(selection), *(("columns", one) for one in columns)])
    data = Pages(asked.path, 1, _SIZE, _SIZE, asked.selected)

    def listed() -> tuple[ListedEntity, ...]:
        return lists.of_class(name, selection)

    def rows() -> list[ListedRow]:
        return rows_of(release, listed(), None if selection.is_all else _SIZE_AT_MOST)

    def references(chosen: Format) -> str:
        return bibliography([reference_of(release, row) for row in rows()], chosen)

    def summary() -> ClassSummary:
        """Return the class with the number of what is listed."""
        return replace(_summary(release, name), count=lists.count(name, selection))

    def markdown() -> str:
        whole = summary()
        pages = asked.of(whole.count)
        return listing_markdown(whole, lists.of_class(name, selection, pages.size, pages.skipped), pages)

    def triples() -> str:
        only = None if selection.is_all else [one.entity.iri for one in listed()]
        return describe_class(release.store, name, only)

    document = Document(
        data.path,
        {
            HTML: lambda: _page(release, name, selection, columns, asked, data),
            **rdf_writers(release, triples),
            MARKDOWN: markdown,
            CSV: lambda: listing_csv(
                rows(), columns or [*COLUMNS, *(OF_WORKS if release.schema.is_of_works(name) else ())]
            ),
            JSON: lambda: listing_json(summary(), rows()),
            **{one: partial(references, one) for one in _BIBLIOGRAPHIES},
        },
        query=data.query(),
        page_query=asked.query(),
        in_pages=(HTML, MARKDOWN),
        links=lambda: release.once(
            ("links", data.address()), lambda: class_links(release, [one.entity.iri for one in listed()])
        ),
    )
    if asked.page > 1 and choice(document, extension).format in document.in_pages:
        asked.of(lists.count(name, selection))
    return document


def weights_in(release: OpenRelease, listed: Sequence[ListedEntity]) -> dict[str, Weight]:
    """Return what speaks for and against the entities of a list, by IRI."""
    iris = [one.entity.iri for one in listed]
    return weights_of(release.store, release.namespaces, release.schema, iris)


def _summary(release: OpenRelease, name: str) -> ClassSummary:
    return next(one for one in release.classes if one.name == name)


def rows_of(release: OpenRelease, listed: Sequence[ListedEntity], most: int | None = None) -> list[ListedRow]:
    """Return entities with their references and the values by which lists are narrowed to them.

    References of at most so many are asked for one by one; of more, or if None, all of their classes are read.
    """
    tags = release.finder.index.lists.tags_of([one.entity.curie for one in listed])
    found: dict[str, Citation] = {}
    for name in dict.fromkeys(one.entity.class_name for one in listed):
        iris = [one.entity.iri for one in listed if one.entity.class_name == name]
        if release.schema.is_of_works(name):
            found |= citations(
                release.store, release.schema, name, iris if most is not None and len(iris) <= most else None
            )
    weights = weights_in(release, listed)
    return [
        ListedRow(one, found.get(one.entity.iri), tags.get(one.entity.curie, {}), weights.get(one.entity.iri))
        for one in listed
    ]


def reference_of(release: OpenRelease, row: ListedRow) -> Citation:
    """Return a reference to the work that an entity is, or else to the entry of the base about it."""
    if row.citation is not None:
        return row.citation
    path = release.path_of(row.listed.entity.iri)
    history = release.lookups.history(path[1:])
    changed = (history and history.changed) or release.modified(path)
    container = release.once(("container",), lambda: container_of(release.store))
    return entry_citation(container, row.listed.entity, changed.date().isoformat())


def _page(
    release: OpenRelease,
    name: str,
    selection: ListSelection,
    columns: Sequence[str],
    asked: Pages,
    data: Pages,
) -> str:
    lists = release.finder.index.lists
    total, facets, summary = lists.count(name, selection), lists.facets(name), _summary(release, name)
    pages = asked.of(total)
    shown = lists.of_class(name, selection, pages.size, pages.skipped, of_reader(release))
    page_class = release.schema.page_class_by_name[name]
    rows = rows_of(release, shown, _SIZE_AT_MOST)

    def without(facet: Facet, value: str) -> str:
        """Return the address of the list without one value of a facet."""
        rest = selection.without(facet).narrowed(facet, [one for one in selection.chosen(facet) if one != value])
        return replace(asked, page=1, selected=(*_pairs(rest), *(("columns", one) for one in columns))).address()

    given = ClassPage(
        summary=summary,
        shown=shown,
        total=total,
        pages=pages,
        steps=pages.steps(HTML),
        selection=selection,
        counting=query_address(
            counting_query(
                release.schema,
                release.namespaces.written(page_class.iri),
                selection,
                partial(_term_of, release),
            )
        ),
        statuses=facets.statuses,
        kinds=facets.kinds,
        has_dates=facets.has_dates,
        orders=_ORDERS,
        data=embedded(class_data(release.namespaces.base + name, summary.plural, total, shown, pages.skipped)),
        citations={row.listed.entity.iri: row.citation for row in rows if row.citation},
        formats=[
            (one, (pages if one is MARKDOWN else data).address(chosen=one))
            for one in (*document_formats(), *_BIBLIOGRAPHIES)
        ],
        rows=rows,
        facets=(narrowing := lists.values(name, selection, _VALUES_AT_MOST)),
        chosen=[
            (facet, one.label, without(facet, one.value))
            for facet, values in narrowing.items()
            for one in values
            if one.is_chosen
        ],
        columns=columns,
        offered=_offered(page_class.iri in release.schema.works),
        path=pages.path,
    )
    return render(given)


def _term_of(release: OpenRelease, value: str) -> str:
    """Return the term of SPARQL for the entity that a value of a facet is; nothing for a name."""
    prefix, colon, local = value.partition(":")
    known = bool(colon) and prefix in release.namespaces.classes
    return release.namespaces.written(release.iri_of(prefix, local)) if known else ""


def _offered(is_of_works: bool) -> tuple[str, ...]:
    """Return the columns that a list may have beside the id and the name."""
    return (*(one for one in COLUMNS if one not in ALWAYS), *FURTHER, *(OF_WORKS if is_of_works else ()))


def _columns(is_of_works: bool) -> tuple[str, ...]:
    """Return the columns that the request chooses, in the order of tables; none when it chooses none."""
    offered = _offered(is_of_works)
    chosen = any_of("columns", offered)
    return tuple(one for one in offered if one in chosen)


def _selection(lists: Lists, name: str) -> ListSelection:
    """Return what the request wants. A parameter may be given several times, and an empty one is none."""
    facets = lists.facets(name)
    return ListSelection(
        statuses=any_of("status", facets.statuses),
        kinds=any_of("kind", dict(facets.kinds)),
        since=_year("since"),
        until=_year("until"),
        words=" ".join(text("name", _LONGEST).split()),
        order=Order(one_of("sort", list(Order)) or Order.EDGES),
        tags=tuple(
            (facet, value) for facet in Facet if facet not in _IN_COLUMNS for value in _values(lists, name, facet)
        ),
    )


def _values(lists: Lists, name: str, facet: Facet) -> list[str]:
    """Return the values of a facet that the request wants. Answers 400 for one that nothing in the list has."""
    found = sorted(set(filter(None, request.args.getlist(facet.value))))
    for value in found:
        if len(value) > _LONGEST_VALUE or not lists.has_value(name, facet, value):
            abort(
                400,
                sentence(
                    "Nothing in this list has the %(facet)s %(value)s; /%(name)s shows what there is.",
                    facet=facet,
                    value=f"{value[:80]!r}",
                    name=name,
                ),
            )
    return found


def _year(name: str) -> int | None:
    return number(name, 0, _LAST_YEAR, -_LAST_YEAR) if request.args.get(name) else None


def _pairs(selection: ListSelection) -> list[tuple[str, str]]:
    """Return a selection as parameters of an address, without what goes unsaid."""
    pairs = [
        *(("status", status) for status in selection.statuses),
        *(("kind", kind) for kind in selection.kinds),
        *(
            (name, str(year))
            for name, year in (("since", selection.since), ("until", selection.until))
            if year is not None
        ),
        *((str(facet), value) for facet, value in selection.tags),
        ("name", selection.words),
        ("sort", "" if selection.order is Order.EDGES else str(selection.order)),
    ]
    return [pair for pair in pairs if pair[1]]
