"""What the parts of a query find, alone and together, in the order of its text: where rows multiply or end.

The engine does not say in which order it joins, and chooses its own. Which part is large, and which leaves little, is
the same in any order.
"""

from __future__ import annotations

import time
from typing import Final

from ..records.empty_answers import Plan, Step
from ..sparql.parts import JOINED, Piece, Taken, take_to_pieces
from ..sparql.terms import lexical
from .query_data import Data

COUNTED: Final = 10_000
"""Up to how many rows are counted."""


def plan_of(query: str, base: str | None, data: Data, calls: tuple[str, ...] = ()) -> Plan:
    """Return what the parts of a query find, as far as there is time. `query` has its calls answered, `calls` of them.

    Raises QueryError for one whose groups are unclear.
    """
    taken = take_to_pieces(query, data.namespaces.prefixes(), base)
    steps: list[Step] = []
    before: list[Piece] = []
    for piece in taken.pieces():
        started = time.perf_counter()
        before.append(piece)
        alone = _count(taken, [piece], data) if piece.kind in JOINED else None
        together = alone if len(before) == 1 else _count(taken, before, data)
        steps.append(Step(piece.shown, alone, together, round((time.perf_counter() - started) * 1000, 1)))
    return Plan(calls, tuple(steps), COUNTED)


def _count(taken: Taken, pieces: list[Piece], data: Data) -> int | None:
    counted = f"{{ SELECT * WHERE {{ {taken.body(pieces)} }} LIMIT {COUNTED} }}"
    rows = data.rows(taken.asking((), "(COUNT(*) AS ?count)", counted, ""))
    return int(lexical(rows[0][0]) or 0) if rows else None
