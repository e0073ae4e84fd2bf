"""Makes terms of the cells of a table, or says what is wrong with a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from rdflib import DCTERMS, RDF, SKOS, XSD, Literal, URIRef

from ..errors import AkbError, UsageError
from ..records.findings import Finding
from ..records.terms import PropertyTerm
from ..schema.schema import Schema
from ..turtle.authoring import date_literal
from ..turtle.edges import VOCAB
from .tables import Columns, Row

Terms = list[tuple[URIRef, Literal | URIRef]]
_Maker = Callable[[str], Literal | URIRef]

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_DATES: Final = frozenset(map(str, (XSD.date, XSD.gYear, XSD.gYearMonth)))
_OF_THE_ROW: Final = {False: ("class", "slug", "type"), True: ("subject", "predicate", "object", "assertedIn")}
"""The columns that say which entity or edge a row is about; True means edges."""


@dataclass(frozen=True)
class _Column:
    property: URIRef
    make: _Maker
    is_many: bool = False
    of_addresses: URIRef | None = None
    """The property of values that are addresses, where it is another one."""

    def property_for(self, value: Literal | URIRef) -> URIRef:
        """Return the property of a value."""
        return self.of_addresses if self.of_addresses and isinstance(value, URIRef) else self.property


class CellReader:
    """Makes statements of the rows of entities, or of those of edges: the property of each column.

    Beside the columns that every base has, there is one for each property that the vocabulary has for entities or for
    edges, by the name that it has in JSON.
    """

    def __init__(self, schema: Schema, *, of_edges: bool) -> None:
        self._schema = schema
        self._of_edges = of_edges
        self._columns = self._of_every_edge() if of_edges else self._of_every_entity()
        for iri, term in (schema.edge_facts if of_edges else schema.facts).items():
            if all(column.property != URIRef(iri) for column in self._columns.values()):
                name = term.key if term.key not in (*self._columns, *_OF_THE_ROW[of_edges]) else term.curie
                self._columns[name] = _Column(URIRef(iri), self._maker(term), term.is_many)
        if not of_edges and str(SKOS.exactMatch) in schema.facts:
            self._columns["wikidata"] = _Column(SKOS.exactMatch, _wikidata, is_many=True)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of such a table."""
        return (*_OF_THE_ROW[self._of_edges], *self._columns)

    def property_of(self, column: str) -> URIRef | None:
        """Return the property of a column."""
        return self._columns[column].property if column in self._columns else None

    def property_for(self, column: str, value: Literal | URIRef) -> URIRef:
        """Return the property of a value of a column, which may be another one for addresses."""
        return self._columns[column].property_for(value)

    def is_many(self, column: str) -> bool:
        """Tell whether there may be several values of a column."""
        return self._columns[column].is_many

    def term(self, column: str, cell: str) -> Literal | URIRef:
        """Return what a cell of a column says. Raises UsageError where it is of another kind."""
        return self._columns[column].make(cell)

    def terms(self, row: Row, focus: str) -> tuple[Terms, list[Finding]]:
        """Return what the cells of a row say of its entity or edge, as property and value, and what is wrong."""
        terms: Terms = []
        faults = []
        for name in (name for name in row.cells if name in self._columns):
            column = self._columns[name]
            for part in row.many(name) if column.is_many else [row.get(name)]:
                try:
                    value = column.make(part)
                    terms.append((column.property_for(value), value))
                except AkbError as error:
                    faults.append(row.fault(name, error.message, error.mend, focus))
        return terms, faults

    def _of_every_entity(self) -> dict[str, _Column]:
        return {
            "label": _Column(SKOS.prefLabel, _english),
            "altLabels": _Column(SKOS.altLabel, _english, is_many=True),
            "definition": _Column(SKOS.definition, _english),
            **self._status(),
            "sources": _Column(DCTERMS.source, _source, is_many=True),
        }

    def _of_every_edge(self) -> dict[str, _Column]:
        return {
            "note": _Column(VOCAB.note, _english),
            "sourceVersion": _Column(VOCAB.sourceVersion, Literal),
            "locator": _Column(VOCAB.locator, Literal),
            "confidence": _Column(VOCAB.confidence, _confidence),
            **self._status(),
            "consultedAt": _Column(VOCAB.consultedAt, _address, is_many=True),
            "sources": _Column(DCTERMS.source, _source, is_many=True, of_addresses=VOCAB.consultedAt),
        }

    def _status(self) -> dict[str, _Column]:
        term = self._schema.properties.get(str(VOCAB.status))
        return {"status": _Column(VOCAB.status, self._maker(term))} if term else {}

    def _maker(self, term: PropertyTerm) -> _Maker:
        if term.scheme:
            return _code_of(term.key, self._schema.codes[term.scheme])
        if term.is_iri:
            return _address
        if term.datatypes and _DATES.issuperset(term.datatypes):
            return _date_of(term.datatypes)
        datatype = URIRef(term.datatypes[0]) if len(term.datatypes) == 1 else XSD.string
        makers: dict[URIRef, _Maker] = {RDF.langString: _english, XSD.decimal: _decimal, XSD.string: Literal}
        return makers.get(datatype) or _typed_as(datatype)


def cell_readers(schema: Schema) -> tuple[CellReader, CellReader]:
    """Return the reader of rows of entities, and that of rows of edges."""
    return CellReader(schema, of_edges=False), CellReader(schema, of_edges=True)


def columns_of(schema: Schema) -> Columns:
    """Return the columns that tables for a base may have."""
    return Columns(*(reader.columns for reader in cell_readers(schema)))


def _code_of(name: str, codes: Mapping[str, str]) -> _Maker:
    def make(cell: str) -> URIRef:
        if cell not in codes:
            raise UsageError(f"{cell!r} is not a {name}.", f"write one of {', '.join(sorted(codes))}.")
        return URIRef(codes[cell])

    return make


def _date_of(datatypes: tuple[str, ...]) -> _Maker:
    def make(cell: str) -> Literal:
        literal = date_literal(cell)
        if str(literal.datatype) not in datatypes:
            allowed = " or ".join(datatype.rpartition("#")[2] for datatype in datatypes)
            raise UsageError(f"{cell!r} is not a {allowed}.", "write it so.")
        return literal

    return make


def _typed_as(datatype: URIRef) -> _Maker:
    def make(cell: str) -> Literal:
        literal = Literal(cell, datatype=datatype, normalize=False)
        if literal.ill_typed:
            raise UsageError(f"{cell!r} is not a {datatype.rpartition('#')[2]}.", "write it as XML Schema has it.")
        return literal

    return make


def _english(cell: str) -> Literal:
    return Literal(cell, lang="en")


def _source(cell: str) -> Literal | URIRef:
    """Keep an address as one; anything else is words that name what was looked at."""
    return URIRef(cell) if _ADDRESS.fullmatch(cell) else Literal(cell)


def _address(cell: str) -> URIRef:
    if not _ADDRESS.fullmatch(cell):
        raise UsageError(f"{cell!r} is not an address.", "write one that starts with https://.")
    return URIRef(cell)


def _wikidata(cell: str) -> URIRef:
    if not re.fullmatch(r"Q[1-9][0-9]*", cell):
        raise UsageError(f"{cell!r} is not a Wikidata identifier.", "write it as Q24882728.")
    return URIRef(f"http://www.wikidata.org/entity/{cell}")


def _confidence(cell: str) -> Literal:
    literal = _decimal(cell)
    if not 0 <= Decimal(str(literal)) <= 1:
        raise UsageError(f"{cell} is not from 0 to 1.", "write how sure you are, such as 0.8.")
    return literal


def _decimal(cell: str) -> Literal:
    try:
        number = Decimal(cell)
    except InvalidOperation as error:
        raise UsageError(f"{cell!r} is not a number.", "write a decimal such as 0.8.") from error
    if not number.is_finite():
        raise UsageError(f"{cell!r} is not a number.", "write a decimal such as 0.8.")
    # A Turtle decimal needs a point, and may not be written with an exponent.
    text = f"{number.normalize():f}"
    return Literal(text if "." in text else f"{text}.0", datatype=XSD.decimal)
