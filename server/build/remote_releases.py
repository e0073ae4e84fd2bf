"""Sources of releases of another machine: an address, or a folder.

Both have the layout of the folder of releases itself: `current` names a release, and each release is a folder with its
`checksums`. So a build machine may offer its own, and a bucket or a web server may hold a copy of that folder.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPException, HTTPResponse
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import IO, Final, Protocol, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from ..errors import NotFoundError, RemoteError, UnreadableError

T = TypeVar("T")

_LOG = logging.getLogger("akb.follow")
_WAITS: Final = (0.5, 1.0, 2.0, 4.0)
"""Approximate seconds before each retry; after the last one the error is raised."""
_TIMEOUT: Final = 30
"""Seconds without a byte after which a try is aborted."""
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
    return HttpSource(place) if place.startswith(("http://", "https://")) else FolderSource(Path(place))


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
            _copy(file, out, most, on_bytes, str(self._folder / path))

    def _open(self, path: str) -> BufferedReader:
        try:
            return (self._folder / path).open("rb")
        except FileNotFoundError as error:
            raise NotFoundError(
                f"{self._folder} has no {path}.", "name a folder that has the file `current`."
            ) from error
        except OSError as error:
            raise UnreadableError(f"{self._folder / path} cannot be read: {error.strerror}.") from error


class _TransientError(Exception):
    """An error that may be temporary."""


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
            with closing(self._open(path, 0)) as response:
                data = response.read(most + 1)
                if len(data) > most:
                    raise _too_large(self._address + path, most)
                if response.length:
                    raise _TransientError("the answer was cut short")
                return data

        return self._tried(path, attempt, lambda: 0)

    def fetch(self, path: str, into: Path, most: int, on_bytes: Callable[[int], None]) -> None:
        """Fetch a file from where `into` ends, by a range request (RFC 9110, section 14.2)."""

        def there() -> int:
            return into.stat().st_size if into.exists() else 0

        def attempt() -> None:
            offset = there()
            with closing(self._open(path, offset)) as response:
                goes_on = offset and response.headers.get("Content-Range", "").startswith(f"bytes {offset}-")
                # A server without support for ranges sends it from the start.
                with into.open("ab" if goes_on else "wb") as out:
                    _copy(response, out, most, on_bytes, self._address + path)
                if response.length:
                    raise _TransientError("the answer was cut short")

        with suppress(_FinishedError):
            self._tried(path, attempt, there)

    def _open(self, path: str, offset: int) -> HTTPResponse:
        headers = {"Accept-Encoding": "identity", "User-Agent": "akb"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        request = Request(self._address + quote(path), headers=headers)  # noqa: S310 - begins with http
        try:
            response: HTTPResponse = urlopen(request, timeout=_TIMEOUT)  # noqa: S310 - likewise
        except HTTPError as error:
            error.close()
            if error.code == 416:
                raise _FinishedError from error
            if error.code in {404, 410}:
                raise NotFoundError(f"{self._address} has no {path}: {error.code} {error.reason}.", _MEND) from error
            if error.code == 429 or error.code >= 500:
                raise _TransientError(f"{error.code} {error.reason}") from error
            raise RemoteError(f"{self._address}{path} answers {error.code} {error.reason}.", _MEND) from error
        return response

    def _tried(self, path: str, attempt: Callable[[], T], there: Callable[[], int]) -> T:
        """Retry until it succeeds; wait longer after each try without progress, up to a number of them."""
        failed, had = 0, there()
        while True:
            try:
                return attempt()
            except (_TransientError, URLError, HTTPException, OSError, ValueError) as error:
                reason = getattr(error, "reason", None) or error
                has = there()
                failed, had = (1 if has > had else failed + 1), has
                if failed > len(_WAITS):
                    raise RemoteError(f"{self._address}{path} cannot be fetched: {reason}.", _MEND) from error
                wait = _WAITS[failed - 1] * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not cryptography
                _LOG.info("%s%s: %s; another try in %.1f seconds", self._address, path, reason, wait)
                self._sleep(wait)


_MEND: Final = (
    "give the address that has `current`, such as http://build.example:8000/releases/ of an akb serve with "
    "AKB_OFFER_RELEASES=yes, and check that it answers."
)


def _copy(file: BufferedIOBase, out: IO[bytes], most: int, on_bytes: Callable[[int], None], what: str) -> None:
    while block := file.read1(_BLOCK):
        if out.tell() + len(block) > most:
            raise _too_large(what, most)
        out.write(block)
        on_bytes(out.tell())


def _too_large(what: str, most: int) -> RemoteError:
    return RemoteError(f"{what} has more than {most:,} bytes.", "raise AKB_FOLLOW_MB, if a release may be so large.")
