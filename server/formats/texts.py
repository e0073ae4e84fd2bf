"""Texts of the data within texts of ours: on one line, and from right to left without moving what is around them."""

from __future__ import annotations

import re
from typing import Final

CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff"
"""Characters that HTML and XML 1.0 have no place for, or advise against, as a class of a regular expression."""
_UNREADABLE: Final = re.compile(f"[{CONTROLS}]")
_RIGHT_TO_LEFT: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_DIRECTED: Final = re.compile(f"[{_RIGHT_TO_LEFT}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""A letter that runs from right to left, or a character that sets a direction (UAX #9, sections 2 and 3.2)."""
_ISOLATE, _END = "\u2068", "\u2069"
_ISOLATES: Final = re.compile("([\u2066-\u2068])|\u2069")


def one_line(text: str) -> str:
    """Return a text on one line: white space and control characters are single blanks."""
    return " ".join(_UNREADABLE.sub(" ", text).split())


def readable(text: str) -> str:
    """Return a text for people, with U+FFFD in the place of each control character but white space."""
    return _UNREADABLE.sub("\ufffd", text)


def has_direction(text: str) -> bool:
    """Tell whether a text may run from right to left, or change the direction of what is around it."""
    return not text.isascii() and _DIRECTED.search(text) is not None


def isolated(text: str) -> str:
    """Return a text that moves nothing around it, whatever its direction (UAX #9, section 2.4)."""
    if not has_direction(text):
        return text
    depth, kept = 0, []
    end = 0
    for found in _ISOLATES.finditer(text):
        if before := text[end : found.start()]:
            kept.append(before)
        end = found.end()
        # An end without a beginning would end our own.
        if found[1] or depth:
            kept.append(found[0])
            depth += 1 if found[1] else -1
        elif kept and kept[-1].endswith(" ") and text[end : end + 1] == " ":
            # Of the blanks around it one is enough.
            end += 1
    kept.append(text[end:])
    return f"{_ISOLATE}{''.join(kept)}{_END * depth}{_END}"
