"""Raises what is linked with other good matches: whoever looks for a subject finds what many matches are about."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from heapq import nlargest
from typing import Final

from .records import Ranked
from .words import expression

LOOKED_AT: Final = 200
"""How many of the best matches are looked at: more would take long, and what comes later is hardly read."""
_COUNTED: Final = 3
"""How many of the best matches that something is linked with count."""
SHARE: Final = 0.3
"""How much of their mean score it gets."""
_STARTS: Final = 10
"""From how many of the best matches one goes on to what is of the class that was asked for."""

_BETWEEN: Final = """
SELECT id, other FROM edge WHERE id IN (SELECT value FROM json_each(?1)) AND other IN (SELECT value FROM json_each(?1))
"""
_NEXT: Final = """
SELECT DISTINCT entity.id, class, status, 0.0 FROM edge JOIN entity ON entity.id = edge.other
WHERE edge.id IN (SELECT value FROM json_each(?1))
  AND EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value))
"""

NAMED: Final = 0.5
"""By how much of itself a match counts more that has all the words in its names; by less if it has some."""
_NAMED: Final = "SELECT rowid FROM text WHERE text MATCH ?1 AND rowid IN (SELECT value FROM json_each(?2))"

Scored = tuple[Ranked, float]
"""A match, with how well it fits: more is better."""


def with_names(connection: sqlite3.Connection, matches: Sequence[Scored], choices: Sequence[Sequence[str]]) -> list[Scored]:
    """Return matches in a new order: of the best ones, those with more of the words in their names count more."""
    first = matches[:LOOKED_AT]
    rows = json.dumps([one.row for one, _ in first])
    named = Counter[int]()
    for terms in choices:
        wanted = f"{{label names}} : {expression([terms], 'OR')}"
        named.update(row[0] for row in connection.execute(_NAMED, (wanted, rows)))
    ordered = [(one, score * (1 + NAMED * named[one.row] / len(choices))) for one, score in first]
    return [*sorted(ordered, key=lambda pair: (-pair[1], pair[0].row)), *matches[LOOKED_AT:]]


def raised(connection: sqlite3.Connection, matches: Sequence[Scored], marks: Sequence[str], boost: float) -> list[Ranked]:
    """Return matches, which are in the order of their scores, in the order that their links give them.

    With `marks`, what is of such a class and linked with one of the best matches is a match too: it need not have the
    words, and gets `boost` times the share.
    """
    first = list(matches[:LOOKED_AT])
    of_class = set[int]()
    if marks and first:
        best = json.dumps([one.row for one, _ in first[:_STARTS]])
        there = {one.row for one, _ in first}
        near = connection.execute(_NEXT, (best, json.dumps(marks))).fetchall()
        of_class = {row[0] for row in near}
        first += [(Ranked(*tuple(row)[:3]), 0.0) for row in near if row[0] not in there]
    scores = {one.row: score for one, score in first}
    beside = defaultdict[int, list[float]](list)
    for row, other in connection.execute(_BETWEEN, (json.dumps(list(scores)),)):
        beside[row].append(scores[other])
    total = {
        row: score + SHARE * (boost if row in of_class else 1) * sum(nlargest(_COUNTED, beside[row])) / _COUNTED
        for row, score in scores.items()
    }
    ordered = sorted((one for one, _ in first), key=lambda one: (-total[one.row], one.row))
    return [*ordered, *(one for one, _ in matches[LOOKED_AT:] if one.row not in total)]
