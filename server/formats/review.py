"""The review queue, in plain formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..records.candidates import Pair, Queue
from .writing import ref_record, write_json


def queue_json(found: Queue, pages: Mapping[str, object], matches: Sequence[Mapping[str, object]]) -> str:
    """Return a page of the queue as plain JSON; `pages` says which it is, and where the others are.

    `matches` are the likeliest ones with other bases.
    """
    return write_json(
        {
            "count": found.total,
            **pages,
            "model": found.thresholds.model,
            "threshold": found.thresholds.threshold,
            "classes": [{"first": first, "second": second, "count": count} for first, second, count in found.classes],
            "matches": matches,
            "pairs": [_record(pair) for pair in found.pairs],
        }
    )


def _record(pair: Pair) -> dict[str, Any]:
    return {
        "id": pair.id,
        "first": ref_record(pair.first),
        "second": ref_record(pair.second),
        "worth": pair.worth,
        "strong": pair.strong,
        "state": pair.state,
        "signals": asdict(pair.signals),
    }
