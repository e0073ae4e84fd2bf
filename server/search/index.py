"""Reads the index of a release."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from ..errors import UnreadableError
from ..records.pages import EntityRef
from ..store.tables import Tables
from .lists import Lists
from .records import Field, Found, Hit, Piece, Ranked, Ranking, Suggestion
from .spelling import Spelling
from .words import expression, key_of, plain, terms_of, words_of
from .writing import FILE

_WEIGHTS: Final = (10.0, 8.0, 1.0, 3.0, 1.0)
"""How much a word counts in each column, in their order."""
_SNIPPET: Final = 32
"""Words."""
_FIELDS: Final[tuple[tuple[int, Field], ...]] = ((3, "definition"), (1, "names"), (4, "notes"), (2, "identifiers"))
"""The columns from which a snippet is taken, in the order in which they are looked at."""
_FEW: Final = 5
"""Where fewer than this have all words, what has some of them comes after."""
_COMMON: Final = 3_000
"""The largest document frequency of a word that is enough for a partial match, unless all words are as frequent."""
_OPENING, _CLOSING = "\x02", "\x03"

_RANKED: Final = """
SELECT text.rowid, class, status FROM text JOIN entity ON entity.id = text.rowid WHERE text MATCH ?1
ORDER BY text.rowid IN (SELECT id FROM name WHERE key IN (?2, ?3)) DESC, bm25(text, {weights}) * renown, text.rowid
""".format(weights=", ".join(map(str, _WEIGHTS)))  # noqa: S608 - the numbers are ours
_SHOWN: Final = """
SELECT entity.*, highlight(text, 0, char(2), char(3)) AS marked, {snippets}
FROM text JOIN entity ON entity.id = text.rowid
WHERE text MATCH ? AND text.rowid IN (SELECT value FROM json_each(?))
""".format(  # noqa: S608 - what is put in is ours; what comes from outside is a parameter
    snippets=", ".join(
        f"snippet(text, {place}, char(2), char(3), '…', {_SNIPPET}) AS {name}_" for place, name in _FIELDS
    ),
)
_NAMED: Final = "SELECT id FROM name WHERE key IN (?, ?)"
_ENTITIES: Final = "SELECT * FROM entity WHERE id IN (SELECT value FROM json_each(?))"
_ROWS: Final = "SELECT iri, id, class, status FROM entity WHERE iri IN (SELECT value FROM json_each(?))"
_LONGER: Final = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY named > 0 DESC, count DESC LIMIT 8"
_TYPED: Final = """
SELECT entity.*, typed.name AS typed FROM typed JOIN entity ON entity.id = typed.id
WHERE typed MATCH ?1 AND (?2 IS NULL OR (?2, typed.id) IN (SELECT key, id FROM name)) ORDER BY typed.rowid LIMIT ?3
"""


@dataclass(frozen=True)
class _Group:
    """The terms of the index for a word of the text."""

    wanted: str
    terms: list[str]
    """One of these is looked for; none, when the index has nothing like it."""
    is_corrected: bool = False


class SearchIndex:
    """The index of a release, open for reading; threads may share it."""

    def __init__(self, path: Path) -> None:
        self._connection = Tables(path).connection
        self.lists = Lists(self._connection)
        """The lists of the page classes."""

    @classmethod
    def open(cls, folder: Path) -> SearchIndex:
        """Open the index in the folder of a release. Raises UnreadableError when there is none, or it is damaged."""
        index = cls(folder / FILE)
        try:
            with index._connection() as connection:
                connection.execute("SELECT 1 FROM entity, name, word, text, typed LIMIT 1")
        except sqlite3.Error as error:
            raise UnreadableError(f"{folder / FILE} cannot be read: {error}.", "run `akb build --force`.") from error
        return index

    def search(
        self, text: str, *, classes: Sequence[str] = (), statuses: Sequence[str] = (), limit: int = 20, offset: int = 0
    ) -> Found:
        """Return the entities that have the words of a text, the best match first; without words there are none.

        `classes` and `statuses` are names; an empty one does not restrict. A name that is the text comes first, then
        BM25 decides, with names above texts, then the edge count. Where few have all words, what has some comes after;
        a word that the index does not have is replaced by those that begin with it, or by its likely corrections.
        """
        return self.page(self.rank(text), classes=classes, statuses=statuses, limit=limit, offset=offset)

    def rank(self, text: str) -> Ranking:
        """Return all that `search` finds, whatever the class and status."""
        terms = terms_of(text)
        if not terms:
            return Ranking()
        with self._connection() as connection:
            groups = self._groups(connection, terms)
            meant = " ".join(group.terms[0] if group.terms else group.wanted for group in groups)
            keys = key_of(text), key_of(meant)
            wanted, ranked = "", list[Ranked]()
            if all(group.terms for group in groups):
                wanted = expression((group.terms for group in groups), "AND")
                ranked = _ranked(connection, wanted, *keys)
            complete = len(ranked)
            is_corrected = complete > 0 and any(group.is_corrected for group in groups)
            # A needless correction would lead astray.
            sure = [group.terms for group in groups if group.terms and not group.is_corrected]
            some = self._telling(sure or [group.terms for group in groups if group.terms])
            if complete < _FEW and len(groups) > 1 and some:
                wanted = expression(some, "OR")
                known = set(ranked)
                ranked += [one for one in _ranked(connection, wanted, *keys) if one not in known]
            named = {row[0] for row in connection.execute(_NAMED, keys)}
        exact = sum(one.row in named for one in ranked[: len(named)])
        return Ranking(tuple(ranked), wanted, meant if is_corrected else "", complete, exact)

    def ranking_of(self, iris: Sequence[str]) -> Ranking:
        """Return a ranking of entities that are in order already, without those that the index does not have."""
        with self._connection() as connection:
            found = {row[0]: Ranked(*row[1:]) for row in connection.execute(_ROWS, (json.dumps(iris),))}
        return Ranking(tuple(found[iri] for iri in iris if iri in found))

    def page(
        self, ranking: Ranking, *, classes: Sequence[str], statuses: Sequence[str], limit: int, offset: int
    ) -> Found:
        """Return a page of a ranking, narrowed to classes and statuses, with the counts of the whole."""
        of_class = [one for one in ranking.entities if not classes or one.class_name in classes]
        chosen = [one for one in of_class if not statuses or one.status in statuses]
        by_class = Counter(one.class_name for one in ranking.entities if not statuses or one.status in statuses)
        by_status = Counter(one.status for one in of_class)
        wanted = [one.row for one in chosen[offset : offset + limit]]
        with self._connection() as connection:
            hits = {row["id"]: _near(row) for row in connection.execute(_ENTITIES, (json.dumps(wanted),))}
            if ranking.expression and wanted:
                rows = connection.execute(_SHOWN, (ranking.expression, json.dumps(wanted)))
                hits |= {row["id"]: _hit(row) for row in rows}
        return Found(
            len(chosen),
            tuple(hits[row] for row in wanted),
            classes=tuple(by_class.most_common()),
            statuses=tuple(by_status.most_common()),
            meant=ranking.meant,
            complete=ranking.complete,
        )

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return entities that what was typed so far may become, the best known first.

        What is called just so comes first; names that begin with it come before those that have its words elsewhere.
        When there are none, what was typed is taken for a misspelling.
        """
        words = words_of(prefix)
        if not words:
            return ()
        *whole, last = words
        everywhere = expression([*([word] for word in whole), [f"{last}*"]], "AND")
        with self._connection() as connection:
            phrase = " ".join(words)
            found = self._typed(connection, f'^ "{phrase}"', limit, key_of(prefix))
            found |= {**self._typed(connection, f'^ "{phrase}" *', limit), **found}
            if len(found) < limit:
                found |= {**self._typed(connection, everywhere, limit * 2), **found}
            if not found:
                groups = [group.terms for group in self._groups(connection, whole)]
                groups.append([f"{start}*" for start in (*self.spelling.beginning(plain(last)), last)])
                if all(groups):
                    found = self._typed(connection, expression(groups, "AND"), limit)
        return tuple(found.values())[:limit]

    @cached_property
    def statuses(self) -> tuple[str, ...]:
        """The names of the statuses that there are."""
        with self._connection() as connection:
            return tuple(row[0] for row in connection.execute("SELECT DISTINCT status FROM entity ORDER BY status"))

    @cached_property
    def spelling(self) -> Spelling:
        """The words of the index."""
        with self._connection() as connection:
            rows = connection.execute("SELECT word, named, count FROM word").fetchall()
        return Spelling({word: (bool(named), count) for word, named, count in rows})

    def _groups(self, connection: sqlite3.Connection, terms: list[str]) -> list[_Group]:
        """Return the terms of this index for the words of a text, in their order."""
        groups = []
        left = deque(terms)
        while left:
            term = left.popleft()
            together = plain(term + left[0]) if left else ""
            if together in self.spelling and not _is_there(connection, f"{term} {left[0]}"):
                left.popleft()
                groups.append(_Group(term, [together], is_corrected=True))
            elif _is_there(connection, term):
                groups.append(_Group(term, [term]))
            elif " " in term:
                # A run of words that is not in the index is replaced by its words.
                left.extendleft(reversed(term.split()))
            else:
                groups.append(self._group(connection, term))
        return groups

    def _group(self, connection: sqlite3.Connection, word: str) -> _Group:
        """Return the terms for a word that the index does not have."""
        start = plain(word)
        longer = [row[0] for row in connection.execute(_LONGER, (start, f"{start}\U0010ffff"))]
        near = [] if longer else self.spelling.near(start)
        return _Group(word, longer or near, is_corrected=bool(near))

    def _telling(self, choices: list[list[str]]) -> list[list[str]]:
        """Return the terms without those so frequent that ranking takes long, if any are left."""
        return [terms for terms in choices if all(self.spelling.count(one) <= _COMMON for one in terms)] or choices

    def _typed(
        self, connection: sqlite3.Connection, wanted: str, limit: int, key: str | None = None
    ) -> dict[str, Suggestion]:
        """Return what fits an expression, and has a name with a certain key if one is given."""
        found: dict[str, Suggestion] = {}
        for row in connection.execute(_TYPED, (wanted, key, limit)):
            entity = _entity(row)
            found.setdefault(entity.iri, Suggestion(entity, row["typed"]))
        return found


def _ranked(connection: sqlite3.Connection, *parameters: str) -> list[Ranked]:
    cursor = connection.cursor()
    cursor.row_factory = None
    return list(map(Ranked._make, cursor.execute(_RANKED, parameters)))


def _is_there(connection: sqlite3.Connection, term: str) -> bool:
    wanted = expression([[term]], "AND")
    return connection.execute("SELECT 1 FROM text WHERE text MATCH ? LIMIT 1", (wanted,)).fetchone() is not None


def _entity(row: sqlite3.Row) -> EntityRef:
    return EntityRef(row["iri"], row["curie"], row["label"], row["class"], row["definition"])


def _hit(row: sqlite3.Row) -> Hit:
    """Return what has some of the words."""
    snippets: list[tuple[Any, Field]] = [(row[f"{name}_"], name) for _, name in _FIELDS]
    # Where the label itself fits, the definition says the most; else the place that fits says why it is there.
    fitting = [] if _OPENING in row["marked"] else [one for one in snippets if _OPENING in one[0]]
    snippet, field = next(iter(fitting), snippets[0])
    return _made(row, _pieces(row["marked"]), _pieces(snippet), field)


def _near(row: sqlite3.Row) -> Hit:
    """Return what has none of the words."""
    return _made(row, _pieces(row["label"]), _pieces(row["definition"]), "meaning")


def _made(row: sqlite3.Row, label: tuple[Piece, ...], snippet: tuple[Piece, ...], field: Field) -> Hit:
    names = tuple(json.loads(row["names"]))
    return Hit(_entity(row), row["status"], row["edges"], names, label, snippet, field)


def _pieces(marked: str) -> tuple[Piece, ...]:
    """Return a text in pieces, by the marks that FTS5 put around what matches."""
    pieces = []
    for part in marked.split(_OPENING):
        match, closing, rest = part.partition(_CLOSING)
        pieces += (
            [Piece(match, is_match=True), Piece(rest, is_match=False)] if closing else [Piece(part, is_match=False)]
        )
    return tuple(piece for piece in pieces if piece.text)
