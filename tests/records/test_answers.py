"""Answers that are cited: one text for one answer, whatever its order."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from server.records.answers import answer_of, difference

CELLS = st.sampled_from(["<urn:a>", "<urn:b>", '"x"@en', "1.5", ""])
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=6)


def tsv(rows: list[tuple[str, ...]]) -> str:
    return "".join("\t".join(row) + "\n" for row in [("?a", "?b"), *rows])


@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str]], random: object) -> None:
    other = [*rows]
    random.shuffle(other)
    assert answer_of("solutions", tsv(rows)) == answer_of("solutions", tsv(other))
    assert not difference(answer_of("solutions", tsv(rows)), answer_of("solutions", tsv(other)))


@given(ROWS, ROWS)
def test_the_rows_that_came_and_went_lead_from_one_to_the_other(
    then: list[tuple[str, str]], now: list[tuple[str, str]]
) -> None:
    before, after = answer_of("solutions", tsv(then)), answer_of("solutions", tsv(now))
    found = difference(before, after)
    assert sorted([*after.lines, *found.gone]) == sorted([*before.lines, *found.came])
    assert not {*found.gone} & {*found.came}


def test_the_hash_is_that_of_the_sorted_text() -> None:
    text = "?a\t?b\n<urn:b>\t1\n<urn:a>\t\n"
    assert answer_of("solutions", text).hash == hashlib.sha256(b"?a\t?b\n<urn:a>\t\n<urn:b>\t1\n").hexdigest()
    triples = '<urn:b> <urn:p> "\u2028" .\n<urn:a> <urn:p> "1" .\n'
    assert answer_of("triples", triples).lines == ('<urn:a> <urn:p> "1" .', '<urn:b> <urn:p> "\u2028" .')
    assert answer_of("boolean", "true").hash == hashlib.sha256(b"true\n").hexdigest()
    assert answer_of("solutions", "\n\n\n").lines == ("", ""), "two rows without variables"


def test_blank_nodes_are_alike_and_texts_that_look_so_are_not() -> None:
    one, other = (answer_of("solutions", f'?a\t?b\n_:{name}\t"_:x"\n') for name in ("b0", "riog00001"))
    assert one == other
    assert one.lines == ('_:\t"_:x"',)
    triples = answer_of("triples", '_:a <urn:p> _:b .\n_:a <urn:p> "x _:y ." .\n')
    assert triples.lines == ('_: <urn:p> "x _:y ." .', "_: <urn:p> _: .")
