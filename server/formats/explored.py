"""A walk through the graph as JSON."""

from __future__ import annotations

from typing import Any

from ..records.explored import Walk
from .writing import link_record, ref_record, write_json


def walk_json(found: Walk) -> str:
    """Return what is shown as entities, and the edges of what is open, each once and as it is seen from that."""
    edges: dict[str, dict[str, Any]] = {}
    for opened in found.opened:
        for joined in opened.neighbours:
            for link in joined.links:
                ends = {"from": opened.entity.curie, "to": joined.entity.curie, "phrase": link.label}
                edges.setdefault(link.edge, {**ends, **link_record(link)})
    return write_json(
        {
            "open": [
                {**ref_record(one.entity), "neighbours": one.total, "shown": len(one.neighbours)}
                for one in found.opened
            ],
            "predicates": [
                {"predicate": curie, "notation": notation, "edges": edges, "selected": curie in found.selected}
                for curie, notation, edges in found.predicates
            ],
            "entities": [{**ref_record(one.entity), "open": one.is_open} for one in found.shown],
            "edges": list(edges.values()),
        }
    )
