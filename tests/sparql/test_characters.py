"""The text of a query as it comes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sparql.characters import decoded, odd_characters, without_mark
from server.sparql.lexer import tokens

QUERY = "SELECT * { ?s skos:prefLabel '对齐'@zh }\n"


@pytest.mark.parametrize(
    "data",
    [
        QUERY.encode(),
        codecs.BOM_UTF8 + QUERY.encode(),
        codecs.BOM_UTF16_LE + QUERY.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + QUERY.encode("utf-16-be"),
    ],
)
def test_a_file_is_read_whatever_mark_it_begins_with(data: bytes) -> None:
    assert decoded(data) == QUERY


@pytest.mark.parametrize("data", [b"\xff", codecs.BOM_UTF16_LE + b"\x00\xd8"])
def test_what_is_in_no_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(data)


@given(st.text())
def test_a_mark_is_one_at_the_beginning_only(text: str) -> None:
    assert without_mark(f"\ufeff{text}") == text
    assert without_mark(f"a{text}\ufeff") == f"a{text}\ufeff"


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_odd_characters_have_their_places_and_words(text: str) -> None:
    found = [*odd_characters(tokens(text))]
    assert [text[one.offset] for one in found] == [one.character for one in found]
    assert [one.offset for one in found] == sorted({one.offset for one in found})
    for one in found:
        assert one.name.startswith(f"U+{ord(one.character):04X} (")
        assert one.mend.endswith(".")
