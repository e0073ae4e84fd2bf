"""A body in any of the codings that are asked for is unpacked, within its size (RFC 9110, section 8.4.1)."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.outgoing.codings import beginning, read_body
from server.outgoing.failures import LargeError, UnreadableAnswerError


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def in_members(body: bytes) -> bytes:
    half = len(body) // 2
    return gzip.compress(body[:half]) + gzip.compress(body[half:]) + b"\0" * 5


PACKED: dict[str, list[Callable[[bytes], bytes]]] = {
    "gzip": [gzip.compress, in_members],
    "x-gzip": [gzip.compress],
    "deflate": [zlib.compress, bare, gzip.compress],
    "identity": [bytes],
}
CODINGS = st.sampled_from([(name, pack) for name, packs in PACKED.items() for pack in packs])


@given(st.binary(max_size=300).filter(lambda body: not body.startswith(b"\x1f\x8b\x08")), st.lists(CODINGS, max_size=3))
def test_any_body_comes_out_as_it_went_in(body: bytes, codings: list[tuple[str, Callable[[bytes], bytes]]]) -> None:
    packed = body
    for _, pack in codings:
        packed = pack(packed)
    named = ", ".join(name for name, _ in codings)
    assert read_body(io.BytesIO(packed).read, named, 1000) == body


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKED)))
def test_a_body_that_is_not_packed_so_is_an_error_of_ours(body: bytes, name: str) -> None:
    with suppress(UnreadableAnswerError, LargeError):
        read_body(io.BytesIO(body).read, name, 1000)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda body: gzip.compress(gzip.compress(body))])
def test_the_size_counts_unpacked(pack: Callable[[bytes], bytes]) -> None:
    body = pack(b"x" * 1001)
    named = {b"x": "identity", b"\x1f": "gzip"}[body[:1]]
    if named == "gzip" and len(gzip.decompress(body)) < 1001:
        named = "gzip, gzip"
    with pytest.raises(LargeError):
        read_body(io.BytesIO(body).read, named, 1000)
    assert len(read_body(io.BytesIO(body).read, named, 1001)) == 1001


def test_the_beginning_of_a_body_can_be_read() -> None:
    packed = gzip.compress(b"Too many requests. " * 100)
    assert beginning(packed[:30], "gzip").startswith(b"Too")
    assert beginning(b"Too many", "") == b"Too many"
    assert beginning(b"Too many", "gzip") == b""
