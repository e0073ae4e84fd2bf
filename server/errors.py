"""The errors that the engine raises on purpose.

The command line and the web each map this small family once: to an exit code there, to an HTTP status here.
Anything else that escapes is our fault, never the user's.
"""

from __future__ import annotations


class AkbError(Exception):
    """Something went wrong in a way that we can explain.

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
    """A SPARQL query cannot be run as it stands: malformed, or asking for what is not offered."""


class ForbiddenQueryError(QueryError):
    """A SPARQL request that is well-formed and refused by policy: an update, or a call to another host."""


class NotAcceptableError(QueryError):
    """The answer to a query is of a `kind` for which the client takes no format that we have."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The answer is of the kind {kind}, and none of its formats was asked for.")
        self.kind = kind


class LimitError(AkbError):
    """A query was stopped at a limit, or not begun; nothing of its answer was sent."""


class TimeLimitError(LimitError):
    """A query ran longer than it may."""


class MemoryLimitError(LimitError):
    """A query needed more memory than it may."""


class BusyError(LimitError):
    """Too many queries run and wait; the same query may succeed a little later."""


class RemoteError(AkbError):
    """Another SPARQL endpoint did not answer, or answered with an error."""


class PeerError(QueryError):
    """A peer that a query calls with SERVICE is wrong, dead, or sends more than it may."""


class PeerTimeoutError(PeerError):
    """A peer that a query calls with SERVICE did not answer within its time."""


class BuildError(AkbError):
    """A release cannot be made from these files; the previous release stays as it is."""
