"""What reading a file may take, whoever wrote it: its size, what it says, memory and CPU time.

Small files, and those whose reading is known to take time and memory in proportion to their size, are read in this
process; all else in another one, which the kernel stops at its limits (`store/apart.py`). Measured with pyoxigraph
0.5: JSON-LD of 30 KB, with a context inside a context, takes 10 s; RDF/XML takes time with the square of its depth and
of its attributes; its entities take 7.8 GB for 595 bytes; triple terms in one another end the process.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import zlib
from pathlib import Path
from typing import Final

from ..records.limits import ReadLimits
from ..serialization import N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from ..store.parsing import SyntaxProblem, read_ntriples
from ..store.reading import Budget, OverBudgetError, TooMuchError
from .well_formed import placed


class NotReadError(OSError):
    """A file is not read; `message` and `mend` are sentences for the user, the first without its full stop."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(errno.EINVAL, message)
        self.message = message
        self.mend = mend


_ACTUAL: list[ReadLimits] = [ReadLimits()]
_FLAT: Final = (N_TRIPLES, N_QUADS)
"""The formats without brackets."""
_LINEAR: Final = (TURTLE, TRIG, *_FLAT)
"""The formats that are read in time and memory in proportion to what they say and how deep they nest."""
_DEEP: Final = 100_000
"""How many brackets a file may have for its nesting to be harmless in any case; each level takes about 300 bytes."""
_DEEP_TERMS: Final = 500
"""Likewise for triple terms, each of which takes a part of the stack."""
_GROWTH, _ANY_GROWTH = 16, 64 << 20
"""How many times as much as its bytes a file may say, and how much any may; prefixes can make it the square."""
_BLOCK: Final = 1 << 20
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)
_ENTITY: Final = re.compile(r'<!ENTITY\s+(?:%\s*)?([^\s"\'<>&;]+)\s+"([^"]*)"')
_REFERENCE: Final = re.compile(r"&([^\s&;#]+);")


def use_limits(limits: ReadLimits) -> None:
    """Set the limits for all that this process reads from now on."""
    _ACTUAL[0] = limits


def content_of(path: Path, root: Path | None = None) -> bytes:
    """Return the bytes of a file as `bytes_of` does, those of a gzipped one unpacked.

    Raises zlib.error or EOFError where that is not gzip.
    """
    data = bytes_of(path, root)
    return _unpacked(data, _ACTUAL[0].file_mb << 20) if path.suffix.lower() == ".gz" else data


def bytes_of(path: str | Path, root: str | Path | None = None) -> bytes:
    """Return the bytes of a file.

    Raises NotReadError for what is no file, for a symbolic link out of `root`, and for a file that is larger than the
    limit; OSError where it cannot be opened.
    """
    handle = _opened(path, root)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise _no_file(status.st_mode)
        most = _ACTUAL[0].file_mb
        if status.st_size > most << 20:
            raise _too_large(f"it has {status.st_size >> 20:,} MB, and the limit is {most:,} MB")
        with open(handle, "rb", buffering=0, closefd=False) as file:
            # One that grows meanwhile is no larger for us.
            return file.read(status.st_size)
    finally:
        os.close(handle)


def _opened(path: str | Path, root: str | Path | None) -> int:
    """Open a file, without waiting for whoever would write into a FIFO."""
    try:
        return os.open(path, _FLAGS | (_NO_LINKS if root is not None else 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise _no_file(Path(path).stat().st_mode) from None
        if root is None or error.errno not in {errno.ELOOP, errno.EMLINK}:
            raise
    link = Path(path)
    if leads_out(link, Path(root)):
        where = f"out of {Path(root).name or root}, to {os.path.realpath(link)}"
        raise NotReadError(f"It is a symbolic link {where}, which is not followed", "put the file itself in its place.")
    if not link.exists():
        raise NotReadError(f"It is a symbolic link to {link.readlink()}, which is not there", "remove it.")
    return os.open(path, _FLAGS)


def leads_out(path: Path, root: Path) -> bool:
    """Tell whether a path is a symbolic link to something outside of a folder."""
    # `Path.resolve` fails where links lead in a circle.
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def read_within(text: str, syntax: Format, base: str) -> str | SyntaxProblem:
    """Return a text as N-Triples as `read_ntriples` does, within the limits; a problem says which one is met."""
    read = _read_within(text, syntax, base)
    return placed(text, read) if syntax is RDF_XML else read


def _read_within(text: str, syntax: Format, base: str) -> str | SyntaxProblem:
    limits = _ACTUAL[0]
    if syntax is RDF_XML and "<!ENTITY" in text:
        size = written_out(text)
        if size > limits.file_mb << 20:
            return _problem(
                f"its XML entities make {size:,} characters of it, and the limit is {limits.file_mb:,} MB",
                "AKB_FILE_MB",
            )
    try:
        if is_plain(text, syntax):
            return read_ntriples(text, syntax, base, max(_ANY_GROWTH, _GROWTH * len(text)))
    except TooMuchError:
        # It says far more than it has bytes; whether that is too much shows when it is read with limits.
        pass
    memory = (limits.memory_mb << 20) + 16 * len(text)
    seconds = limits.seconds * (1 + len(text) // 10_000_000)
    try:
        return read_ntriples(text, syntax, base, budget=Budget(memory, seconds))
    except OverBudgetError as error:
        if error.limit == "seconds":
            return _problem(f"it takes more than {seconds:,} seconds of CPU time", "AKB_READ_SECONDS")
        if error.limit == "nesting":
            return SyntaxProblem(1, 1, "It cannot be read: it nests too deeply", "write it with fewer levels.")
        return _problem(f"it takes more than {memory >> 20:,} MB of memory", "AKB_READ_MEMORY_MB")


def is_plain(text: str, syntax: Format) -> bool:
    """Tell whether a text can be read here: what it takes is in proportion to its size and to what it says."""
    if syntax not in _LINEAR or text.count("<<") > _DEEP_TERMS:
        return False
    return syntax in _FLAT or sum(map(text.count, "[({")) <= _DEEP


def written_out(text: str) -> int:
    """Return at least how many characters XML has when its entities are written out (XML 1.0, section 4.4)."""
    sizes: dict[str, int] = {}
    for name, value in _ENTITY.findall(text):
        sizes[name] = max(sizes.get(name, 0), _size(value, sizes))
    return _size(text, sizes)


def _size(text: str, sizes: dict[str, int]) -> int:
    return len(text) + sum(sizes.get(name, 0) for name in _REFERENCE.findall(text))


def _problem(what: str, option: str) -> SyntaxProblem:
    message = f"It cannot be read within the limits: {what}"
    return SyntaxProblem(1, 1, message, f"simplify or split it, or raise {option} if you trust it.")


def _unpacked(data: bytes, most: int) -> bytes:
    """Return the content of gzip (RFC 1952), which may have several members."""
    parts: list[bytes] = []
    size = 0
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            part = unpacker.decompress(data, _BLOCK)
            data = unpacker.unconsumed_tail
            if not part and not data and not unpacker.eof:
                raise EOFError("it ends too early")
            size += len(part)
            if size > most:
                raise _too_large(f"unpacked, it has more than {most >> 20:,} MB")
            parts.append(part)
        # Zeros may follow a member.
        data = unpacker.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _too_large(what: str) -> NotReadError:
    return NotReadError(
        f"It cannot be read within the limits: {what}", "split it, or raise AKB_FILE_MB if you trust it."
    )


def _no_file(mode: int) -> NotReadError:
    kinds = {stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
    return NotReadError(f"It is {kinds.get(stat.S_IFMT(mode), 'a device')}, and no file", "move it away.")
