"""The list of a class: filtered and sorted as its address says, the same in every format.

As a page it comes in parts, for a list may be long; data are whole, for whoever reads them wants all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import abort, request

from ..knowledge.citations import citations
from ..knowledge.listing import class_summaries, counting_query, describe_class, entities_of_class, select
from ..records.lists import ClassSummary, ListedEntity, ListSelection, Order
from .counts import query_address, term
from .current import OpenRelease
from .documents import Document, choice, rdf_writers
from .embedding import class_data, embedded
from .languages import page_of
from .negotiation import CSV, DOCUMENT_FORMATS, HTML, JSON, MARKDOWN
from .paging import Pages, asked_pages, number
from .plain.listing import listing_csv, listing_json, listing_markdown
from .signposting import class_links

_ORDERS: Final = {
    Order.EDGES: "most edges first",
    Order.NAME: "by name",
    Order.NEWEST: "newest first",
    Order.OLDEST: "oldest first",
}
_LONGEST: Final = 100
"""Characters of what a name is to hold."""
_SIZE: Final = 100
"""Entities on a page."""
_SIZE_AT_MOST: Final = 1000


@dataclass(frozen=True)
class _List:
    """The list of a class, whole, and what the request wants of it."""

    summary: ClassSummary
    whole: tuple[ListedEntity, ...]
    selection: ListSelection
    listed: tuple[ListedEntity, ...]

    @property
    def told(self) -> ClassSummary:
        """The class with the number of what is listed."""
        return replace(self.summary, count=len(self.listed))


def class_document(release: OpenRelease, name: str, extension: str | None) -> Document:
    """Return the list of a class, as the request wants it, as a document.

    Answers 400 for a parameter that has a value which there is not, and 404 for a page of HTML behind the last one.
    """

    def whole() -> tuple[ClassSummary, tuple[ListedEntity, ...]]:
        summary = next(one for one in class_summaries(release.store) if one.name == name)
        return summary, entities_of_class(release.store, name)

    # A list without a query is asked for most, and needs nothing from the store to be known by its tag.
    selection = _selection(release.once(("list", name), whole)[1]) if request.args else ListSelection()
    asked = asked_pages(f"/{name}", _SIZE, _SIZE_AT_MOST, _pairs(selection))
    data = Pages(asked.path, 1, _SIZE, _SIZE, asked.selected)

    def found() -> _List:
        summary, every = release.once(("list", name), whole)
        return _List(summary, every, selection, select(every, selection))

    def triples() -> str:
        only = None if selection.is_all else [one.entity.iri for one in found().listed]
        return describe_class(release.store, name, only)

    document = Document(
        data.path,
        {
            HTML: lambda: _page(release, found(), asked, data),
            **rdf_writers(release, triples),
            MARKDOWN: lambda: listing_markdown(found().told, found().listed),
            CSV: lambda: listing_csv(found().listed),
            JSON: lambda: listing_json(found().told, found().listed),
        },
        query=data.query(),
        html_query=asked.query(),
        links=lambda: release.once(
            ("links", data.address()), lambda: class_links(release, [one.entity.iri for one in found().listed])
        ),
    )
    if asked.page > 1 and choice(document, extension).format is HTML:
        asked.of(len(found().listed))
    return document


def _page(release: OpenRelease, found: _List, asked: Pages, data: Pages) -> str:
    pages, summary, name = asked.of(len(found.listed)), found.summary, found.summary.name
    shown = found.listed[pages.skipped : pages.skipped + pages.size]
    page_class = release.vocabulary.page_class_by_name[name]
    return page_of(
        "class.html",
        summary=summary,
        shown=shown,
        total=len(found.listed),
        pages=pages,
        steps=pages.steps(HTML),
        selection=found.selection,
        counting=query_address(counting_query(term(page_class.iri, release.namespaces), found.selection)),
        statuses=sorted({one.status for one in found.whole}),
        kinds=sorted({(one.kind, one.kind_label) for one in found.whole if one.kind}),
        has_dates=any(one.issued for one in found.whole),
        orders=_ORDERS,
        data=embedded(
            class_data(release.namespaces.base + name, summary.plural, len(found.listed), shown, pages.skipped)
        ),
        citations=citations(release.store, name, [one.entity.iri for one in shown]),
        formats=data.formats(DOCUMENT_FORMATS),
        path=pages.path,
    )


def _selection(whole: Iterable[ListedEntity]) -> ListSelection:
    """Return what the request wants. A parameter may be given several times, and an empty one is none."""
    listed = list(whole)
    words = " ".join(request.args.get("name", "").split())
    if len(words) > _LONGEST:
        abort(400, f"name has {len(words)} characters, and {_LONGEST} at most are looked for.")
    [order] = _chosen("sort", {str(one): str(one) for one in Order}) or [str(Order.EDGES)]
    return ListSelection(
        statuses=_chosen("status", {one.status: one.status for one in listed}),
        kinds=_chosen("kind", {one.kind: one.kind_label for one in listed if one.kind}),
        since=_year("since"),
        until=_year("until"),
        words=words,
        order=Order(order),
    )


def _year(name: str) -> int:
    return number(name, 0, 9999) if request.args.get(name) else 0


def _chosen(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    given = [value for value in request.args.getlist(name) if value]
    if name == "sort":
        given = given[-1:]
    unknown = [value for value in given if value not in known]
    if unknown:
        there_are = f"there are {', '.join(sorted(known))}" if known else "this list has none"
        abort(400, f"There is no {name} {unknown[0][:80]!r}; {there_are}.")
    return tuple(sorted(set(given)))


def _pairs(selection: ListSelection) -> list[tuple[str, str]]:
    """Return a selection as parameters of an address, without what goes unsaid."""
    pairs = [
        *(("status", status) for status in selection.statuses),
        *(("kind", kind) for kind in selection.kinds),
        ("since", str(selection.since or "")),
        ("until", str(selection.until or "")),
        ("name", selection.words),
        ("sort", "" if selection.order is Order.EDGES else str(selection.order)),
    ]
    return [pair for pair in pairs if pair[1]]
