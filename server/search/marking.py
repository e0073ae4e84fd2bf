"""Marks in texts what was looked for, and cuts out the part of a long text that has the most of it.

Which words fit an expression FTS5 alone knows, so it is asked: a table in memory gets the pieces of the few texts that
are shown, and its auxiliary function highlight (FTS5, section 5.1.2) says which of them fit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from ..text.forms import composed
from ..text.words import pieces_of, places_of, words_of
from .records import Piece

_LONGEST: Final = 32
"""Pieces of words in a snippet."""
_OPENING, _CLOSING = "\x02", "\x03"

Places = Mapping[int, list[tuple[int, int]]]
"""Of each text that fits, by its number, which pieces do: the first and the one behind the last of each match."""


def matches(connection: sqlite3.Connection, wanted: str, texts: Mapping[int, str]) -> Places:
    """Return where texts fit an expression; those that do not are left out."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.shown USING fts5(text, tokenize = 'porter ascii')")
    connection.execute("DELETE FROM temp.shown")
    rows = ((number, " ".join(pieces_of(words_of(text)))) for number, text in texts.items())
    connection.executemany("INSERT INTO temp.shown (rowid, text) VALUES (?, ?)", rows)
    query = "SELECT rowid, highlight(shown, 0, char(2), char(3)) FROM temp.shown WHERE shown MATCH ?"
    return {number: _ranges(marked) for number, marked in connection.execute(query, (wanted,)).fetchall()}


def marked(text: str, ranges: list[tuple[int, int]], *, is_whole: bool = False) -> tuple[Piece, ...]:
    """Return a text in pieces by what fits; if it is long, only the part with the most, unless `is_whole` says so."""
    text = composed(text)
    if is_whole and not ranges:
        return (Piece(text, is_match=False),) if text else ()
    places = places_of(text)
    start, end = (0, len(places)) if is_whole else _best(len(places), ranges)
    opening = places[start][0] if start else 0
    closing = places[end - 1][1] if end < len(places) else len(text)
    found, at = list[Piece](), opening
    for first, behind in ranges:
        if start <= first and behind <= end:
            one, other = max(places[first][0], at), max(places[behind - 1][1], at)
            # Groups of letters overlap, so two matches may touch each other.
            found += [Piece(text[at:one], is_match=False), Piece(text[one:other], is_match=True)]
            at = other
    found.append(Piece(text[at:closing], is_match=False))
    before, after = "…" if opening else "", "…" if closing < len(text) else ""
    shown = [Piece(before, is_match=False), *found, Piece(after, is_match=False)]
    return tuple(piece for piece in shown if piece.text)


def _ranges(marked_pieces: str) -> list[tuple[int, int]]:
    found, first = [], 0
    for place, piece in enumerate(marked_pieces.split(" ")):
        if piece.startswith(_OPENING):
            first = place
        if piece.endswith(_CLOSING):
            found.append((first, place + 1))
    return found


def _best(count: int, ranges: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the first and the one behind the last of the pieces with the most matches, of those the first."""
    if count <= _LONGEST:
        return 0, count
    matching = [0] * count
    for first, behind in ranges:
        if behind - first <= _LONGEST:
            matching[behind - 1] = 1
    sums = list(accumulate(matching, initial=0))
    starts = [0, *(max(0, min(first, count - _LONGEST)) for first, _ in ranges)]
    best = max(starts, key=lambda start: (sums[min(start + _LONGEST, count)] - sums[start], -start))
    return best, min(best + _LONGEST, count)
