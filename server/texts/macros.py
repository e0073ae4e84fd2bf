r"""Macros that an author defines (`\newcommand`, `\def`), written out where they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_DEFINITION: Final = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*(?:\{\s*\\(?P<braced>[A-Za-z@]+)\s*\}|\\(?P<bare>[A-Za-z@]+))"
    r"\s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\[\]]*)\])?\s*(?=\{)"
    r"|\\(?:def|gdef)\s*\\(?P<def>[A-Za-z@]+)\s*(?P<params>(?:#\d)*)\s*(?=\{)"
)
_KNOWN: Final = frozenset(
    [
        "textbf",
        "textit",
        "emph",
        "cite",
        "ref",
        "label",
        "section",
        "subsection",
        "begin",
        "end",
        "item",
        "par",
        "footnote",
    ]
)
"""Macros whose meaning for a reader is known: what a class makes of their looks is of no interest."""
_ROUNDS: Final = 8
"""How deep macros may use each other."""
_GROWTH, _ANY_GROWTH = 4, 1 << 20
"""How many times as long a text may become, and how much any may."""


@dataclass(frozen=True)
class _Macro:
    count: int
    default: str | None
    body: str


def written_out(preamble: str, body: str, notes: list[str]) -> str:
    """Return a body with the macros of its author written out; a note is added where that would not end."""
    macros: dict[str, _Macro] = {}
    body = _defined(body, macros)
    _defined(preamble, macros, is_kept=True)
    if not macros:
        return body
    most = max(_ANY_GROWTH, _GROWTH * len(body))
    used = re.compile(r"\\(" + "|".join(sorted(map(re.escape, macros), key=len, reverse=True)) + r")(?![A-Za-z@])")
    for _ in range(_ROUNDS):
        if not used.search(body):
            return body
        replaced = _once(body, used, macros, most)
        if replaced is None:
            notes.append("Its macros make more text than can be read: some stay as they are.")
            return body
        body = replaced
    return body


def argument_at(text: str, start: int) -> tuple[str, int]:
    r"""Return the argument in braces that begins at a place, or the one token there, and where the text goes on.

    >>> argument_at(r"\title{A {B} \} C} D", 6)
    ('A {B} \\} C', 18)
    """
    while start < len(text) and text[start] in " \t\n":
        start += 1
    if start >= len(text):
        return "", len(text)
    if text[start] != "{":
        match = re.compile(r"\\[A-Za-z@]+|\\?.", re.DOTALL).match(text, start)
        return (match[0], match.end()) if match else ("", start)
    depth, at = 0, start
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if not depth:
                return text[start + 1 : match.start()], match.end()
        at = match.end()
        if at - start > 100_000:
            break  # it is not closed
    return text[start + 1 : start + 1], start + 1


def _defined(text: str, macros: dict[str, _Macro], *, is_kept: bool = False) -> str:
    """Return a text without the definitions in it, which are added to `macros` unless the same are there."""
    out, at = [], 0
    for match in _DEFINITION.finditer(text):
        if match.start() < at:
            continue
        body, end = argument_at(text, match.end())
        name = match["braced"] or match["bare"] or match["def"]
        count = int(match["count"] or 0) or len(match["params"] or "") // 2
        if name not in _KNOWN and not (is_kept and name in macros):
            macros[name] = _Macro(count, match["default"], body)
        out.append(text[at : match.start()])
        at = end
    return "".join((*out, text[at:]))


def _once(body: str, used: re.Pattern[str], macros: dict[str, _Macro], most: int) -> str | None:
    out: list[str] = []
    at = size = 0
    for match in used.finditer(body):
        if match.start() < at:
            continue
        macro = macros[match[1]]
        end, given = match.end(), []
        if macro.default is not None:
            given.append(macro.default)
            optional = re.compile(r"\s*\[([^\[\]]*)\]").match(body, end)
            if optional:
                given[0], end = optional[1], optional.end()
        while len(given) < macro.count:
            argument, end = argument_at(body, end)
            given.append(argument)
        if not given:
            # A macro takes the blanks behind it, unless there is an empty group.
            end += len(re.compile(r"\{\}|").match(body, end)[0])  # type: ignore[index] # it matches anywhere
        written = macro.body
        for number, value in enumerate(given, 1):
            written = written.replace(f"#{number}", value)
        # What follows a name that a macro stands for stays apart from it.
        out += [body[at : match.start()], written]
        size += len(written) + match.start() - at
        if size > most:
            return None
        at = end
    return "".join((*out, body[at:]))
