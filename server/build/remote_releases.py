"""Sources of releases of another machine: an address, or a folder.

Both have the layout of the folder of releases itself: `current` names a release, and each release is a folder with its
`checksums`. So a build machine may offer its own, and a bucket or a web server may hold a copy of that folder.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, Protocol, TypeVar
from urllib.parse import quote
from urllib.request import Request

from ..errors import NotFoundError, RemoteError, UnreadableError
from ..namespaces import is_web_address
from ..outgoing.client import Rules, Stream, opened
from ..outgoing.failures import NoAnswerError, OutgoingError, RefusedError, SlowError
from ..outgoing.waits import RetryError, retried

T = TypeVar("T")

_LOG = logging.getLogger("akb.follow")
_RULES: Final = Rules(idle=30, proxies=True, redirects=True)
"""A release may take any time, as long as bytes come; static files may have been moved."""
_BLOCK: Final = 1 << 18


class Source(Protocol):
    """A source of releases."""

    shown: str
    """Its name in messages."""

    def read(self, path: str, most: int) -> bytes:
        """Return a small file. Raises NotFoundError, or RemoteError when it has more than `most` bytes or none come."""
        ...

    def fetch(self, path: str, into: Path, most: int, on_bytes: Callable[[int], None]) -> None:
        """Fetch a file; the part that is in `into` already is not fetched again.

        `on_bytes` is called with the number of bytes so far. Raises as `read` does.
        """
        ...


def source_of(place: str) -> Source:
    """Return the source of an address or of a folder, as the settings name it."""
    return HttpSource(place) if is_web_address(place) else FolderSource(Path(place))


class FolderSource:
    """Releases in a folder, such as one that several machines share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.shown = str(folder)

    def read(self, path: str, most: int) -> bytes:
        """Return a small file."""
        with self._open(path) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise _too_large(f"{self._folder / path}", most)
        return data

    def fetch(self, path: str, into: Path, most: int, on_bytes: Callable[[int], None]) -> None:
        """Copy a file from where `into` ends."""
        with self._open(path) as file, into.open("ab") as out:
            file.seek(out.tell())
            _copy(file.read1, out, most, on_bytes, str(self._folder / path))

    def _open(self, path: str) -> BufferedReader:
        try:
            return (self._folder / path).open("rb")
        except FileNotFoundError as error:
            raise NotFoundError(
                f"{self._folder} has no {path}.", "name a folder that has the file `current`."
            ) from error
        except OSError as error:
            raise UnreadableError(f"{self._folder / path} cannot be read: {error.strerror}.") from error


class _FinishedError(Exception):
    """The source has no more bytes of a file; its checksum shows whether it is complete."""


class HttpSource:
    """Releases under an address: of a server that offers its own, or of static files."""

    def __init__(self, address: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._address = address
        self._sleep = sleep
        self.shown = address

    def read(self, path: str, most: int) -> bytes:
        """Return a small file."""

        def attempt() -> bytes:
            data = bytearray()
            with self._open(path, 0) as stream:
                while block := stream.read(_BLOCK):
                    data += block
                    if len(data) > most:
                        raise _too_large(self._address + path, most)
            return bytes(data)

        return self._retried(path, attempt, lambda: 0)

    def fetch(self, path: str, into: Path, most: int, on_bytes: Callable[[int], None]) -> None:
        """Fetch a file, from where `into` ends."""

        def there() -> int:
            return into.stat().st_size if into.exists() else 0

        def attempt() -> None:
            offset = there()
            with self._open(path, offset) as stream:
                goes_on = offset and (stream.headers.get("Content-Range") or "").startswith(f"bytes {offset}-")
                # A server without support for ranges sends it from the start.
                with into.open("ab" if goes_on else "wb") as out:
                    _copy(stream.read, out, most, on_bytes, self._address + path)

        with suppress(_FinishedError):
            self._retried(path, attempt, there)

    @contextmanager
    def _open(self, path: str, offset: int) -> Iterator[Stream]:
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        request = Request(self._address + quote(path), headers=headers)  # noqa: S310 - begins with http
        try:
            with opened(request, _RULES) as stream:
                yield stream
        except RefusedError as error:
            if error.status == 416:
                raise _FinishedError from error
            if error.status in {404, 410}:
                raise NotFoundError(f"{self._address} has no {path}: {error.answer}.", _MEND) from error
            if error.status == 429 or error.status >= 500:
                raise RetryError(error.answer, error.wait) from error
            raise RemoteError(f"{self._address}{path} {error}.", _MEND) from error
        except (NoAnswerError, SlowError) as error:
            raise RetryError(error) from error
        except OutgoingError as error:
            raise RemoteError(f"{self._address}{path} {error}.", _MEND) from error

    def _retried(self, path: str, attempt: Callable[[], T], there: Callable[[], int]) -> T:
        try:
            return retried(attempt, there, self._sleep, partial(self._log, path))
        except RetryError as error:
            raise RemoteError(f"{self._address}{path} cannot be fetched: {error}.", _MEND) from error

    def _log(self, path: str, reason: str, seconds: float) -> None:
        _LOG.info("%s%s: %s; another try in %.1f seconds", self._address, path, reason, seconds)


_MEND: Final = (
    "give the address that has `current`, such as http://build.example:8000/releases/ of an akb serve with "
    "AKB_OFFER_RELEASES=yes, and check that it answers."
)


def _copy(read: Callable[[int], bytes], out: IO[bytes], most: int, on_bytes: Callable[[int], None], what: str) -> None:
    while block := read(_BLOCK):
        if out.tell() + len(block) > most:
            raise _too_large(what, most)
        out.write(block)
        on_bytes(out.tell())


def _too_large(what: str, most: int) -> RemoteError:
    return RemoteError(f"{what} has more than {most:,} bytes.", "raise AKB_FOLLOW_MB, if a release may be so large.")
