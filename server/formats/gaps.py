"""What is missing, in plain formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..records.gaps import Gap, GapItem, GapPage
from .writing import ref_record, write_csv, write_json

LIST_COLUMNS = ("gap", "title", "count", "mend")
COLUMNS = ("focus", "id", "iri", "class", "label", "edges", "status", "text", "predicate", "object", "object_label")
"""First the node that lacks something, then the entity whose file has it; the last three are an edge's only."""


def gaps_json(counts: Sequence[tuple[Gap, int]]) -> str:
    """Return every gap with how much it holds as plain JSON."""
    return write_json({"gaps": [{**_gap_record(gap), "count": count} for gap, count in counts]})


def gaps_csv(counts: Sequence[tuple[Gap, int]]) -> str:
    """Return every gap with how much it holds as CSV."""
    return write_csv(LIST_COLUMNS, ((gap.name, gap.title, count, gap.mend) for gap, count in counts))


def gap_json(found: GapPage, pages: Mapping[str, object]) -> str:
    """Return a page of a gap as plain JSON; `pages` says which it is, and where the others are."""
    return write_json(
        {
            **_gap_record(found.gap),
            "count": found.total,
            "query": found.gap.query,
            **pages,
            "items": [_item_record(item) for item in found.items],
        }
    )


def gap_csv(found: GapPage) -> str:
    """Return a page of a gap as CSV."""
    return write_csv(COLUMNS, map(_row, found.items))


def _gap_record(gap: Gap) -> dict[str, Any]:
    return {"gap": gap.name, "title": gap.title, "question": gap.question, "mend": gap.mend}


def _item_record(item: GapItem) -> dict[str, Any]:
    edge = item.edge
    return {
        "focus": item.focus,
        "entity": ref_record(item.entity),
        "edges": item.edge_count,
        "status": item.status,
        "text": item.text or None,
        "edge": {"predicate": edge.notation, "object": ref_record(edge.object)} if edge else None,
    }


def _row(item: GapItem) -> tuple[object, ...]:
    ref, edge = item.entity, item.edge
    ends = (edge.notation, edge.object.curie, edge.object.label) if edge else ("", "", "")
    entity = (ref.curie, ref.iri, ref.class_name, ref.label, item.edge_count)
    return (item.focus, *entity, item.status, item.text, *ends)
