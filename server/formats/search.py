"""What was found, in plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ..records.evidence import Weight
from ..records.pages import EntityRef
from ..search.records import Found, Hit, Piece
from .writing import ref_record, weight_record, write_json

_NONE: Final[Mapping[str, Weight]] = MappingProxyType({})


def search_json(
    text: str,
    mode: str,
    found: Found,
    close: Sequence[EntityRef],
    pages: Mapping[str, object],
    weights: Mapping[str, Weight] = _NONE,
) -> str:
    """Return a page of what was found; `pages` says which it is, and where the others are."""
    return write_json({**search_record(text, mode, found, weights), **pages, **_close(close)})


def search_record(text: str, mode: str, found: Found, weights: Mapping[str, Weight] = _NONE) -> dict[str, Any]:
    """Return what was found as a record."""
    return {
        "q": text,
        "mode": mode,
        "total": found.total,
        "complete": found.complete,
        "meant": found.meant or None,
        "facets": {"class": dict(found.classes), "status": dict(found.statuses)},
        "items": [_hit_record(hit, weights.get(hit.entity.iri)) for hit in found.hits],
    }


def _close(close: Sequence[EntityRef]) -> dict[str, Any]:
    return {"close": [ref_record(ref) for ref in close]}


def _hit_record(hit: Hit, weight: Weight | None) -> dict[str, Any]:
    return {
        **ref_record(hit.entity),
        "definition": hit.entity.definition,
        "altLabels": hit.names,
        "status": hit.status,
        "edges": hit.edge_count,
        "evidence": weight_record(weight),
        "snippet": {
            "field": hit.field,
            "text": "".join(piece.text for piece in hit.snippet),
            "marks": _marks(hit.snippet),
        },
    }


def _marks(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Return the start and end of each match in the text of the pieces."""
    marks, place = [], 0
    for piece in pieces:
        if piece.is_match:
            marks.append((place, place + len(piece.text)))
        place += len(piece.text)
    return marks
