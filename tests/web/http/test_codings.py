"""Content codings (RFC 9110, sections 8.4 and 12.5.3)."""

from __future__ import annotations

import gzip
from random import Random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.http.codings import CODINGS, coding_for, compress, compressed, is_worth_it

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("identity", ""),
        ("gzip;q=0.5, identity", ""),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("identity;q=1, *;q=0", ""),
        # Nothing at all is taken: the plain form is sent rather than an error.
        ("*;q=0", ""),
        ("identity;q=0, compress", ""),
        ("zstd", ""),
        (";;q=,", ""),
    ],
)
def test_the_coding_that_a_client_likes_best(accept_encoding: str, coding: str) -> None:
    assert coding_for(accept_encoding) == coding


@given(st.text())
def test_no_header_makes_it_fail(accept_encoding: str) -> None:
    assert coding_for(accept_encoding) in {"", *CODINGS}


@given(st.lists(st.binary(max_size=500)), st.sampled_from(CODINGS))
def test_what_is_encoded_comes_back(chunks: list[bytes], coding: str) -> None:
    whole = b"".join(chunks)
    assert DECODERS[coding](compress(whole, coding)) == whole
    assert DECODERS[coding](b"".join(compressed(chunks, coding))) == whole


def test_a_long_answer_is_not_held_back_until_its_end() -> None:
    drawn, random = 0, Random(1).randbytes

    def chunks() -> object:
        nonlocal drawn
        for number in range(10_000):
            drawn = number
            yield random(100).hex().encode()

    for coding in CODINGS:
        next(compressed(chunks(), coding))
        assert drawn < 9_999


@pytest.mark.parametrize(("mimetype", "worth_it"), [("text/html", True), ("image/svg+xml", True), ("image/png", False)])
def test_what_is_compressed_already_is_not_compressed_again(mimetype: str, worth_it: bool) -> None:
    assert is_worth_it(mimetype) is worth_it
