"""What to write in the place of a filter that leaves nothing: another case, language, form of a value, or a year.

A filter is changed by its tokens, and a change is proposed where the patterns of the query then find something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ..sparql.lexer import Token, tokens
from ..sparql.parts import Piece
from ..sparql.solutions import literal
from ..sparql.terms import lexical

Rows = Callable[[str, str, str], list[tuple[str, ...]]]
"""Asks what the patterns beside the filter find: what to project, what to add to them, and LIMIT and the like."""
Short = Callable[[str], str]
"""Returns a term as a query writes it."""

_HOLDING: Final = ("CONTAINS", "STRSTARTS", "STRENDS", "REGEX")
_LIMIT: Final = "LIMIT 3"


def values_before(piece: Piece, rows: Rows, short: Short) -> Iterator[str]:
    """Yield what the variables of a filter are before it, by a few values each."""
    for name in dict.fromkeys(token.text[1:] for token in tokens(piece.text) if token.kind == "var"):
        found = [short(row[0]) for row in rows(f"DISTINCT ?{name}", f"FILTER(BOUND(?{name}))", _LIMIT)]
        if found:
            yield f"Before it, ?{name} is such as {', '.join(value[:80] for value in found)}."
        else:
            yield f"?{name} is bound by none of the patterns beside it."


def changed_filters(piece: Piece, rows: Rows, short: Short) -> Iterator[tuple[str, Piece, str]]:
    """Yield other texts for a filter, each with a sentence."""
    cut = [token for token in tokens(piece.text) if token.kind != "space"]
    for told, start, end, text in _changes(cut, piece.text, rows, short):
        changed = piece.text[:start] + text + piece.text[end:]
        if rows("(1 AS ?found)", changed, "LIMIT 1"):
            yield told, piece, changed


def _changes(cut: list[Token], text: str, rows: Rows, short: Short) -> Iterator[tuple[str, int, int, str]]:
    """Yield sentences, each with a part of the text and what to write for it."""
    for at, token in enumerate(cut):
        if token.kind == "string":
            end = _end_of_literal(cut, at)
            yield from _other_values(cut, at, text[token.start : end], end, rows, short)
            yield from _other_case(cut, at, text, end)
        elif token.kind == "var" and any(one.kind == "number" for one in cut):
            year = f"xsd:integer(SUBSTR(STR({token.text}), 1, 4))"
            yield f"Compare the year, {year}: {token.text} is a date.", token.start, token.end, year


def _other_values(
    cut: list[Token], at: int, written: str, end: int, rows: Rows, short: Short
) -> Iterator[tuple[str, int, int, str]]:
    """Yield what a variable is in the place of the literal that it is compared with."""
    start, value = cut[at].start, lexical(written)
    before = [token.text.upper() for token in cut[max(0, at - 5) : at]]
    if value is None:
        return
    small = literal(value.lower())
    if "LANG" in before:
        name = next(token.text for token in reversed(cut[:at]) if token.kind == "var")
        for (tag,) in rows(f"DISTINCT (LANG({name}) AS ?tag)", "", _LIMIT):
            yield f"Write {tag}: that is a language of {name}, and not {written}.", start, end, tag
        return
    beside = [cut[at - 2]] if before[-1:] == ["="] else [one for one in cut[at + 1 : at + 3] if before[-1:] == ["("]]
    for variable in (one for one in beside if one.kind == "var"):
        name = variable.text
        same = f"FILTER(LCASE(STR({name})) = {small})"
        called = f"FILTER(isIRI({name})) {name} ?called ?so FILTER(isLiteral(?so) && LCASE(STR(?so)) = {small})"
        for more in (same, called):
            for row in rows(f"DISTINCT {name}", more, _LIMIT):
                yield f"Write {short(row[0])}: so the data have it, and not {written}.", start, end, short(row[0])


def _other_case(cut: list[Token], at: int, text: str, end: int) -> Iterator[tuple[str, int, int, str]]:
    """Yield a comparison of what a function looks into without regard to capitals."""
    opening = next((place for place in range(at - 1, 0, -1) if cut[place].is_mark("(")), 0)
    while opening and not cut[opening - 1].is_word(*_HOLDING):
        opening = next((place for place in range(opening - 1, 0, -1) if cut[place].is_mark("(")), 0)
    value = lexical(text[cut[at].start : end])
    if not opening or value is None or not cut[at - 1].is_mark(","):
        return
    function = cut[opening - 1]
    looked = text[cut[opening].end : cut[at - 1].start].strip()
    if function.is_word("REGEX"):
        yield 'Add the flag "i": capitals differ.', function.start, end, f'REGEX(STR({looked}), {literal(value)}, "i"'
        return
    small = f"{function.text}(LCASE(STR({looked})), {literal(value.lower())}"
    yield "Compare without regard to capitals.", function.start, end, small


def _end_of_literal(cut: list[Token], at: int) -> int:
    """Return where the literal ends that begins with a string."""
    after = cut[at + 1 : at + 4]
    if after and after[0].kind == "langtag":
        return after[0].end
    if len(after) == 3 and after[0].is_mark("^") and after[1].is_mark("^"):
        return after[2].end
    return cut[at].end
