"""SQLite files of a release, open for reading: what is looked up by key, and the text index."""

from __future__ import annotations

import sqlite3
import time
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ..errors import TimeLimitError

_MAPPED: Final = (1 << 31) - 1
"""Bytes of a file that are mapped into memory, which processes share, and not copied into that of each."""
_SECONDS: Final = 20
_STEPS: Final = 100_000
"""After how many steps of SQLite's machine the clock is looked at: some milliseconds."""


class Tables:
    """An SQLite file that nobody changes any more; threads may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # A connection serves one thread at a time; there are as many as ever were wanted at once.
        self._idle: deque[sqlite3.Connection] = deque()
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection, whose rows know the names of their columns.

        Raises sqlite3.Error when there is no file, and TimeLimitError when what is asked takes unreasonably long.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            # A release never changes: no locks are needed, and nothing is written beside it.
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
            # There need not be a folder that may be written.
            connection.execute("PRAGMA temp_store = MEMORY")
        deadline = time.monotonic() + _SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise TimeLimitError(
                f"The look-up took longer than {_SECONDS} seconds and was stopped.", "use fewer or rarer words."
            ) from error
        finally:
            self._idle.append(connection)


def _close(connections: deque[sqlite3.Connection]) -> None:
    while connections:
        connections.pop().close()
