"""What links two entities, as JSON."""

from __future__ import annotations

from ..knowledge.paths import MOST_STEPS
from ..records.paths import Paths
from .writing import link_record, ref_record, write_json


def paths_json(found: Paths) -> str:
    """Return paths as JSON: each is a list of steps, and each step has its edges, as seen from its start."""
    return write_json(
        {
            "from": ref_record(found.start),
            "to": ref_record(found.end),
            "steps": found.steps if found.shown or found.start == found.end else None,
            "total": found.total,
            "most_steps": MOST_STEPS,
            "gave_up": found.is_cut,
            "paths": [
                [
                    {
                        "from": ref_record(step.start),
                        "to": ref_record(step.end),
                        "edges": [{**link_record(link), "phrase": link.label} for link in step.links],
                    }
                    for step in path
                ]
                for path in found.shown
            ],
        }
    )
