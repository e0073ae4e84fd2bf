"""The ontology in plain formats."""

from __future__ import annotations

from typing import Any

from ..records.terms import PropertyTerm, Term
from ..schema.schema import Schema
from .writing import write_csv, write_json

COLUMNS = ("kind", "id", "iri", "label", "definition", "parents", "domain", "range", "inverse", "traits", "example")


def vocabulary_json(schema: Schema) -> str:
    """Return the classes and properties as plain JSON."""
    return write_json(
        {
            "classes": [_record(term) for term in schema.classes.values()],
            "properties": [_record(term) for term in schema.properties.values()],
        }
    )


def vocabulary_csv(schema: Schema) -> str:
    """Return the classes and properties as CSV, one a row."""
    terms = (*schema.classes.values(), *schema.properties.values())
    records = (_record(term) for term in terms)
    return write_csv(COLUMNS, ([_cell(record.get(column)) for column in COLUMNS] for record in records))


def _record(term: Term) -> dict[str, Any]:
    record: dict[str, Any] = {
        "kind": "class",
        "id": term.curie,
        "iri": term.iri,
        "label": term.label,
        "notation": term.notation or None,
        "definition": term.definition,
        "example": term.example or None,
        "parents": term.parents,
        "mappings": [{"kind": kind, "term": target} for kind, target in term.mappings],
    }
    if isinstance(term, PropertyTerm):
        record |= {
            "kind": "predicate" if term.is_predicate else f"{term.kind} property",
            "domain": term.domain or None,
            "range": term.range or None,
            "inverse": term.inverse or None,
            "traits": term.traits,
        }
    return record


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, tuple) else value
