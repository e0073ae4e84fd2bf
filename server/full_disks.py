"""What to say when a disk is full, whoever noticed it: the system, SQLite, or the engine of the store."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from .errors import DiskFullError

_NUMBERS: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_WORDS: Final = re.compile(r"No space left on device|File too large|\d+ requested and \d+ written")
"""What the engine of the store and numpy say, without the number of the error."""
_PATH: Final = re.compile(r"(?<=file: )/[^:\n]+")
"""Where the engine of the store names a file."""
_LITTLE: Final = 1 << 20
"""A disk with fewer bytes free is taken for the one that is full."""


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it comes from, says that a disk is full, or that a quota is used up."""
    for one in _causes(error):
        if isinstance(one, OSError) and (one.errno in _NUMBERS or _WORDS.search(str(one))):
            return True
        # An error of the module itself, and not of the library, has no code.
        if isinstance(one, sqlite3.Error) and getattr(one, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
    return False


def full_disk(error: BaseException, places: Iterable[Path] = ()) -> DiskFullError:
    """Return what is said of such an error; it names the file that was written, else a place whose disk is full."""
    named = (path for one in _causes(error) for path in _paths_in(one))
    place = next(named, None) or next((one for one in (*places, *_usual()) if _free(one) < _LITTLE), None)
    where = f"the disk that holds {place}" if place else "the disk that is written to"
    return DiskFullError(
        f"No space left on {where}. What was there is as it was.", "free some space there, and do it again."
    )


@contextmanager
def saying_where(*places: Path) -> Iterator[None]:
    """Raise DiskFullError in place of every other error that comes of a full disk; what is written goes to `places`."""
    try:
        yield
    except DiskFullError:
        raise
    except Exception as error:
        if not is_full(error):
            raise
        raise full_disk(error, places) from error


def _usual() -> Iterator[Path]:
    yield Path()
    with suppress(OSError):  # there need not be a folder for temporary files
        yield Path(tempfile.gettempdir())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = set[int]()
    # An error that was raised again may be its own cause.
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__


def _paths_in(error: BaseException) -> Iterator[str]:
    if isinstance(error, OSError):
        if isinstance(error.filename, (str, os.PathLike)):
            yield os.fspath(error.filename)
        yield from _PATH.findall(str(error))


def _free(place: Path) -> int:
    """Return how many bytes are free on the disk of a place, which need not be there yet."""
    for one in (place.absolute(), *place.absolute().parents):
        with suppress(OSError):
            return shutil.disk_usage(one).free
    return _LITTLE
