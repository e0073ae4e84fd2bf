"""Writes a regular expression for the quick engine so that it matches what it matches for Python, or not at all.

SHACL (section 4.4.3) takes SPARQL's regular expressions; pyshacl reads them as Python's, the package `shacl` as Rust's.
Within what is translated here all three agree, but for what counts as a word and for the end of a line.
"""

from __future__ import annotations

import re
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


def translated(pattern: str, flags: object = None) -> str | None:
    """Return the expression for the quick engine, or None for one that need not mean the same there.

    Flags, look-around, back-references, and whatever else is not in the table above are not translated.
    """
    if flags is not None:
        return None
    written: list[str] = []
    place, previous = 0, "start"
    ends: list[bool] = [False]
    """For each open group, whether it has a $: behind that, nothing but the ends of groups and other branches."""
    after_end = False
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None:
            return None
        kind, text = str(token.lastgroup), token.group()
        if after_end and kind not in {"close", "bar"}:
            return None
        after_end = False
        match kind:
            case "class":
                new = _class(text)
            case "escape":
                new = _escape(text, "[{}]", "[^{}]")
            case "repeat" if previous in {"start", "anchor", "group", "bar", "repeat"}:
                return None
            case "anchor" if text == "$":
                # Python's $ matches before a last line feed too.
                new, after_end, ends[-1] = r"(?:\n?\z)", True, True
            case "anchor":
                new = r"\A"
            case "group":
                ends.append(False)
                new = "(?:"
            case "close":
                if len(ends) == 1:
                    return None
                after_end = ends.pop()
                ends[-1] = ends[-1] or after_end
                new = text
            case _:
                new = text
        if new is None:
            return None
        written.append(new)
        place, previous = token.end(), kind
    return "".join(written) if len(ends) == 1 else None


def _escape(text: str, inside: str, outside: str) -> str | None:
    letter = text[1]
    if letter in _KINDS:
        return inside.format(_KINDS[letter])
    if letter.lower() in _KINDS:
        return outside.format(_KINDS[letter.lower()])
    if letter in _CONTROLS:
        return text
    # A letter or a digit behind a backslash means something else in each language.
    return rf"\x{{{ord(letter):x}}}" if letter.isascii() and not letter.isalnum() else None


def _class(text: str) -> str | None:
    """Return a set of characters; None for one with a set in it, or what may be an operation on sets."""
    is_negated = text.startswith("[^")
    inner = text[2 if is_negated else 1 : -1]
    if not inner or inner.startswith("]") or any(mark in inner for mark in ("--", "&&", "~~", "||", "[")):
        return None
    written = []
    tokens = list(_IN_CLASS.finditer(inner))
    for number, token in enumerate(tokens):
        new: str | None = token.group()
        if token.lastgroup == "escape":
            new = _escape(token.group(), "{}", "[^{}]")
        elif token.group() == "-" and number in {0, len(tokens) - 1}:
            new = r"\-"
        elif token.group() in "^&~":
            new = "\\" + token.group()
        if new is None:
            return None
        written.append(new)
    return f"[{'^' if is_negated else ''}{''.join(written)}]"
