"""How much speaks for entities and against them: counted in one way for pages, lists, cards, the search and data."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from ..namespaces import Namespaces
from ..records.dates import by_time
from ..records.evidence import Item, Weight
from ..schema.schema import Schema
from ..sparql.queries import narrowed, question
from ..sparql.terms import Row
from ..store.interface import Queryable


def weights_of(store: Queryable, namespaces: Namespaces, schema: Schema, iris: Iterable[str]) -> dict[str, Weight]:
    """Return what speaks for and against some entities, by IRI; those about which nothing is said are left out."""
    wanted = [f"<{iri}>" for iri in dict.fromkeys(iris)]
    if not wanted or not schema.has_debates:
        return {}
    rows = store.select(narrowed(question("weights", schema.roles), {"claim": wanted}))
    return {
        claim: _weight(list(of_claim), namespaces)
        for claim, of_claim in groupby(rows, key=lambda row: str(row["claim"]))
    }


def _weight(rows: list[Row], namespaces: Namespaces) -> Weight:
    by_item: dict[tuple[str, str, bool], list[Row]] = {}
    for row in rows:
        key = (str(row["end"]), str(row["side"]), row["part"] == "position")
        by_item.setdefault(key, []).append(row)
    return Weight(
        items=tuple(_item(*key, of_item, namespaces) for key, of_item in by_item.items()),
        is_answered=any(row["answered"] is True for row in rows),
    )


def _item(entity: str, side: str, is_position: bool, rows: list[Row], namespaces: Namespaces) -> Item:
    dates = [str(row[name]) for row in rows for name in ("issued", "source_issued") if name in row]
    sure = [row["confidence"] for row in rows if "confidence" in row]
    return Item(
        entity=entity,
        side=side,
        is_position=is_position,
        confidence=max((Decimal(str(one)) for one in sure), default=None),
        issued=max(dates, key=by_time, default=""),
        edges=tuple(dict.fromkeys(namespaces.compact(str(row["edge"])) for row in rows)),
    )
