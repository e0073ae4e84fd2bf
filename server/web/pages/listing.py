"""The list of a class: filtered and sorted as its address says, the same in every format.

As a page and as Markdown it comes in parts, for a list may be long; data are whole, for who reads them wants all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from flask import request

from ...formats.listing import listing_csv, listing_json
from ...knowledge.citations import citations
from ...knowledge.listing import counting_query, describe_class
from ...knowledge.weights import weights_of
from ...records.evidence import Weight
from ...records.lists import ClassSummary, ListedEntity, ListSelection, Order
from ...search.lists import Facets
from ...serialization import CSV, HTML, JSON, MARKDOWN, document_formats
from ..current import OpenRelease
from ..documents.documents import Document, choice, rdf_writers
from ..documents.markdown import listing_markdown
from ..given import ClassPage
from ..http.languages import page as render
from ..http.paging import Pages, asked_pages
from ..http.parameters import any_of, number, one_of, text
from ..http.signposting import class_links
from .counts import query_address
from .embedding import class_data, embedded

_ORDERS: Final = {
    Order.EDGES: "most edges first",
    Order.NAME: "by name",
    Order.NEWEST: "newest first",
    Order.OLDEST: "oldest first",
}
_LONGEST: Final = 100
"""Characters of what a name is to hold."""
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
    selection = _selection(lists.facets(name)) if request.args else ListSelection()
    asked = asked_pages(f"/{name}", _SIZE, _SIZE_AT_MOST, _pairs(selection))
    data = Pages(asked.path, 1, _SIZE, _SIZE, asked.selected)

    def listed() -> tuple[ListedEntity, ...]:
        return lists.of_class(name, selection)

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
            HTML: lambda: _page(release, name, selection, asked, data),
            **rdf_writers(release, triples),
            MARKDOWN: markdown,
            CSV: lambda: listing_csv(listed(), weights_in(release, listed())),
            JSON: lambda: listing_json(summary(), listed(), weights_in(release, listed())),
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


def _page(release: OpenRelease, name: str, selection: ListSelection, asked: Pages, data: Pages) -> str:
    lists = release.finder.index.lists
    total, facets, summary = lists.count(name, selection), lists.facets(name), _summary(release, name)
    pages = asked.of(total)
    shown = lists.of_class(name, selection, pages.size, pages.skipped)
    page_class = release.schema.page_class_by_name[name]
    given = ClassPage(
        summary=summary,
        shown=shown,
        total=total,
        pages=pages,
        steps=pages.steps(HTML),
        selection=selection,
        counting=query_address(counting_query(release.schema, release.namespaces.written(page_class.iri), selection)),
        statuses=facets.statuses,
        kinds=facets.kinds,
        has_dates=facets.has_dates,
        orders=_ORDERS,
        data=embedded(class_data(release.namespaces.base + name, summary.plural, total, shown, pages.skipped)),
        citations=citations(release.store, release.schema, name, [one.entity.iri for one in shown]),
        weights=weights_in(release, shown),
        formats=[(one, (pages if one is MARKDOWN else data).address(chosen=one)) for one in document_formats()],
        path=pages.path,
    )
    return render(given)


def _selection(facets: Facets) -> ListSelection:
    """Return what the request wants. A parameter may be given several times, and an empty one is none."""
    return ListSelection(
        statuses=any_of("status", facets.statuses),
        kinds=any_of("kind", dict(facets.kinds)),
        since=_year("since"),
        until=_year("until"),
        words=" ".join(text("name", _LONGEST).split()),
        order=Order(one_of("sort", list(Order)) or Order.EDGES),
    )


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
        ("name", selection.words),
        ("sort", "" if selection.order is Order.EDGES else str(selection.order)),
    ]
    return [pair for pair in pairs if pair[1]]
