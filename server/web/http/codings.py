"""Content codings: brotli and gzip, for whoever takes them (RFC 9110, sections 8.4 and 12.5.3)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, Final, cast

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

CODINGS: Final = ("br", "gzip")
"""What there is beside the plain form, the best first."""
_EFFORT: Final = {"br": 5, "gzip": 6}
"""How hard we try: more takes ten times as long, for some hundredths of the size."""
_COMPACT: Final = ("image/png", "image/jpeg", "font/", "application/zip")


# Clients send few different headers.
@lru_cache(maxsize=256)
def coding_for(accept_encoding: str) -> str:
    """Return the coding that a client prefers, or an empty string for none.

    Where a client takes nothing at all, not even the plain form, it gets that, as section 12.5.3 allows.
    """
    accepted = parse_accept_header(accept_encoding, Accept)
    plain = accepted["identity"] if "identity" in dict(accepted) else 0
    best = max(CODINGS, key=lambda coding: accepted[coding])
    return best if accepted[best] > 0 and accepted[best] >= plain else ""


def is_worth_it(mimetype: str) -> bool:
    """Tell whether content of a media type gets smaller: what is compressed already does not."""
    return not mimetype.startswith(_COMPACT)


def compress(data: bytes, coding: str) -> bytes:
    """Return data in a coding, in one piece."""
    if coding == "br":
        done: bytes = brotli.compress(data, quality=_EFFORT[coding])
        return done
    # Equal data are to be equal bytes, so no time of compression in them.
    return gzip.compress(data, _EFFORT[coding], mtime=0)


@contextmanager
def encoded(output: IO[bytes], coding: str) -> Iterator[IO[bytes]]:
    """Give a file into which data are written, which come to `output` in a coding; an empty one stands for none."""
    if not coding:
        yield output
    elif coding == "gzip":
        with gzip.GzipFile(fileobj=output, mode="wb", compresslevel=_EFFORT[coding], mtime=0) as file:
            yield cast("IO[bytes]", file)
    else:
        writer = _BrotliWriter(output)
        yield cast("IO[bytes]", writer)
        output.write(writer.encoder.finish())


class _BrotliWriter:
    """Writes data to a file in brotli."""

    def __init__(self, output: IO[bytes]) -> None:
        self.encoder = brotli.Compressor(quality=_EFFORT["br"])
        self._output = output

    def write(self, data: bytes) -> int:
        self._output.write(self.encoder.process(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what the encoder holds comes at the end."""


def compressed(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield data in a coding, piece by piece."""
    if coding == "br":
        encoder = brotli.Compressor(quality=_EFFORT[coding])
        for chunk in chunks:
            # Left to itself it holds back megabytes.
            yield encoder.process(chunk) + encoder.flush()
        yield encoder.finish()
    else:
        # 16 more than the bits of the window asks for gzip's frame.
        deflate = zlib.compressobj(_EFFORT[coding], wbits=16 + zlib.MAX_WBITS)
        yield from filter(None, map(deflate.compress, chunks))
        yield deflate.flush()
