"""Reads the rows of answers to queries into records: the one place that knows how queries name their columns.

An entity `?x` has the columns `?x_id`, `?x_label` and `?x_class`; the one that a query is about has `?id`, `?label`,
`?class` and `?definition`. What a query does not ask for is left out.
"""

from __future__ import annotations

from ..namespaces import Namespaces
from ..records.pages import Direction, EntityRef, Link
from ..sparql.terms import Row


def ref_of(row: Row, variable: str = "entity", *, label: str = "label") -> EntityRef:
    """Return the entity of a variable, whose label is in the column `label`.

    Without a class it has that of its CURIE; without a label it goes by its CURIE.
    """
    prefix = f"{variable}_" if f"{variable}_id" in row else ""
    curie = str(row[f"{prefix}id"])
    return EntityRef(
        iri=str(row[variable]),
        curie=curie,
        label=str(row.get(prefix + label, curie)),
        class_name=str(row.get(f"{prefix}class", curie.partition(":")[0])),
        definition=str(row.get("definition", "")) if not prefix else "",
    )


def link_of(row: Row, namespaces: Namespaces) -> Link:
    """Return an edge as seen from one of its ends, from a row that says in which `direction` it is looked at."""
    direction = Direction.BOTH if row["symmetric"] else Direction(str(row["direction"]))
    incoming = direction is Direction.IN
    return Link(
        edge=namespaces.compact(str(row["edge"])),
        predicate=namespaces.compact(str(row["predicate"])),
        notation=str(row["notation"]),
        label=str(row.get("inverse_label", row["label"]) if incoming else row["label"]),
        direction=direction,
        note=str(row.get("note", "")),
        source=ref_of(row, "source") if "source_id" in row else None,
        locator=str(row.get("locator", "")),
        confidence=str(row.get("confidence", "")),
        status=str(row["status"]),
    )
