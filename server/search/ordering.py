"""The order of what has the words of a text: by more than how well the words fit.

What has more of the words in its names counts more, and what is linked with other good matches: whoever looks for a
subject finds what many matches are about. What is of a class that the text names counts much more.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from heapq import nlargest
from typing import Final, NamedTuple

from .records import Ranked
from .words import expression

OF_CLASS: Final = 12.0
"""How often as much a match counts that is of a class that the text names."""

_LOOKED_AT: Final = 200
"""How many of the best matches are looked at: more would take long, and what comes later is hardly read."""
_NAMED: Final = 0.5
"""By how much of itself a match counts more that has all the words in its names; by less if it has some."""
_COUNTED: Final = 3
"""How many of the best matches that something is linked with count."""
_SHARE: Final = 0.3
"""How much of the mean of their scores it gets."""
_STARTS: Final = 10
"""From how many of the best matches one goes on to what is of the class that the text names."""

_IN_NAMES: Final = "SELECT rowid FROM text WHERE text MATCH ?1 AND rowid IN (SELECT value FROM json_each(?2))"
_BETWEEN: Final = """
SELECT id, other FROM edge WHERE id IN (SELECT value FROM json_each(?1)) AND other IN (SELECT value FROM json_each(?1))
"""
_NEXT: Final = """
SELECT DISTINCT entity.id, class, status FROM edge JOIN entity ON entity.id = edge.other
WHERE edge.id IN (SELECT value FROM json_each(?1))
  AND EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value))
"""


class Match(NamedTuple):
    """An entity that has words of a text, how well they fit (more is better), and whether it is of a class named."""

    entity: Ranked
    score: float
    is_of_class: bool


def ordered(
    connection: sqlite3.Connection, matches: Sequence[Match], choices: Sequence[Sequence[str]], marks: Sequence[str]
) -> list[Ranked]:
    """Return matches, which are in the order of their scores, in that in which they are shown.

    `choices` are the terms that were looked for, and `marks` are those of the classes that the text names. What is of
    such a class and linked with one of the best matches is among what is returned, though it lacks the words.
    """
    first = _with_names(connection, matches[:_LOOKED_AT], choices)
    if marks:
        first += _next_to(connection, first, marks)
    scores = {one.entity.row: one.score for one in first}
    beside = defaultdict[int, list[float]](list)
    for row, other in connection.execute(_BETWEEN, (json.dumps(list(scores)),)):
        beside[row].append(scores[other])

    def total(one: Match) -> float:
        shared = sum(nlargest(_COUNTED, beside[one.entity.row])) / _COUNTED
        return (one.score + _SHARE * shared) * (OF_CLASS if one.is_of_class else 1)

    shown = [one.entity for one in sorted(first, key=lambda one: (-total(one), one.entity.row))]
    return [*shown, *(one.entity for one in matches[_LOOKED_AT:] if one.entity.row not in scores)]


def _with_names(
    connection: sqlite3.Connection, matches: Sequence[Match], choices: Sequence[Sequence[str]]
) -> list[Match]:
    """Return matches with higher scores where they have words in their names."""
    rows = json.dumps([one.entity.row for one in matches])
    named = Counter[int]()
    for terms in choices:
        wanted = f"{{label names}} : {expression([terms], 'OR')}"
        named.update(row[0] for row in connection.execute(_IN_NAMES, (wanted, rows)))
    return [one._replace(score=one.score * (1 + _NAMED * named[one.entity.row] / len(choices))) for one in matches]


def _next_to(connection: sqlite3.Connection, matches: Sequence[Match], marks: Sequence[str]) -> list[Match]:
    """Return what is of the classes with some marks, linked with one of the best matches, and not among them."""
    best = sorted(matches, key=lambda one: -one.score)[:_STARTS]
    found = connection.execute(_NEXT, (json.dumps([one.entity.row for one in best]), json.dumps(marks))).fetchall()
    there = {one.entity.row for one in matches}
    return [Match(Ranked(*tuple(row)), 0.0, is_of_class=True) for row in found if row[0] not in there]
