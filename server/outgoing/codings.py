"""Bodies of responses: read whole, up to a size limit, and unpacked (RFC 9110, section 8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final

from .failures import LargeError, UnreadableAnswerError

ACCEPTED: Final = "gzip, deflate"
_CHUNK: Final = 65536
_GZIP: Final = b"\x1f\x8b\x08"
_ANY_HEADER: Final = zlib.MAX_WBITS | 32
"""zlib or gzip, whichever the first bytes are."""


def read_body(read: Callable[[int], bytes], content_encoding: str, most: int | None) -> bytes:
    """Return the body of an answer, unpacked; `read` returns at most so many bytes more of it, none at its end.

    Raises LargeError when it has more than `most` bytes, and UnreadableAnswerError for a coding that was not asked for
    or a body that does not have the form of its coding.
    """
    body = bytearray()
    while chunk := read(_CHUNK):
        body += chunk
        if most is not None and len(body) > most:
            raise LargeError(most)
    named = [part.strip().lower() for part in content_encoding.split(",")]
    codings = [name for name in named if name not in {"", "identity"}]
    found = bytes(body)
    for name in reversed(codings):
        if name not in {"gzip", "x-gzip", "deflate"}:
            raise UnreadableAnswerError(f"sent the coding {name!r:.100}, which was not asked for")
        found = _unpacked(found, name, most)
    # Some send a file that is packed already, and do not say so; no text begins with these bytes.
    return _unpacked(found, "gzip", most) if not codings and found.startswith(_GZIP) else found


def beginning(body: bytes, content_encoding: str) -> bytes:
    """Return what can be unpacked of the first bytes of a body, which need not be all of it."""
    if content_encoding.strip().lower() in {"", "identity"}:
        return body
    try:
        return zlib.decompressobj(_ANY_HEADER).decompress(body, _CHUNK)
    except zlib.error:
        return b""


def _unpacked(body: bytes, name: str, most: int | None) -> bytes:
    found = bytearray()
    # What is called deflate is zlib by the standard, and lacks its header from some servers.
    is_bare = name == "deflate" and not _has_header(body)
    try:
        while body:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS if is_bare else _ANY_HEADER)
            found += unpacker.decompress(body, 0 if most is None else most + 1 - len(found))
            if most is not None and len(found) > most:
                raise LargeError(most)
            if not unpacker.eof:
                raise UnreadableAnswerError(f"sent a body that ends in the midst of its coding {name}")
            # A body of several members is one text; some servers fill up with zeros.
            body = unpacker.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise UnreadableAnswerError(f"sent a body that is not in its coding {name} ({error})") from error
    return bytes(found)


def _has_header(body: bytes) -> bool:
    """Tell whether a body begins as zlib (RFC 1950, section 2.2) or gzip does."""
    is_zlib = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
    return is_zlib or body.startswith(_GZIP)
