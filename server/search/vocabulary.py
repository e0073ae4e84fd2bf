"""What the words of a text stand for in an index: words that it has, or that begin like them, or likely corrections."""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Final

from ..text.names import key_of
from ..text.words import words_of
from . import weights
from .imprint import Imprint
from .ordering import Word, rarity
from .spelling import Spelling
from .words import expression

_COMMON: Final = 3_000
"""The largest document frequency of a word that is enough for a partial match, unless all words are as frequent."""
_TRIED: Final = 16
"""How many ways to correct a text are tried."""

_NAMES: Final = "SELECT DISTINCT key FROM name WHERE key IN (SELECT value FROM json_each(?))"
_LONGER: Final = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY named > 0 DESC, count DESC LIMIT 8"


@dataclass(frozen=True)
class Group:
    """The terms of the index for a word of the text."""

    wanted: str
    terms: list[str]
    """One of these is looked for; none, when the index has nothing like it."""
    is_corrected: bool = False


class Vocabulary:
    """The words of an index, and the names in the imprint of works; threads may share it."""

    def __init__(self, connection: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._connection = connection

    @cached_property
    def spelling(self) -> Spelling:
        """The words of the index."""
        with self._connection() as connection:
            rows = connection.execute("SELECT word, named, count FROM word").fetchall()
        return Spelling({word: (bool(named), count) for word, named, count in rows})

    @cached_property
    def imprint(self) -> Imprint:
        """The names of authors, and what else is in the imprint of works."""
        with self._connection() as connection:
            return Imprint(connection)

    @cached_property
    def size(self) -> int:
        """How many entities there are."""
        with self._connection() as connection:
            return int(connection.execute("SELECT COUNT(*) FROM entity").fetchone()[0])

    def groups(self, connection: sqlite3.Connection, terms: list[str]) -> list[Group]:
        """Return the terms of this index for the words of a text, in their order."""
        groups = []
        left = deque(terms)
        while left:
            term = left.popleft()
            together = term + left[0] if left else ""
            if together in self.spelling and not _is_there(connection, f"{term} {left[0]}"):
                left.popleft()
                groups.append(Group(term, [together], is_corrected=True))
            elif _is_there(connection, term) or term in self.imprint:
                groups.append(Group(term, [term]))
            elif " " in term:
                # A run of words that is not in the index is replaced by its words.
                left.extendleft(reversed(term.split()))
            else:
                groups.append(self._group(connection, term))
        return groups

    def _group(self, connection: sqlite3.Connection, word: str) -> Group:
        """Return the terms for a word that the index does not have."""
        longer = [row[0] for row in connection.execute(_LONGER, (word, f"{word}\U0010ffff"))]
        longer = longer or self.spelling.with_inside(word)
        near = [] if longer else self.spelling.near(word)
        return Group(word, longer or near, is_corrected=bool(near))

    def meant(self, connection: sqlite3.Connection, terms: list[str]) -> tuple[str, bool]:
        """Return what the words of a text are taken for, mended where it must be, and whether that is another text."""
        groups = self.groups(connection, terms)
        choices = [group.terms if group.is_corrected else group.terms[:1] or [group.wanted] for group in groups]
        texts = list(map(" ".join, islice(product(*choices), _TRIED)))
        # Of the likely corrections, those that make the text a name.
        rows = connection.execute(_NAMES, (json.dumps(list(map(key_of, texts))),)) if len(texts) > 1 else ()
        names = {key for (key,) in map(tuple, rows)}
        meant = next((one for one in texts if key_of(one) in names), texts[0])
        return meant, meant != " ".join(group.wanted for group in groups)

    def words(self, connection: sqlite3.Connection, groups: Sequence[Group]) -> list[Word]:
        """Return the words of a text that the index has, or has something like."""
        words = list[Word]()
        for group in groups:
            count = min(self.size, sum(map(self.spelling.count, group.terms)))
            rows = self.imprint.rows(connection, group.wanted) if group.wanted in self.imprint else frozenset[int]()
            # A word that is far more often in texts, such as "deep", is hardly meant for a name.
            imprinted = rows if len(rows) * weights.NAMESAKES >= count else frozenset[int]()
            if group.terms:
                words.append(Word(group.terms, rarity(max(count, len(imprinted)), self.size), imprinted))
        return words

    def all_of(self, choices: Sequence[Sequence[str]]) -> str:
        """Return an expression for what has all the words, of which the most frequent ones may be missing."""
        most = self.size * weights.EVERYWHERE
        telling_ones = [terms for terms in choices if min(map(self.spelling.count, terms)) <= most]
        if not telling_ones or len(telling_ones) == len(choices):
            return expression(choices, "AND")
        return f"({expression(telling_ones, 'AND')}) AND ({expression(choices, 'OR')})"

    def telling(self, choices: list[list[str]]) -> list[list[str]]:
        """Return the terms without those so frequent that ranking takes long, if any are left."""
        return [terms for terms in choices if all(self.spelling.count(one) <= _COMMON for one in terms)] or choices

    def is_by_imprint(self, words: Sequence[Word]) -> bool:
        """Tell whether a text has the name of an author, or the like, and more: a subject, or a year."""
        facets = [self.imprint.facets(word.terms[0]) for word in words if word.imprinted]
        return bool(facets) and (len(facets) < len(words) or not frozenset.intersection(*facets))

    @staticmethod
    def subject(text: str, words: Sequence[Word]) -> str:
        """Return a text without the names of authors and the like; the whole where nothing else is left."""
        names = {word.terms[0] for word in words if word.imprinted}
        return " ".join(part for part in text.split() if " ".join(words_of(part)) not in names) or text


def _is_there(connection: sqlite3.Connection, term: str) -> bool:
    wanted = expression([[term]], "AND")
    return connection.execute("SELECT 1 FROM text WHERE text MATCH ? LIMIT 1", (wanted,)).fetchone() is not None
