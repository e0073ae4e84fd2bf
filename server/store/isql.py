"""Virtuoso's own command line, `isql`, by which its bulk loader is run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from ..errors import RemoteError, UsageError

PROGRAMS: Final = ("isql-vt", "isql-v", "isql")
"""What the program is called: by Debian, by others, and by its makers."""
_OPTIONS: Final = ("VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ERRORS=STDOUT", "CSV=ON")
_ERROR: Final = "*** Error"
_IN: Final = "akb-is-in"


class Isql:
    """A Virtuoso server, as its command line reaches it."""

    def __init__(self, address: str, credentials: tuple[str, str] | None) -> None:
        """Take `HOST:PORT` of the SQL port. Raises UsageError when the program or the credentials are missing."""
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise UsageError(
                f"Virtuoso's command line is not here: there is no {' and no '.join(PROGRAMS)}.",
                "install it (Debian: apt install virtuoso-opensource-7-bin), or leave --isql out and load by hand.",
            )
        if credentials is None:
            raise UsageError("isql needs a name and a password.", "set AKB_STORE_USER and AKB_STORE_PASSWORD.")
        self._address = address
        user, self._password = credentials
        # Without the password, which others could see in the list of processes: it goes in by standard input.
        self._command = (program, address, user)

    def run(self, statements: str) -> list[list[str]]:
        """Run statements, each ended by a semicolon, and return the rows of their answers.

        Raises RemoteError with the server's words when it cannot be reached or refuses one.
        """
        return self._rows(self._start(statements))

    def run_side_by_side(self, statements: str, times: int) -> None:
        """Run the same statements in several sessions at once, and wait for all. Raises as `run` does."""
        sessions = [self._start(statements) for _ in range(times)]
        for session in sessions:
            self._rows(session)

    def _start(self, statements: str) -> subprocess.Popen[str]:
        """Start a session, and return when it is logged in.

        The program tries the name as the password before it reads the right one. Virtuoso shuts out who fails a few
        times in a row, so one session follows after the other.
        """
        command: Sequence[str] = (*self._command, *_OPTIONS, f"exec=select '{_IN}';\n{statements}")
        session = subprocess.Popen(  # noqa: S603 - no shell, and the statements are ours
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert session.stdin is not None
        assert session.stdout is not None
        with suppress(BrokenPipeError):  # it may have ended already: then it says why
            session.stdin.write(self._password + "\n")
            session.stdin.close()
        said = []
        for line in session.stdout:
            if line.strip() == _IN:
                return session
            said.append(line)
        session.wait()
        session.stdout.close()
        raise self._refused("".join(said))

    def _rows(self, session: subprocess.Popen[str]) -> list[list[str]]:
        assert session.stdout is not None
        with session.stdout as output:
            said = output.read()
        if session.wait() != 0 or _ERROR in said:
            raise self._refused(said)
        return [line.split(";") for line in said.splitlines() if line.strip()]

    def _refused(self, said: str) -> RemoteError:
        words = " ".join(said.partition(_ERROR)[2].split("\nat line", maxsplit=1)[0].split())
        return RemoteError(
            f"Virtuoso at {self._address} refuses: {words[:500] or said.strip()[:500]}",
            "check HOST:PORT of its SQL port, the name and the password, and that its DirsAllowed has the folder.",
        )
