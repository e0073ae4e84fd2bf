"""Why a query finds nothing: which of its patterns leave nothing, and what to write in their place.

Patterns are dropped one after the other until what is left finds something (`sparql/parts.py`); then the terms of those
that are to blame are held against the data. Whatever is proposed was tried: with it the pattern finds something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import AkbError, QueryError
from ..records.empty_answers import Change, Emptied
from ..sparql.parts import Piece, Taken, core_of, take_to_pieces
from ..sparql.triples import Part
from .filters_of_queries import changed_filters, values_before
from .query_data import Data
from .terms_of_queries import OtherTerms

_MOST: Final = 4
"""How many changes are proposed."""
_AROUND: Final = (20, 10, 5, 2, 0)
"""Characters on each side by which a place is found again."""


def why_empty(
    query: str, original: str, base: str | None, data: Data, expand: Callable[[str], str] = lambda query: query
) -> Emptied | None:
    """Return why a query finds nothing; None where that cannot be told.

    `query` has its calls answered; `original` is what its author wrote, and `expand` answers the calls of another.
    """
    try:
        taken = take_to_pieces(query, data.namespaces.prefixes(), base)
    except QueryError:
        return None
    return _Search(taken, original, data, expand, OtherTerms(data)).emptied(taken)


@dataclass
class _Search:
    whole: Taken
    original: str
    data: Data
    expand: Callable[[str], str]
    other: OtherTerms

    def emptied(self, taken: Taken) -> Emptied | None:
        def finds(pieces: Sequence[Piece]) -> bool | None:
            rows = self.data.rows(taken.asking(pieces))
            return None if rows is None else bool(rows)

        pieces = taken.pieces()
        if not pieces:
            return None
        core = core_of(pieces, finds)
        if not core:
            return self.after_all(taken, pieces) if taken is self.whole else None
        if len(core) == 1 and (inner := taken.within(core[0])):
            # None of the arms of UNION finds anything; why the first does not is told.
            found = next(filter(None, map(self.emptied, inner)), None)
            if found is not None:
                return found
        self.other.said = [self.blame(core)]
        changes: list[Change] = []
        tried: set[str] = set()
        for told, part, text in self.proposals(taken, pieces, core):
            if told not in tried:
                tried.add(told)
                changes.append(Change(told, *self.changed(part, text)))
            if len(changes) == _MOST:
                break
        changes.sort(key=lambda one: not one.finds)
        patterns, said = tuple(one.shown for one in core), tuple(dict.fromkeys(self.other.said))
        return Emptied(patterns, said, tuple(changes), is_whole=not self.data.missed)

    def after_all(self, taken: Taken, pieces: Sequence[Piece]) -> Emptied | None:
        """Return that the patterns do find something, where that is so: LIMIT, OFFSET or HAVING left nothing of it."""
        rows = self.data.rows(taken.asking(pieces))
        if not rows:
            return None
        text = "The patterns find something; LIMIT 0, OFFSET, HAVING or the subquery leaves nothing of it."
        return Emptied((), (text,), (), is_whole=True)

    def blame(self, core: Sequence[Piece]) -> str:
        if self.data.missed:
            return "Together these find nothing; there was no time to tell whether fewer are to blame."
        if len(core) > 1:
            return "Each of these finds something, and together they find nothing."
        if core[0].kind in {"filter", "minus"}:
            return f"This {core[0].kind.upper()} leaves nothing of what the patterns find."
        if core[0].kind == "values":
            return "There is no row here: what was asked of SERVICE found nothing, or no row was written."
        return "Nothing in the data fits this pattern."

    def proposals(
        self, taken: Taken, pieces: Sequence[Piece], core: Sequence[Piece]
    ) -> Iterator[tuple[str, Part | Piece, str]]:
        """Yield what to write: a sentence, what it replaces, and the new text."""
        if core[0].kind == "filter":
            rest = [piece for piece in pieces if piece.kind not in {"filter", "minus"}]

            def rows(what: str, more: str, end: str) -> list[tuple[str, ...]]:
                return self.data.rows(taken.asking(rest, what, more, end)) or []

            for piece in core:
                self.other.said += values_before(piece, rows, self.data.short)
                yield from changed_filters(piece, rows, self.data.short)
            return
        for piece in core:
            if piece.triple is not None:
                rest = [one for one in core if one is not piece]
                for told, part, text in self.other.of(taken, piece, rest):
                    if self.data.rows(taken.asking([*rest, piece.with_part(part, text)])):
                        yield told, part, text
        if len(core) == 1 and core[0].triple is not None:
            self.other.said += self.other.around(taken, core[0])

    def changed(self, part: Part | Piece, text: str) -> tuple[str, bool]:
        """Return the query as its author wrote it with another text for a part, and whether it then finds something."""
        changed = self.written(part, text)
        try:
            whole = take_to_pieces(self.expand(changed), self.data.namespaces.prefixes(), self.whole.prologue.base)
        except AkbError:
            return "", False
        return changed, bool(changed and self.data.rows(whole.asking(whole.pieces())))

    def written(self, part: Part | Piece, text: str) -> str:
        """Return the query as its author wrote it with another text for a part; empty where its place is not found."""
        query = self.whole.query
        before, old, after = query[: part.start], query[part.start : part.end], query[part.end :]
        if query == self.original:
            return before + text + after
        # Calls were answered in between, so places are not the same; what is around the part is.
        for width in _AROUND:
            start, end = before[len(before) - width :], after[:width]
            if self.original.count(start + old + end) == 1:
                return self.original.replace(start + old + end, start + text + end)
        return ""
