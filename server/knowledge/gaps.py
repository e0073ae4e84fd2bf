"""What is missing in a base: its gaps, how many nodes each has, and what these are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import NotFoundError
from ..namespaces import Namespaces
from ..records.files import read_records, write_records
from ..records.gaps import Gap, GapEdge, GapItem, GapPage
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..sparql.terms import Row
from ..store.interface import Queryable
from ..turtle.base import Base
from ..turtle.loading import loaded
from ..validation.gap_files import read_gaps
from .rows import ref_of

FILE: Final = "gaps.json"
"""The file of a release that has its gaps."""


def gaps_of(base: Base, schema: Schema) -> tuple[Gap, ...]:
    """Return every gap that is looked for in a base, in the order of their names."""
    return tuple(read_gaps(base, schema.roles)[0])


def write_gaps(folder: Path, gaps: Iterable[Gap]) -> None:
    """Write gaps into the folder of a release."""
    write_records(folder / FILE, gaps)


def gaps_in(folder: Path) -> tuple[Gap, ...]:
    """Return the gaps of a release. Raises UnreadableError when its file is damaged."""
    return read_records(folder / FILE, Gap)


def gap_named(gaps: Sequence[Gap], name: str) -> Gap:
    """Return a gap. Raises NotFoundError when none is so called."""
    for gap in gaps:
        if gap.name == name:
            return gap
    raise NotFoundError(f"There is no gap {name!r}.", f"choose one of {', '.join(gap.name for gap in gaps)}.")


def gap_count(store: Queryable, gap: Gap) -> int:
    """Return how many nodes a gap has, by the query that counts them."""
    [row] = store.select(gap.counting)
    return int(row["count"])


def gap_page(store: Queryable, namespaces: Namespaces, gap: Gap, size: int, skipped: int = 0) -> GapPage:
    """Return so many nodes of a gap, from a place on; behind the last one there is nothing."""
    rows = store.select(f"{gap.query}LIMIT {size}\nOFFSET {skipped}\n")
    found = [str(row["focus"]) for row in rows]
    terms = {"focus": tuple(f"<{iri}>" for iri in found)}
    items: dict[str, GapItem] = {}
    if found:
        edges = _edges(store.select(narrowed(question("stated_edges"), terms)), namespaces)
        items = edges | _entities(store.select(narrowed(question("stated_entities"), terms)))
    return GapPage(gap, gap_count(store, gap), tuple(items[iri] for iri in found if iri in items))


def counts_of_files(base: Base, schema: Schema) -> dict[str, int]:
    """Return how many nodes each gap has, from the files of a base; no build is needed."""
    store = loaded(base)
    store.load(store.construct(question("edge_counts")), f"{base.namespaces.graph}statistics")
    return {gap.name: gap_count(store, gap) for gap in gaps_of(base, schema)}


def _entities(rows: list[Row]) -> dict[str, GapItem]:
    return {
        str(row["focus"]): GapItem(
            str(row["id"]), ref_of(row, "focus"), str(row["status"]), int(row.get("count", 0)), str(row.get("text", ""))
        )
        for row in rows
    }


@dataclass
class _Ends:
    """The two rows in which an edge comes, one for each end."""

    subject: Row | None = None
    object: Row | None = None


def _edges(rows: list[Row], namespaces: Namespaces) -> dict[str, GapItem]:
    found: dict[str, _Ends] = {}
    for row in rows:
        setattr(found.setdefault(str(row["focus"]), _Ends()), str(row["end"]), row)
    items = {}
    for iri, ends in found.items():
        if (start := ends.subject) is None or ends.object is None:
            # An end that is not there is an error of the base, which `akb check` tells.
            continue
        edge = GapEdge(str(start["notation"]), ref_of(ends.object))
        name = namespaces.compact(iri)
        text = str(start.get("text", ""))
        items[iri] = GapItem(name, ref_of(start), str(start["status"]), int(start.get("count", 0)), text, edge)
    return items
