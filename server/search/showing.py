"""What is shown of entities that were found: their names and the text that fits best, with marks."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from itertools import product
from typing import Final

from ..records.pages import EntityRef
from .marking import marked, matches
from .records import Field, Hit, Piece

_SHOWN: Final = (("label", "definition", "names"), ("notes", "identifiers"), ("around",))
"""The texts of an entity, in lots: there may be many notes, which are seldom needed."""
_FIELDS: Final[tuple[Field, ...]] = ("definition", "names", "notes", "identifiers", "around")
"""The texts from which a snippet is taken, in the order in which they are looked at."""

_Texts = Mapping[str, tuple[Piece, ...]]


def hits_of(
    connection: sqlite3.Connection, rows: Sequence[sqlite3.Row], wanted: str, imprinted: Container[int] = ()
) -> dict[int, Hit]:
    """Return what is shown of entities, by their ids, with marks where they fit an expression, if there is one.

    `imprinted` are the ids of those whose imprint fits.
    """
    fitting = defaultdict[int, dict[str, tuple[Piece, ...]]](dict)
    for fields in _SHOWN if wanted else ():
        left = list(product([row for row in rows if not fitting[row["id"]]], fields))
        texts = {place: str(row[field]) for place, (row, field) in enumerate(left)}
        for place, ranges in matches(connection, wanted, texts).items():
            row, field = left[place]
            fitting[row["id"]][field] = marked(texts[place], ranges, is_whole=field == "label")
    return {
        row["id"]: _hit(row, fitting[row["id"]], "imprint" if row["id"] in imprinted else "meaning") for row in rows
    }


def entity_of(row: sqlite3.Row) -> EntityRef:
    """Return the entity that a row of the index is about."""
    return EntityRef(row["iri"], row["curie"], row["label"], row["class"], row["definition"])


def _hit(row: sqlite3.Row, fitting: _Texts, otherwise: Field) -> Hit:
    # Where the label itself fits, the definition says the most; else the place that fits says why it is there.
    fields = _FIELDS[:1] if "label" in fitting else _FIELDS
    field: Field = next((one for one in fields if one in fitting), "definition")
    return Hit(
        entity_of(row),
        row["status"],
        row["edges"],
        tuple(json.loads(row["other_names"])),
        fitting.get("label") or marked(row["label"], [], is_whole=True),
        fitting.get(field) or marked(row["definition"], [], is_whole=not fitting),
        field if fitting else otherwise,
    )
