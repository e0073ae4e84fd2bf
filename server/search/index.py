"""The search in the index of a release: what a text finds, in which order, and what it may become while it is typed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from ..errors import UnreadableError
from ..records.lists import Facet
from ..records.pages import EntityRef
from ..store.tables import Tables
from ..text.names import key_of
from ..text.words import words_of
from . import weights
from .classes import Asked, asked_of, telling
from .imprint import IMPRINT
from .lists import Lists
from .ordering import Meaning, Wanted, Word, ordered
from .records import Entry, Found, Ranked, Ranking, Suggestion
from .rows import iris_of, ranked_by_iri, ranked_by_row
from .showing import entity_of, hits_of
from .vocabulary import Vocabulary
from .words import expression, keys_of, phrase, terms_of
from .writing import FILE

_WEIGHTS: Final = (10.0, 8.0, 1.0, 3.0, 1.0, 0.5)
"""How much a word counts in each column, in their order."""
_RENOWN: Final = 0.1
"""By how much of itself a match counts more for each factor of e in the number of edges that are no references."""
_DIGITS: Final = 6
"""What has so many digits is looked up as an identifier, also where other words are with it."""
_OFFERED: Final = 10
"""How many suggestions for a text are among what a search for it finds."""

_RANKED: Final = """
SELECT text.rowid, class, status FROM text JOIN entity ON entity.id = text.rowid WHERE text MATCH ?1
ORDER BY bm25(text, {weights}) * (1 + {renown} * renown)
  * CASE WHEN EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value)) THEN {boost} ELSE 1 END, text.rowid
""".format(weights=", ".join(map(str, _WEIGHTS)), renown=_RENOWN, boost=weights.OF_CLASS)  # noqa: S608 - the numbers are ours
_NAMED: Final = """
SELECT id, class, status, MAX((key, strict_key) IN (VALUES (?1, ?3), (?2, ?4)))
FROM name JOIN entity USING (id) WHERE key IN (?1, ?2)
GROUP BY id ORDER BY id
"""
_ENTITIES: Final = """
SELECT entity.*, said.names, said.identifiers, said.notes, said.around FROM entity JOIN said USING (id)
WHERE entity.id IN (SELECT value FROM json_each(?))
"""
_AFTER: Final = f"""
SELECT entity.*, said.names AS said_names, said.identifiers, said.notes, said.around,
  (SELECT json_group_array(other) FROM edge WHERE edge.id = entity.id) AS linked,
  (SELECT json_group_array(label) FROM facet
    WHERE facet.id = entity.id AND facet IN (SELECT value FROM json_each(?2))) AS imprint,
  (SELECT COUNT(*) FROM facet WHERE facet = '{Facet.TOPIC}' AND value = curie) AS is_subject_of
FROM entity JOIN said USING (id) WHERE entity.id > ?1 ORDER BY entity.id LIMIT 1000
"""  # noqa: S608 - a name of our own
_SO_CALLED: Final = """
SELECT *, label AS typed FROM entity WHERE id IN (SELECT id FROM name WHERE key = ?1)
  AND (?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value)))
ORDER BY id LIMIT ?3
"""
_TYPED: Final = """
SELECT entity.*, suggestion.name AS typed
FROM typed JOIN suggestion ON suggestion.place = typed.rowid JOIN entity ON entity.id = suggestion.id
WHERE typed MATCH ?1 AND (?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(kinds, value)))
ORDER BY typed.rowid LIMIT ?3
"""


class SearchIndex:
    """The index of a release, open for reading; threads may share it."""

    def __init__(self, path: Path) -> None:
        self._connection = Tables(path).connection
        self._vocabulary = Vocabulary(self._connection)
        self.lists = Lists(self._connection)
        """The lists of the page classes."""

    @classmethod
    def open(cls, folder: Path) -> SearchIndex:
        """Open the index in the folder of a release. Raises UnreadableError when there is none, or it is damaged."""
        index = cls(folder / FILE)
        try:
            with index._connection() as connection:
                connection.execute("SELECT 1 FROM entity, said, name, word, suggestion, text, typed LIMIT 1")
        except sqlite3.Error as error:
            raise UnreadableError(f"{folder / FILE} cannot be read: {error}.", "run `akb build --force`.") from error
        return index

    def search(
        self, text: str, *, classes: Sequence[str] = (), statuses: Sequence[str] = (), limit: int = 20, offset: int = 0
    ) -> Found:
        """Return the entities that have the words of a text, the best match first; without words there are none.

        `classes` and `statuses` are names; an empty one does not restrict. A name that is the text comes first, then
        the score of `ordering` decides. Where few have all words, what has some is found too; what is suggested for the
        text comes after. A word that the index does not have is replaced by those that begin with it
        or have it inside, or by its likely corrections.
        """
        return self.page(self.rank(text), classes=classes, statuses=statuses, limit=limit, offset=offset)

    def rank(self, text: str, meaning: Meaning | None = None) -> Ranking:
        """Return all that `search` finds, whatever the class and status.

        With `meaning`, what is near in meaning is found too, and nearness counts.
        """
        terms = terms_of(text)
        asked = asked_of(text, self.class_names)
        vocabulary = self._vocabulary
        with self._connection() as connection:
            meant, is_otherwise = vocabulary.meant(connection, terms)
            meant = meant if is_otherwise else text
            named, namesakes = _named(connection, text, meant)
            if not terms:
                # Names may be signs alone.
                return Ranking(tuple(named), complete=len(named), leading=len(named), namesakes=namesakes)
            groups = vocabulary.groups(connection, terms_of(asked.rest))
            words = vocabulary.words(connection, groups)
            found = list[Ranked]()
            if len(words) == len(groups):
                found = self._with_all(connection, words, asked)
            is_corrected = bool(found) and any(group.is_corrected for group in groups)
            rows, is_mended = self._suggested(connection, text, _OFFERED, may_mend=is_corrected or not found)
            offers = [_of(row) for row in rows]
            first = list(map(_of, self._leading(connection, text, _OFFERED).values()))
            if is_otherwise:
                first += map(_of, self._leading(connection, meant, _OFFERED).values())
            first = list(dict.fromkeys([*first, *named]))
            complete = len({*first, *found, *([] if is_mended else offers)})
            # A needless correction would lead astray.
            sure = [group.terms for group in groups if group.terms and not group.is_corrected]
            some = vocabulary.telling(sure or [group.terms for group in groups if group.terms])
            if complete < weights.FEW and len(groups) > 1 and some:
                found += self._matching(connection, expression(some, "OR"), asked)
            is_by_imprint = vocabulary.is_by_imprint(words)
            subject = vocabulary.subject(asked.rest, words) if is_by_imprint else asked.rest
            wanted = Wanted(meant if is_corrected else subject, words, asked.marks, is_by_imprint)
            found = ordered(connection, list(dict.fromkeys(found)), wanted, meaning)
            ranked = list(dict.fromkeys([*first, *found, *offers]))
        looked_for = expression([[*(term for group in groups for term in group.terms), f"{terms[-1]}*"]], "OR")
        return Ranking(
            tuple(ranked), looked_for, meant if is_corrected else "", complete, len(first), namesakes, wanted.imprinted
        )

    def ranking_of(self, iris: Sequence[str]) -> Ranking:
        """Return a ranking of entities that are in order already, without those that the index does not have."""
        with self._connection() as connection:
            found = ranked_by_iri(connection, iris)
        return Ranking(tuple(found[iri] for iri in iris if iri in found))

    def named(self, text: str) -> tuple[EntityRef, ...]:
        """Return the entities that are called so, whatever the case; the best known first."""
        with self._connection() as connection:
            found, _ = _named(connection, text, text)
            rows = connection.execute(_ENTITIES, (json.dumps([one.row for one in found]),)).fetchall()
        return tuple(entity_of(row) for row in sorted(rows, key=lambda row: int(row["id"])))

    def iris_of(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the IRIs of entities by their rows."""
        with self._connection() as connection:
            return iris_of(connection, rows)

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
            rows = connection.execute(_ENTITIES, (json.dumps(wanted),)).fetchall()
            hits = hits_of(connection, rows, ranking.expression, ranking.imprinted)
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
        When there are none, those that have it inside a word come, or what was typed is taken for a misspelling.
        """
        with self._connection() as connection:
            rows, _ = self._suggested(connection, prefix, limit)
        return tuple(Suggestion(entity_of(row), row["typed"]) for row in rows)

    def entries(self) -> Iterator[Entry]:
        """Yield all that there is, the best known first."""
        last = 0
        while True:
            # A connection is lent for a short time only.
            with self._connection() as connection:
                rows = connection.execute(_AFTER, (last, json.dumps(IMPRINT))).fetchall()
            for row in rows:
                names, imprint, linked = (tuple(json.loads(row[name])) for name in ("other_names", "imprint", "linked"))
                yield Entry(
                    *(entity_of(row), row["status"], row["edges"], names),
                    names=row["said_names"],
                    identifiers=row["identifiers"],
                    notes=row["notes"],
                    around=row["around"],
                    imprint=imprint,
                    linked=linked,
                    kinds=tuple(filter(None, row["kinds"].split("\n"))),
                    renown=row["renown"],
                    cited=row["cited"],
                    is_subject_of=row["is_subject_of"],
                )
            if not rows:
                return
            last = rows[-1]["id"]

    @cached_property
    def statuses(self) -> tuple[str, ...]:
        """The names of the statuses that there are."""
        with self._connection() as connection:
            return tuple(row[0] for row in connection.execute("SELECT DISTINCT status FROM entity ORDER BY status"))

    @cached_property
    def class_names(self) -> frozenset[str]:
        """The names of classes that tell entities apart."""
        with self._connection() as connection:
            return telling(row[0] for row in connection.execute("SELECT DISTINCT kinds FROM entity"))

    def _matching(self, connection: sqlite3.Connection, wanted: str, asked: Asked) -> list[Ranked]:
        """Return what fits an expression, in the order of BM25."""
        cursor = connection.cursor()
        cursor.row_factory = None
        return list(map(Ranked._make, cursor.execute(_RANKED, (wanted, json.dumps(asked.marks)))))

    def _with_all(self, connection: sqlite3.Connection, words: Sequence[Word], asked: Asked) -> list[Ranked]:
        """Return what has all words; the name of an author, or the like, may be in the imprint of a work alone."""
        found = self._matching(connection, self._vocabulary.all_of([word.terms for word in words]), asked)
        imprinted = [word.imprinted for word in words if word.imprinted]
        if imprinted:
            works = frozenset.intersection(*imprinted)
            others = [word.terms for word in words if not word.imprinted]
            if others:
                works &= {one.row for one in self._matching(connection, self._vocabulary.all_of(others), asked)}
            found = [*ranked_by_row(connection, list(works)), *found]
        return found

    def _leading(self, connection: sqlite3.Connection, text: str, limit: int) -> dict[int, sqlite3.Row]:
        """Return what is called as a text, or has an identifier in it, then what has a name that begins with it.

        Where the text names a class, what is of that class and is called so without it comes after.
        """
        found: dict[int, sqlite3.Row] = {}
        asked = asked_of(text, self.class_names)
        for sought, marks in ((text, ()), (asked.rest, asked.marks)) if asked.kinds else ((text, ()),):
            key = key_of(sought)
            called = connection.execute(_SO_CALLED, (key, json.dumps(marks) if marks else None, limit)).fetchall()
            # Who types a name of one thing does not look for another whose id happens to be that.
            called.sort(
                key=lambda row: (key_of(row["label"]) != key, key not in map(key_of, json.loads(row["other_names"])))
            )
            for part in _identifiers_in(sought) if not called else ():
                called += connection.execute(_SO_CALLED, (key_of(part), None, limit)).fetchall()
            found |= {**{row["id"]: row for row in called}, **found}
            if words := " ".join(words_of(sought)):
                found |= {**_typed(connection, f"^ {phrase(f'{words}*')}", limit, marks), **found}
        return found

    def _suggested(
        self, connection: sqlite3.Connection, prefix: str, limit: int, *, may_mend: bool = True
    ) -> tuple[list[sqlite3.Row], bool]:
        """Return the rows of what is suggested, see `suggest`, and whether what was typed had to be mended for that."""
        words = words_of(prefix)
        if not words:
            return connection.execute(_SO_CALLED, (key_of(prefix), None, limit)).fetchall(), False
        found = self._leading(connection, prefix, limit)
        asked = asked_of(prefix, self.class_names)
        for sought, marks in ((words, ()), (words_of(asked.rest), asked.marks)) if asked.kinds else ((words, ()),):
            if len(found) < limit:
                everywhere = expression([*([word] for word in sought[:-1]), [f"{sought[-1]}*"]], "AND")
                found |= {**_typed(connection, everywhere, limit * 2, marks), **found}
        is_mended = not found and may_mend
        if is_mended:
            vocabulary = self._vocabulary
            meant, _ = vocabulary.meant(connection, terms_of(prefix))
            found = self._leading(connection, meant, limit)
            *whole, last = words
            groups = [group.terms for group in vocabulary.groups(connection, whole)]
            inside = vocabulary.spelling.with_inside(last)
            groups.append(inside or [f"{start}*" for start in (*vocabulary.spelling.beginning(last), last)])
            if all(groups):
                found |= {**_typed(connection, expression(groups, "AND"), limit), **found}
        return list(found.values())[:limit], is_mended


def _typed(
    connection: sqlite3.Connection, wanted: str, limit: int, marks: Sequence[str] = ()
) -> dict[int, sqlite3.Row]:
    """Return the first row of each entity that fits an expression, and is of a class with one of the marks, if any."""
    found: dict[int, sqlite3.Row] = {}
    for row in connection.execute(_TYPED, (wanted, json.dumps(marks) if marks else None, limit)):
        found.setdefault(row["id"], row)
    return found


def _named(connection: sqlite3.Connection, text: str, meant: str) -> tuple[list[Ranked], frozenset[int]]:
    """Return what is called like a text, or like what it means; and which of it has its punctuation too."""
    [one, strict], [other, other_strict] = keys_of(text), keys_of(meant)
    rows = connection.execute(_NAMED, (one, other, strict, other_strict)).fetchall()
    return [Ranked(*row[:3]) for row in map(tuple, rows)], frozenset(row[0] for row in rows if row[3])


def _identifiers_in(text: str) -> list[str]:
    """Return what may be an identifier in a text: as it is, without what is before its colon, and as an address ends.

    So `doi:10.1016/j.x.2024` and `https://arxiv.org/abs/2305.18290` are found.
    """
    found = list[str]()
    for part in text.split():
        path = part.partition("://")[2].partition("/")[2]
        found += [part, part.partition(":")[2], path, path.rpartition("/")[2]]
    return [one for one in dict.fromkeys(found) if sum(map(str.isdigit, one)) >= _DIGITS]


def _of(row: sqlite3.Row) -> Ranked:
    return Ranked(row["id"], row["class"], row["status"])
