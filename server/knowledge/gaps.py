"""What is missing in a base: each gap is a query in `queries/gaps/`, which yields the nodes that lack something.

A file starts with its question, and says in lines of its own what the gap is called and how it is filled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from ..errors import NotFoundError
from ..namespaces import Namespaces
from ..records.gaps import Gap, GapEdge, GapItem, GapPage
from ..sparql.queries import FOLDER, narrowed, question
from ..sparql.terms import Row
from ..store.interface import Queryable
from ..turtle.loading import loaded
from ..turtle.reader import Base
from .rows import ref_of

_HEADER: Final = re.compile(r"^# (title|mend): (.*)\n", re.MULTILINE)
_PROJECTION: Final = re.compile(r"^SELECT .*? WHERE", re.MULTILINE)
_ORDER: Final = re.compile(r"^ORDER BY .*\n", re.MULTILINE)


@cache
def gaps() -> tuple[Gap, ...]:
    """Return every gap that is looked for, in the order of their names."""
    return tuple(_read(path.stem) for path in sorted((FOLDER / "gaps").glob("*.rq")))


def gap_named(name: str) -> Gap:
    """Return a gap. Raises NotFoundError when none is so called."""
    for gap in gaps():
        if gap.name == name:
            return gap
    raise NotFoundError(f"There is no gap {name!r}.", f"choose one of {', '.join(gap.name for gap in gaps())}.")


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


def counts_of_files(base: Base) -> dict[str, int]:
    """Return how many nodes each gap has, from the files of a base; no build is needed."""
    store = loaded(base)
    store.load(store.construct(question("edge_counts")), f"{base.namespaces.graph}statistics")
    return {gap.name: gap_count(store, gap) for gap in gaps()}


def _read(name: str) -> Gap:
    text = question(f"gaps/{name}")
    header = dict(_HEADER.findall(text))
    query = _HEADER.sub("", text)
    first = query.partition("\n")[0]
    counting = _ORDER.sub("", _PROJECTION.sub("SELECT (COUNT(DISTINCT ?focus) AS ?count) WHERE", query))
    return Gap(name, header["title"], first.removeprefix("# "), header["mend"], query, counting)


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
