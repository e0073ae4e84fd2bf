"""How a file of the downloads is written and described."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter, RawIOBase
from pathlib import Path
from typing import IO, Final, cast

from ...records.downloads import Download, Scope
from ..checksums import sha256_of

_BUFFER: Final = 1 << 17
"""Bytes that are compressed at a time."""
_EFFORT: Final = 6
"""The level of gzip."""


def described(
    path: Path,
    title: str,
    kind: tuple[str, str, str, str],
    about: tuple[Scope, str],
    now: str,
    amount: tuple[int, str],
) -> Download:
    """Describe a file: `kind` is its format, what that is called, its media type, and what it is packed with."""
    name, label, media_type, compression = kind
    return Download(
        name=path.name,
        title=title,
        format=name,
        label=label,
        scope=about[0],
        of=about[1],
        media_type=media_type,
        compression=compression,
        size=path.stat().st_size,
        sha256=sha256_of(path),
        made=now,
        count=amount[0],
        unit=amount[1],
    )


@contextmanager
def gzipped(path: Path) -> Iterator[IO[bytes]]:
    """Write a compressed file, or what comes next in one.

    Equal content becomes equal bytes, since neither its name nor the time are in it.
    """
    with (
        path.open("ab") as file,
        gzip.GzipFile("", "wb", _EFFORT, file, mtime=0) as packed,
        # Writers of formats write a term at a time.
        BufferedWriter(cast("RawIOBase", packed), _BUFFER) as output,
    ):
        yield output
