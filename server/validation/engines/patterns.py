"""Writes a regular expression for the quick engine so that it matches what it matches for Python, or not at all.

SHACL (section 4.4.3) takes SPARQL's regular expressions; pyshacl reads them as Python's, the package `shacl` as Rust's.
Within what is translated here all three agree, but for what counts as a word and for the end of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<class>\[\^?\]?(?:[^\[\]\\]|\\.)+\])"
    r"|(?P<escape>\\.)"
    r"|(?P<group>\((?:\?:)?(?!\?))"
    r"|(?P<close>\))"
    r"|(?P<repeat>(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??)"
    r"|(?P<anchor>[\^$])"
    r"|(?P<bar>\|)"
    r"|(?P<plain>[^\[\]\\(){}*+?^$|])",
    re.DOTALL,
)
_IN_CLASS: Final = re.compile(r"(?P<escape>\\.)|(?P<plain>[^\[\]\\])", re.DOTALL)
_SPACE: Final = r"\s\x1c-\x1f"
_KINDS: Final = {"d": r"\p{Nd}", "w": r"\p{L}\p{N}_", "s": _SPACE}
_CONTROLS: Final = "nrtfv"


_NOTHING_BEFORE: Final = {"start", "anchor", "group", "bar", "repeat"}
"""After these there is nothing that could be repeated."""


class _UnlikeError(Exception):
    """A part of an expression need not mean the same in both languages."""


def translated(pattern: str) -> str | None:
    """Return the expression for the quick engine, or None for one that need not mean the same there.

    Look-around, back-references, and whatever else is not in the table above are not translated.
    """
    try:
        return "".join(_parts(pattern))
    except _UnlikeError:
        return None


def _parts(pattern: str) -> Iterator[str]:
    place, previous = 0, "start"
    # For each open group, whether it has a $: behind that there is nothing but the ends of groups and other branches.
    ends, after_end = [False], False
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        kind = str(token.lastgroup) if token else ""
        if token is None or (after_end and kind not in {"close", "bar"}):
            raise _UnlikeError
        if (kind == "repeat" and previous in _NOTHING_BEFORE) or (kind == "close" and len(ends) == 1):
            raise _UnlikeError
        after_end = token.group() == "$"
        ends[-1] = ends[-1] or after_end
        if kind == "group":
            ends.append(False)
        elif kind == "close":
            after_end = ends.pop()
            ends[-1] = ends[-1] or after_end
        yield _part(kind, token.group())
        place, previous = token.end(), kind
    if len(ends) > 1:
        raise _UnlikeError


def _part(kind: str, text: str) -> str:
    match kind:
        case "class":
            return _class(text)
        case "escape":
            return _escape(text, "[{}]", "[^{}]")
        case "anchor":
            # Python's $ matches before a last line feed too.
            return r"(?:\n?\z)" if text == "$" else r"\A"
        case "group":
            return "(?:"
        case _:
            return text


def _escape(text: str, inside: str, outside: str) -> str:
    letter = text[1]
    if letter in _KINDS:
        return inside.format(_KINDS[letter])
    if letter.lower() in _KINDS:
        return outside.format(_KINDS[letter.lower()])
    if letter in _CONTROLS:
        return text
    # A letter or a digit behind a backslash means something else in each language.
    if not letter.isascii() or letter.isalnum():
        raise _UnlikeError
    return rf"\x{{{ord(letter):x}}}"


def _class(text: str) -> str:
    """Return a set of characters, if it has no set in it and nothing that may be an operation on sets."""
    is_negated = text.startswith("[^")
    inner = text[2 if is_negated else 1 : -1]
    if not inner or inner.startswith("]") or any(mark in inner for mark in ("--", "&&", "~~", "||", "[")):
        raise _UnlikeError
    written = []
    tokens = list(_IN_CLASS.finditer(inner))
    for number, token in enumerate(tokens):
        new = token.group()
        if token.lastgroup == "escape":
            new = _escape(token.group(), "{}", "[^{}]")
        elif token.group() == "-" and number in {0, len(tokens) - 1}:
            new = r"\-"
        elif token.group() in "^&~":
            new = "\\" + token.group()
        written.append(new)
    return f"[{'^' if is_negated else ''}{''.join(written)}]"
