"""Why a request had no answer: callers turn these into errors that name whom they asked."""

from __future__ import annotations

import json
from contextlib import suppress


class OutgoingError(Exception):
    """The base of them; its text follows the name of who was asked, as in "gave no answer: connection refused"."""

    def __init__(self, text: str) -> None:
        # It may repeat what the other side sent.
        super().__init__(one_line(text))


class NoAnswerError(OutgoingError):
    """It was not reached, or it broke off."""

    def __init__(self, why: object) -> None:
        super().__init__(f"gave no answer: {str(why) or type(why).__name__}")


class SlowError(OutgoingError):
    """Its answer was not there in time."""

    def __init__(self) -> None:
        super().__init__("did not answer in time")


class NotPublicError(OutgoingError):
    """Its name leads to an address that is not of the public internet, and only those may be reached."""

    def __init__(self) -> None:
        super().__init__("has a name that leads to an address that is not public")


class UnchangedError(OutgoingError):
    """What was asked for is as it was before (304, RFC 9110, section 15.4.5); conditional requests are so answered."""

    def __init__(self) -> None:
        super().__init__("has nothing new")


class RedirectError(OutgoingError):
    """It names another address, which is not followed."""

    def __init__(self, location: str) -> None:
        super().__init__(f"redirects to another address, which is not followed{_shown(location)}")


class LargeError(OutgoingError):
    """Its answer has more bytes than it may have, unpacked."""

    def __init__(self, most: int) -> None:
        super().__init__(f"sent more than the {most >> 20:,} MB that an answer may have")


class UnreadableAnswerError(OutgoingError):
    """Its answer has a form that was not asked for, or is damaged."""


class RefusedError(OutgoingError):
    """It answered with a status of 400 or more.

    `answer` is the status with its name, `words` what it said of the reason, as far as that is for people; `wait` how
    many seconds it wants to be left alone (RFC 9110, section 10.2.3), where it said so.
    """

    def __init__(self, status: int, reason: str, body: bytes = b"", wait: float | None = None) -> None:
        self.status = status
        self.answer = one_line(f"{status} {reason}")
        self.words = said(body)
        self.wait = wait
        super().__init__(f"refused with {self.answer}" + _shown(self.words))


class WaitError(OutgoingError):
    """It wants to be left alone for some `seconds` more: it was asked just now and said so, or before."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__("has asked us to wait")


def one_line(text: str) -> str:
    """Return what another machine said as one line, without control characters: a terminal would obey them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def said(body: bytes) -> str:
    """Return the detail of a problem (RFC 9457), else the first paragraph of a text that is no web page."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        return one_line(str(json.loads(text)["detail"]))
    return "" if text.lstrip().startswith("<") else one_line(text.strip().partition("\n\n")[0][:500])


def _shown(text: str) -> str:
    return f": {text[:500]}" if text else ""
