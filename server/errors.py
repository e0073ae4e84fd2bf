"""The errors that the engine raises on purpose.

The command line maps them to exit codes, the web to HTTP statuses, each in one place. Any other exception is a fault of
the engine, never of the user.
"""

from __future__ import annotations


class AkbError(Exception):
    """The base of all errors with an explanation for the user.

    `message` says what is wrong; `mend` says what to do about it, and may be empty.
    """

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message}\n  mend: {self.mend}" if self.mend else self.message


class UsageError(AkbError):
    """The user asked for something that cannot be: a wrong option, a wrong name, a folder that is not a base."""


class UnreadableError(AkbError):
    """A file that we must read cannot be read: missing, not UTF-8, or not Turtle."""


class NotFoundError(AkbError):
    """No entity, class or release has the name that was asked for."""


class QueryError(AkbError):
    """A SPARQL query cannot be run as it is: malformed, or using a feature that is not supported."""


class TooLargeError(QueryError):
    """What is asked has more text or more parts than is read at once."""


class ForbiddenQueryError(QueryError):
    """A SPARQL request that is well-formed and refused by policy: an update, or a call to another host."""


class NotAcceptableError(QueryError):
    """The answer to a query is of a `kind` for which the client takes no format that we have.

    Where it takes one in which just this answer cannot be written, that is `format_name`.
    """

    def __init__(self, kind: str, message: str = "", format_name: str = "") -> None:
        super().__init__(message or f"The answer is of the kind {kind}, and none of its formats was asked for.")
        self.kind = kind
        self.format_name = format_name


class UnwritableError(QueryError):
    """What is to be written has a term or a text that the format asked for cannot carry; others can."""


class LimitError(AkbError):
    """A query was stopped at a limit, or not begun; nothing of its answer was sent."""


class TimeLimitError(LimitError):
    """A query exceeded its time limit."""


class MemoryLimitError(LimitError):
    """A query exceeded its memory limit."""


class BusyError(LimitError):
    """Too many queries are running and waiting; the same query may succeed later."""

    retry_after = 5
    """Seconds after which it may be sent again."""


class RemoteError(AkbError):
    """Another SPARQL endpoint did not answer, or answered with an error."""


class PeerError(QueryError):
    """A peer that a query calls with SERVICE is wrong, unreachable, or exceeds its limits."""


class PeerTimeoutError(PeerError):
    """A peer that a query calls with SERVICE did not answer within its time."""


class PeerBusyError(PeerError):
    """A peer that a query calls with SERVICE wants to be left alone for `retry_after` seconds."""

    def __init__(self, message: str, mend: str = "", *, retry_after: int) -> None:
        super().__init__(message, mend)
        self.retry_after = retry_after


class DiskFullError(AkbError):
    """A disk is full: what was to be written was not, and what was there is as it was."""


class ScarceError(AkbError):
    """The machine lacks what some work needs: memory, processes, or files that can be open."""


class BuildError(AkbError):
    """A release cannot be built from these files; the previous release stays current."""


class StartError(AkbError):
    """The server cannot start: what its processes say before says why."""
