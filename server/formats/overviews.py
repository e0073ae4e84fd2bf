"""Debates, the timeline and the open questions in plain formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..records.overviews import Bearing, Dated, Debate, OpenQuestion
from .writing import fact_records, facts_in_line, ref_record, weight_record, write_csv, write_json

DEBATE_COLUMNS = ("claim", "label", "status", "side", "phrase", "id", "name", "note", "facts")
TIMELINE_COLUMNS = ("issued", "id", "iri", "class", "label", "definition")
QUESTION_COLUMNS = ("question", "label", "state", "phrase", "id", "name", "note", "facts")


def debates_json(found: Sequence[Debate]) -> str:
    """Return the debates as plain JSON."""
    items = [
        {
            **ref_record(one.claim),
            "definition": one.claim.definition,
            "status": one.status,
            "for": [_bearing(side) for side in one.speaks_for],
            "against": [_bearing(side) for side in one.against],
            "between": [_bearing(side) for side in one.between],
            "qualifying": [_bearing(side) for side in one.qualifying],
            "evidence": weight_record(one.weight),
            "leans": one.weight.lean() or None,
            "tippedBy": [side.edge for side in one.tipping],
        }
        for one in found
    ]
    return write_json({"count": len(items), "debates": items})


def debates_csv(found: Sequence[Debate]) -> str:
    """Return the debates as CSV: a row for each thing that speaks for a claim, or against it."""
    rows = (
        (one.claim.curie, one.claim.label, one.status, side, *_cells(bearing))
        for one in found
        for side, bearings in (
            ("for", one.speaks_for),
            ("against", one.against),
            ("between", one.between),
            ("qualifying", one.qualifying),
        )
        for bearing in bearings
    )
    return write_csv(DEBATE_COLUMNS, rows)


def timeline_json(found: Sequence[Dated]) -> str:
    """Return the works by date as plain JSON."""
    items = [{"issued": one.issued, **ref_record(one.entity), "definition": one.entity.definition} for one in found]
    return write_json({"count": len(items), "works": items})


def timeline_csv(found: Sequence[Dated]) -> str:
    """Return the works by date as CSV."""
    rows = (
        (one.issued, ref.curie, ref.iri, ref.class_name, ref.label, ref.definition)
        for one in found
        for ref in (one.entity,)
    )
    return write_csv(TIMELINE_COLUMNS, rows)


def questions_json(found: Sequence[OpenQuestion]) -> str:
    """Return the open questions as plain JSON."""
    items = [
        {
            **ref_record(one.question),
            "definition": one.question.definition,
            "state": one.state,
            "bearing": [_bearing(bearing) for bearing in one.bearing],
            "about": [ref_record(ref) for ref in one.about],
        }
        for one in found
    ]
    return write_json({"count": len(items), "questions": items})


def questions_csv(found: Sequence[OpenQuestion]) -> str:
    """Return the open questions as CSV: a row for each thing that bears on one, or one row without."""
    rows = (
        (one.question.curie, one.question.label, one.state, *cells)
        for one in found
        for cells in ([_cells(bearing) for bearing in one.bearing] or [("",) * 5])
    )
    return write_csv(QUESTION_COLUMNS, rows)


def _bearing(one: Bearing) -> dict[str, Any]:
    return {
        "phrase": one.phrase,
        "entity": ref_record(one.entity),
        "note": one.note or None,
        "edge": one.edge,
        "confidence": float(one.confidence) if one.confidence else None,
        "position": one.is_position,
        "facts": fact_records(one.facts),
    }


def _cells(one: Bearing) -> tuple[str, ...]:
    return one.phrase, one.entity.curie, one.entity.label, one.note, facts_in_line(one.facts)
