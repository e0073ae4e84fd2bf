"""The dataset as a whole in plain formats."""

from __future__ import annotations

from dataclasses import asdict

from ..records.dataset import DatasetSummary
from .writing import write_csv, write_json


def dataset_json(summary: DatasetSummary) -> str:
    """Return what a dataset holds as plain JSON."""
    return write_json(asdict(summary))


def dataset_csv(summary: DatasetSummary) -> str:
    """Return the counts of a dataset as CSV: what is counted, and how much there is of it."""
    rows: list[tuple[str, str, int]] = [
        ("dataset", name, getattr(summary, name)) for name in ("triples", "subjects", "objects", "entities")
    ]
    for kind, parts in (("graph", summary.graphs), ("class", summary.classes), ("property", summary.properties)):
        rows += [(kind, part.iri, part.count) for part in parts]
    return write_csv(("kind", "of", "count"), rows)
