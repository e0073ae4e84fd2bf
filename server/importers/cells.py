"""Makes terms of the cells of a table, or says what is wrong with a cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from rdflib import DCTERMS, FOAF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from ..errors import AkbError, UsageError
from ..namespaces import BIBO
from ..records.findings import Finding
from ..turtle.authoring import date_literal
from ..turtle.edges import CODES, VOCAB
from .tables import Row

Terms = list[tuple[URIRef, Literal | URIRef]]
_Maker = Callable[[str], Literal | URIRef]

MANY = (SKOS.altLabel, DCTERMS.source)
"""The properties that may have several values: what a table gives is added to what is there."""

_SCHEMES = {
    "status": "status-scheme",
    "claimKind": "claim-kind-scheme",
    "questionStatus": "question-status-scheme",
    "agentType": "agent-type-scheme",
}
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class CellReader:
    """Makes statements of rows: which property each column stands for, and what its cells may be."""

    def __init__(self, ontology: Graph) -> None:
        self._ontology = ontology
        self._columns: dict[str, tuple[URIRef, _Maker]] = {
            "label": (SKOS.prefLabel, _english),
            "altLabels": (SKOS.altLabel, _english),
            "definition": (SKOS.definition, _english),
            "status": (VOCAB.status, self._code("status")),
            "sources": (DCTERMS.source, _source),
            "issued": (DCTERMS.issued, date_literal),
            "doi": (Namespace(BIBO).doi, Literal),
            "arxivId": (VOCAB.arxivId, Literal),
            "authorList": (VOCAB.authorList, Literal),
            "homepage": (FOAF.homepage, _address),
            "wikidata": (SKOS.exactMatch, _wikidata),
            "claimKind": (VOCAB.claimKind, self._code("claimKind")),
            "questionStatus": (VOCAB.questionStatus, self._code("questionStatus")),
            "agentType": (VOCAB.agentType, self._code("agentType")),
            "note": (VOCAB.note, _english),
            "locator": (VOCAB.locator, Literal),
            "quotedText": (VOCAB.quotedText, _english),
            "confidence": (VOCAB.confidence, _confidence),
        }

    def property_of(self, column: str) -> URIRef | None:
        """Return the property that a column stands for."""
        return self._columns[column][0] if column in self._columns else None

    def terms(self, row: Row, focus: str) -> tuple[Terms, list[Finding]]:
        """Return what the cells of a row say of its entity or edge, as property and value, and what is wrong."""
        terms: Terms = []
        faults = []
        for column in (column for column in row.cells if column in self._columns):
            property_, make = self._columns[column]
            for part in row.many(column) if property_ in MANY else [row.get(column)]:
                try:
                    terms.append((property_, make(part)))
                except AkbError as error:
                    faults.append(row.fault(column, error.message, error.mend, focus))
        return terms, faults

    def _code(self, column: str) -> _Maker:
        scheme = CODES[_SCHEMES[column]]

        def make(cell: str) -> URIRef:
            members = sorted(
                str(self._ontology.value(member, SKOS.notation))
                for member in self._ontology.subjects(SKOS.inScheme, scheme)
            )
            if cell not in members:
                raise UsageError(f"{cell!r} is not a {column}.", f"write one of {', '.join(members)}.")
            return CODES[cell]

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
    try:
        number = Decimal(cell)
    except InvalidOperation as error:
        raise UsageError(f"{cell!r} is not a number.", "write a decimal from 0 to 1, such as 0.8.") from error
    if not 0 <= number <= 1:
        raise UsageError(f"{cell} is not from 0 to 1.", "write how sure you are, such as 0.8.")
    # A Turtle decimal needs a point, and may not be written with an exponent.
    text = f"{number.normalize():f}"
    return Literal(text if "." in text else f"{text}.0", datatype=XSD.decimal)
