"""The order of what was found: a score that is the sum of what speaks for an entity, see docs/search.md.

The words of a text count by how rare they are, and all of them together count one. An entity has of each word what the
best place is worth in which it has it. What it means is near to what the text means; it is linked with another good
match; much is about it, and it has many edges; it is of the class, or by the author, that the text names.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final, NamedTuple, Protocol

from ..records.lists import Facet
from . import weights
from .records import Ranked
from .rows import iris_of, ranked_by_iri
from .words import expression

# The signs + keep SQLite from asking once for each row: it takes a tenth of the time to ask for all and choose.
_PLACES: Final = f"""
SELECT rowid, CASE
  WHEN bm25(text, 1, 1, 0, 0, 0, 0) < 0 THEN {weights.NAME}
  WHEN bm25(text, 0, 0, 0, 1, 0, 0) < 0 THEN {weights.DEFINITION}
  WHEN bm25(text, 0, 0, 0, 0, 1, 0) < 0 THEN {weights.NOTES}
  ELSE {weights.AROUND} END
FROM text WHERE text MATCH ?1 AND +rowid IN (SELECT value FROM json_each(?2))
"""  # noqa: S608 - the numbers are ours
_STANDING: Final = f"""
SELECT id, renown, cited, (SELECT COUNT(*) FROM facet WHERE facet = '{Facet.TOPIC}' AND value = curie),
  EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value))
FROM entity WHERE id IN (SELECT value FROM json_each(?1))
"""  # noqa: S608 - a name of our own
_BETWEEN: Final = """
SELECT id, other FROM edge
WHERE id IN (SELECT value FROM json_each(?1)) AND +other IN (SELECT value FROM json_each(?2))
"""
_NEXT: Final = """
SELECT DISTINCT entity.id, class, status FROM edge JOIN entity ON entity.id = edge.other
WHERE edge.id IN (SELECT value FROM json_each(?1))
  AND EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value))
"""


class Meaning(Protocol):
    """What knows how near entities are to a text in meaning."""

    def cosines(self, text: str, iris: Sequence[str]) -> dict[str, float]:
        """Return how near a text is to some entities, and to those that are the nearest of all, by their IRIs."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text."""

    terms: Sequence[str]
    """Any of these in the index stands for it."""
    rarity: float
    """How much it tells: more, the fewer entities have it."""
    imprinted: frozenset[int] = frozenset()
    """The works in whose imprint it is, if it is the name of an author or the like."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    subject: str
    """The text without the names of classes, authors and the like: what is to be near in meaning."""
    words: Sequence[Word]
    marks: Sequence[str] = ()
    """Those of the classes that the text names."""
    is_by_imprint: bool = False
    """Whether the text names an author or the like beside something else."""

    @property
    def imprinted(self) -> frozenset[int]:
        """The works in whose imprint one of the words is."""
        return frozenset[int]().union(*(word.imprinted for word in self.words))


class _Standing(NamedTuple):
    row: int
    renown: float
    """The logarithm of one more than the number of its edges that are no references."""
    cited: int
    is_subject_of: int
    is_of_class: int


def ordered(
    connection: sqlite3.Connection, matches: Sequence[Ranked], wanted: Wanted, meaning: Meaning | None
) -> list[Ranked]:
    """Return matches, which are in the order of BM25, in that in which they are shown.

    What is near in meaning is among what is returned, as is what is of a class that the text names and linked with one
    of the best matches, though it has none of the words.
    """
    pool = {one.row: one for one in matches[: weights.LOOKED_AT]}
    if wanted.marks:
        starts = json.dumps(list(pool)[: weights.STARTS])
        beside = (Ranked(*row) for row in connection.execute(_NEXT, (starts, json.dumps(wanted.marks))))
        pool |= {one.row: one for one in beside}
    cosines: dict[int, float] = {}
    if meaning is not None:
        near = meaning.cosines(wanted.subject, list(iris_of(connection, list(pool)).values()))
        found = ranked_by_iri(connection, list(near))
        cosines = {one.row: near[iri] for iri, one in found.items()}
        pool |= {one.row: one for one in found.values()}
    scores = _scores(connection, list(pool), wanted, cosines)
    totals = _totals(connection, scores, wanted)
    shown = sorted(pool.values(), key=lambda one: (-totals[one.row], one.row))
    return [*shown, *(one for one in matches[weights.LOOKED_AT :] if one.row not in pool)]


def rarity(count: int, size: int) -> float:
    """Return how much a word tells that so many of all entities have: the inverse document frequency of BM25."""
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def _scores(
    connection: sqlite3.Connection, rows: Sequence[int], wanted: Wanted, cosines: dict[int, float]
) -> dict[int, float]:
    """Return how well entities fit of themselves: by their words, and by what they mean."""
    scores = {row: weights.MEANING * max(0.0, cosines.get(row, 0.0)) for row in rows}
    among = json.dumps(rows)
    whole = sum(word.rarity for word in wanted.words) or 1
    for word in wanted.words:
        places = dict.fromkeys(word.imprinted & scores.keys(), weights.IMPRINT)
        for row, worth in connection.execute(_PLACES, (expression([word.terms], "OR"), among)):
            places[row] = max(worth, places.get(row, 0))
        for row, worth in places.items():
            scores[row] += worth * word.rarity / whole
    return scores


def _totals(connection: sqlite3.Connection, scores: dict[int, float], wanted: Wanted) -> dict[int, float]:
    """Return scores with what is beside an entity, how well known it is, and whether it is what the text names."""
    rows = json.dumps(list(scores))
    beside = defaultdict[int, float](float)
    best = nlargest(weights.GIVING, scores, key=lambda row: (scores[row], -row))
    for row, other in connection.execute(_BETWEEN, (json.dumps(best), rows)):
        beside[other] = max(beside[other], scores[row])
    imprinted = wanted.imprinted if wanted.is_by_imprint else frozenset[int]()
    totals = {}
    for one in map(_Standing._make, connection.execute(_STANDING, (rows, json.dumps(wanted.marks)))):
        total = scores[one.row] + weights.BESIDE * beside[one.row]
        total *= 1 + weights.SUBJECT * math.log1p(one.is_subject_of) + weights.RENOWN * one.renown
        if one.row in imprinted:
            total *= 1 + weights.IN_IMPRINT * math.log(math.exp(one.renown) + one.cited)
        totals[one.row] = total * (weights.OF_CLASS if one.is_of_class else 1)
    return totals
