"""Kept queries: a list of them, and each as a page with a form for its parameters, its answer, and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request

from ...errors import QueryError
from ...formats.kept import kept_answer_csv, kept_answer_json, kept_list_csv, kept_list_json
from ...knowledge.kept import kept_named, misfit
from ...namespaces import KEPT
from ...records.kept import KeptQuery, Parameter
from ...records.pages import EntityRef
from ...records.sentences import sentence
from ...records.terms import Term
from ...serialization import CSV, EXCEL_CSV, HTML, JSON, MARKDOWN, PROBLEM_FORMATS, Format
from ...sparql.guards import is_repeatable
from ...sparql.parameters import LONGEST, bound, term_for
from ...text.order import order_key
from ..current import current_release
from ..data.evaluating import excerpt_of
from ..data.snippets import table_snippets
from ..documents.documents import Document, document
from ..documents.markdown import Rows, kept_markdown, page_markdown
from ..given.data import KeptQueriesPage, KeptQueryPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.negotiation import choose_or_none
from ..http.origins import site_address
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from ..views.choosing import AXES, asked, wish_of
from ..views.showing import shown
from ..views.table import Cell, table_of
from .named import named

blueprint = Blueprint("kept", __name__)

PATH: Final = f"/{KEPT}"
_FORMATS: Final = (HTML, MARKDOWN, JSON, CSV)
_INPUTS: Final = {"integer": "number", "decimal": "number", "year": "number", "date": "date"}
_CLOSE: Final = 6
_SEARCHED: Final = 200
"""Characters: a longer name is cut before it is searched for."""
_OF_VIEW: Final = frozenset({"view", *AXES})


@dataclass(frozen=True)
class _Field:
    """A field of the form: its parameter, what was typed, and what is wrong with that."""

    parameter: Parameter
    value: str
    """What the form shows: what was typed, or the default."""
    options: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    called: EntityRef | None = None
    """The entity that it is, where it is one."""
    close: tuple[tuple[EntityRef, str], ...] = ()
    """Entities with similar names, each with the address that asks about it."""

    @property
    def input(self) -> str:
        """The type of its input (HTML, section 4.10.5.1)."""
        return _INPUTS.get(self.parameter.type, "text")


@blueprint.get(PATH)
@blueprint.get(f"{PATH}.<extension>")
def every_query(extension: str | None = None) -> Response:
    """List the kept queries, and what each can be asked about."""
    release = current_release()
    listed = KeptQueriesPage(kept=release.kept, formats=_FORMATS, path=PATH)
    whole = Document(
        PATH,
        {
            HTML: lambda: render(listed),
            MARKDOWN: lambda: page_markdown("kept-queries", listed),
            JSON: lambda: kept_list_json(release.kept),
            CSV: lambda: kept_list_csv(release.kept),
        },
        links=lambda: [*(Link(f"{PATH}/{one.name}", "item") for one in release.kept), *licence_links(release)],
    )
    return document(whole, extension, release)


@blueprint.get(f"{PATH}/<name>")
@blueprint.get(f"{PATH}/<undotted:name>.<extension>")
def one_query(name: str, extension: str | None = None) -> Response:
    """Answer a kept query; as a page, with a form for its parameters. Without values it has its defaults."""
    release = current_release()
    kept = kept_named(release.kept, name)
    path = f"{PATH}/{kept.name}"
    fields = [_field(release, kept, one) for one in kept.parameters]
    values = {field.parameter.name: field.value for field in fields if field.value}
    given = [(field.parameter.name, field.value) for field in fields if field.parameter.name in request.args]
    faults = [field for field in fields if field.fault]
    if faults:
        if extension != HTML.name and (extension or choose_or_none(request, PROBLEM_FORMATS) is not HTML):
            raise QueryError(faults[0].fault, "see the parameters at the address of the query itself.")
        page = KeptQueryPage(kept, fields, "", None, "", can_be_cited=False, snippets=(), formats=())
        whole = Document(path, {HTML: lambda: render(page)}, query=urlencode(given), status=400, cached=False)
        return document(whole, extension, release)
    _refuse_unknown(kept)
    query = bound(kept, values, release.namespaces)
    data = urlencode(given)
    view = [(one, request.args[one]) for one in ("view", *AXES) if one in request.args]
    whole = Document(
        path,
        {
            HTML: lambda: _page(release, kept, fields, query, given),
            MARKDOWN: lambda: kept_markdown(kept, values, query, _first_rows(release, query)),
            JSON: lambda: kept_answer_json(kept, values, query, _rows(release, query)),
            CSV: lambda: kept_answer_csv(_rows(release, query)),
        },
        query=data,
        page_query=urlencode([*given, *view]),
        links=lambda: [Link(PATH, "collection"), *licence_links(release)],
        cached=is_repeatable(query),
    )
    return document(whole, extension, release)


def _rows(release: OpenRelease, query: str) -> dict[str, Any]:
    return excerpt_of(release, query, is_long=True)


def _first_rows(release: OpenRelease, query: str) -> Rows:
    """Return the rows that the page shows, where entities lead to their own Markdown."""
    table = table_of(excerpt_of(release, query), release.namespaces)

    def cell(one: Cell) -> tuple[str, str]:
        return one.shown, f"{release.path_of(one.iri)}.{MARKDOWN.name}" if one.class_name else one.address

    rows = zip(*(column.cells for column in table.columns), strict=True)
    return Rows([one.name for one in table.columns], [[cell(one) for one in row] for row in rows], table.count)


def _page(
    release: OpenRelease, kept: KeptQuery, fields: Sequence[_Field], query: str, given: Sequence[tuple[str, str]]
) -> str:
    path = f"{PATH}/{kept.name}"
    table = table_of(excerpt_of(release, query), release.namespaces)
    # A permanent link names what it asks about, whatever the defaults will be.
    named = urlencode([(field.parameter.name, field.value) for field in fields if field.value])
    return render(
        KeptQueryPage(
            kept=kept,
            fields=fields,
            query=query,
            shown=shown(table, asked(wish_of(kept.view), request.args), path, given, release.namespaces.base),
            permalink=f"{path}?{named}" if named else path,
            can_be_cited=is_repeatable(query),
            snippets=table_snippets(f"{site_address()}{path[1:]}", named),
            formats=_addresses(path, urlencode(given), query),
        )
    )


def _addresses(path: str, data: str, query: str) -> list[tuple[Format, str]]:
    excel = urlencode({"query": query, "format": EXCEL_CSV.name})
    own = [(one, f"{path}.{one.name}" + (f"?{data}" if data else "")) for one in _FORMATS[1:]]
    return [*own, (EXCEL_CSV, f"/sparql?{excel}")]


def _field(release: OpenRelease, kept: KeptQuery, parameter: Parameter) -> _Field:
    """Return the field of a parameter, with the value of the request; an entity may be given by a name that it has."""
    typed = request.args.get(parameter.name, "").strip() or parameter.default
    options = _options(release, parameter)
    if not typed:
        return _Field(parameter, "", options)
    if parameter.type == "entity" and len(typed) <= LONGEST:
        found = named(release, parameter.name, typed)
        if found.entity is not None and (wrong := misfit(parameter, found.entity, release.schema, release.namespaces)):
            return _Field(parameter, found.entity.curie, options, wrong, called=found.entity)
        if found.entity is not None:
            return _Field(parameter, found.entity.curie, options, called=found.entity)
        close = tuple((one, _with(kept, parameter, one.curie)) for one in _close(release, parameter, typed))
        fault = f"No entity, or more than one, is known by “{typed[:80]}”, which is given for: {parameter.label}."
        return _Field(parameter, typed, options, fault, close=close)
    try:
        term_for(parameter, typed, release.namespaces)
    except QueryError as error:
        return _Field(parameter, typed, options, f"{error.message} {error.mend[:1].upper()}{error.mend[1:]}")
    return _Field(parameter, typed, options)


def _close(release: OpenRelease, parameter: Parameter, typed: str) -> Sequence[EntityRef]:
    """Return the entities for which the search would find a text, of the class that a parameter wants."""
    term = release.schema.page_class_of(release.namespaces.expand(parameter.of)) if parameter.of else None
    index = release.finder.index
    classes = (term.notation,) if term else ()
    page = index.page(index.rank(typed[:_SEARCHED]), classes=classes, statuses=(), limit=_CLOSE, offset=0)
    return [hit.entity for hit in page.hits]


def _options(release: OpenRelease, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    """Return the values among which a field lets one choose, and what they are called."""
    if parameter.type == "choice":
        return tuple((one, one) for one in parameter.choices)
    if parameter.type == "boolean":
        return (("true", "yes"), ("false", "no"))
    of_type: dict[str, Mapping[str, Term]] = {"class": release.schema.classes, "predicate": release.schema.predicates}
    terms = of_type.get(parameter.type, {})
    named = ((release.namespaces.compact(iri), term.label) for iri, term in terms.items())
    return tuple(sorted(named, key=lambda one: order_key(one[1])))


def _with(kept: KeptQuery, parameter: Parameter, value: str) -> str:
    """Return the address of the present request with another value of a parameter."""
    others = {one.name: request.args[one.name] for one in kept.parameters if one.name in request.args}
    return f"{PATH}/{kept.name}?{urlencode({**others, parameter.name: value})}"


def _refuse_unknown(kept: KeptQuery) -> None:
    """Answer 400 for a parameter that the query has not: a misspelt one would be passed over in silence."""
    known = {one.name for one in kept.parameters} | _OF_VIEW
    unknown = [one for one in request.args if one not in known and not one.startswith("_")]
    if unknown:
        there = ", ".join(one.name for one in kept.parameters) or "none"
        abort(
            400,
            sentence(
                "The query %(name)s has no parameter %(unknown)s; there are: %(there)s.",
                name=kept.name,
                unknown=f"{unknown[0][:80]!r}",
                there=there,
            ),
        )
