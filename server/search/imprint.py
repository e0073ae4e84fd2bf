"""Which words of a text name who made a work, and where or when it came out: "Turner power seeking", "debate 2018".

The values by which lists are narrowed have these names, those of authors who are but a name in a list included.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Final

from ..records.lists import Facet
from ..text.words import words_of

IMPRINT: Final = (Facet.AUTHOR, Facet.ORGANIZATION, Facet.VENUE, Facet.YEAR)
"""The facets whose values are the imprint of a work."""

_VALUES: Final = "SELECT DISTINCT facet, value, label FROM facet WHERE facet = ?"
_ROWS: Final = "SELECT id FROM facet WHERE facet = ? AND value = ?"


class Imprint:
    """The words that are of the imprint of works."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._values = defaultdict[str, set[tuple[str, str]]](set)
        for facet in IMPRINT:
            for _, value, label in map(tuple, connection.execute(_VALUES, (facet.value,))):
                for word in words_of(label):
                    self._values[word].add((facet.value, value))

    def __contains__(self, word: str) -> bool:
        return word in self._values

    def facets(self, word: str) -> frozenset[str]:
        """Return what a word is a name of: of authors, years and so on."""
        return frozenset(facet for facet, _ in self._values.get(word, ()))

    def rows(self, connection: sqlite3.Connection, word: str) -> frozenset[int]:
        """Return the rows of the works with a word in their imprint."""
        values = self._values.get(word, ())
        return frozenset(row[0] for value in values for row in connection.execute(_ROWS, value))
