"""Which parts of a query leave nothing: the fewest, and no others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sparql.parts import Piece, core_of, take_to_pieces

PREFIXES = {"": "http://example.org/"}


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("SELECT * { ?s a :C ; :p ?o , 1 FILTER(?o > 1) }", ["?s a :C", "?s :p ?o", "?s :p 1", "FILTER(?o > 1)"]),
        (
            "ASK { ?s :p [ :q 1 ] . ?s :r ?t OPTIONAL { ?t :u ?v } }",
            ["?s :p [ :q 1 ]", "?s :r ?t", "OPTIONAL { ?t :u ?v }"],
        ),
        ("SELECT * { { SELECT ?s { ?s :p 1 } } }", ["{ SELECT ?s { ?s :p 1 } }"]),
        ("SELECT * { SELECT ?s { ?s :p 1 } }", ["?s :p 1"]),
        ("CONSTRUCT { ?s :q 1 } WHERE { GRAPH :g { ?s :p 1 } }", ["GRAPH :g { ?s :p 1 }"]),
    ],
)
def test_a_query_is_taken_to_pieces(query: str, parts: list[str]) -> None:
    taken = take_to_pieces(query, PREFIXES, None)
    assert [piece.text for piece in taken.pieces()] == parts
    assert [query[piece.start : piece.end] for piece in taken.pieces() if piece.kind != "triple"] == [
        piece.text for piece in taken.pieces() if piece.kind != "triple"
    ] or "[" in query


def test_what_is_inside_of_graph_is_asked_within_it() -> None:
    taken = take_to_pieces("SELECT * { GRAPH :g { { ?s :p 1 } UNION { ?s :q 2 } } }", PREFIXES, None)
    [inner] = taken.within(taken.pieces()[0])
    arms = inner.within(inner.pieces()[0])
    assert [" ".join(arm.asking(arm.pieces()).split()) for arm in arms] == [
        "SELECT (1 AS ?found) WHERE { { GRAPH :g { ?s :p 1 . } } } LIMIT 1",
        "SELECT (1 AS ?found) WHERE { { GRAPH :g { ?s :q 2 . } } } LIMIT 1",
    ]


KINDS = st.sampled_from(["triple", "triple", "group", "filter", "minus", "bind", "optional"])
SETS = st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=3), max_size=3)


@given(st.lists(KINDS, min_size=1, max_size=7), SETS)
def test_what_is_returned_finds_nothing_and_less_of_it_does(kinds: list[str], conflicts: list[set[int]]) -> None:
    pieces = [Piece(kind, str(at), at, at) for at, kind in enumerate(kinds)]
    # Neither leaves nothing by itself (SPARQL 1.1 Query, sections 6 and 10.1).
    harmless = {piece.start for piece in pieces if piece.kind in {"bind", "optional"}}
    conflicts = [conflict - harmless for conflict in conflicts if conflict - harmless]

    def finds(chosen: Sequence[Piece]) -> bool:
        return not any(conflict <= {piece.start for piece in chosen} for conflict in conflicts)

    core = core_of(pieces, finds)
    filters = {piece.start for piece in core if piece.kind in {"filter", "minus"}}
    if not core:
        assert finds([piece for piece in pieces if piece.kind not in {"bind", "optional"}])
        return
    # Filters are to blame beside all that joins.
    beside = [] if not filters else [piece for piece in pieces if piece.kind not in {"filter", "minus"}]
    assert not finds([*beside, *core])
    for piece in core:
        assert finds([*beside, *(one for one in core if one is not piece)])


def test_what_is_not_known_is_not_blamed() -> None:
    pieces = [Piece("triple", str(at), at, at) for at in range(3)]
    assert core_of(pieces, lambda _: None) == []
    assert core_of(pieces, lambda chosen: False if len(chosen) == 3 else None) == pieces
