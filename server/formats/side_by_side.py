"""Entities side by side, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..records.side_by_side import Row, SideBySide, Value
from .writing import link_record, ref_record, write_csv, write_json


def side_by_side_json(found: SideBySide) -> str:
    """Return a comparison as plain JSON; cells are in the order of `entities`."""
    return write_json(
        {
            "entities": [{**ref_record(one), "definition": one.definition} for one in found.entities],
            "between": [
                {"from": ref_record(one.start), **link_record(one.link), "to": ref_record(one.end)}
                for one in found.between
            ],
            "shared": [
                {"name": row.name, "property": row.term, "values": list(map(_value, row.values))}
                for row in found.shared
            ],
            "joinedDifferently": [
                {**ref_record(one.entity), "edges": [[link_record(link) for link in cell] for cell in one.cells]}
                for one in found.meetings
            ],
            "differing": [
                {
                    "name": row.name,
                    "property": row.term,
                    "cells": [[_value(value) for value in cell] for cell in row.cells],
                }
                for row in found.differing
            ],
        }
    )


def side_by_side_csv(found: SideBySide) -> str:
    """Return a comparison as CSV, with a column for each entity, whose CURIE is its header."""
    header = ("part", "row", *(one.curie for one in found.entities))
    return write_csv(header, _rows(found))


def _rows(found: SideBySide) -> Iterator[tuple[str, ...]]:
    yield ("entity", "name", *(one.label for one in found.entities))
    yield ("entity", "definition", *(one.definition for one in found.entities))
    for one in found.between:
        cells = (
            f"{one.link.label} {one.end.label} ({one.end.curie})" if entity == one.start else ""
            for entity in found.entities
        )
        yield ("between", one.link.notation, *cells)
    for part, rows in (("shared", found.shared), ("differing", found.differing)):
        for row in rows:
            yield (part, row.name, *_cells(row))
    for meeting in found.meetings:
        ways = ("; ".join(link.label for link in cell) for cell in meeting.cells)
        yield ("joined differently", f"{meeting.entity.label} ({meeting.entity.curie})", *ways)


def _cells(row: Row) -> Iterator[str]:
    for cell in row.cells:
        yield "; ".join(f"{one.text} ({one.entity.curie})" if one.entity else one.text for one in cell)


def _value(value: Value) -> dict[str, Any]:
    if value.entity and value.link:
        return {**ref_record(value.entity), "edge": value.link.edge, "note": value.link.note}
    assert value.fact is not None
    return {"value": value.fact.value, "href": value.fact.href or None}
