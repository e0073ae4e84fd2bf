"""Tables for spreadsheets, which run a cell that looks like a formula.

A mark in front makes such a cell a text, as OWASP advises against "CSV injection". The mark changes the value, so what
programs read is written without it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from typing import IO, Final

MARK: Final = "'"

_BLANKS: Final = r"\x00-\x08\x0b\x0c\x0e-\x20\x7f\x85\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
"""The white space and other invisible characters within a line, but for the tab."""
_BLANK: Final = rf"[{_BLANKS}]*+"
_NUMBER: Final = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
# The wide forms of the four signs are what Japanese editions take for the narrow ones.
_SIGN: Final = rf"{_BLANK}[=+\-@\uff1d\uff0b\uff0d\uff20]"
_RUN: Final = re.compile(
    rf"""(
    \A (?: (?=[\t\r\n]) | (?={_SIGN}) (?! {_BLANK} {_NUMBER} {_BLANK} \Z ) )
    # A spreadsheet that takes another character for the separator, as it does in some languages, begins a cell there.
    | , (?={_SIGN}) (?! {_BLANK} {_NUMBER} {_BLANK} (?: , | \Z ) )
    | [;|\t\r\n"'] (?={_SIGN})
    )""",
    re.VERBOSE,
)
_CELL: Final = re.compile(r'"[^"]*(?:""[^"]*)*"|[^",\r\n]+')
_QUOTED: Final = re.compile(r'[",\r\n]')


def harmless(text: str) -> str:
    """Return the text of a cell with a mark before each place at which a spreadsheet would begin to run it.

    A number stays a number.

    >>> harmless("=1+1"), harmless("-5"), harmless("see: a;@SUM(b)")
    ("'=1+1", '-5', "see: a;'@SUM(b)")
    """
    return _RUN.sub(rf"\1{MARK}", text)


def harmless_table(table: str) -> str:
    """Return CSV (RFC 4180) with all its cells made harmless; the others stay as they are written."""
    return _CELL.sub(_harmless_cell, table)


def write_harmless(names: Sequence[str], rows: Iterable[Sequence[str]], output: IO[bytes], delimiter: str) -> None:
    """Write a table of texts to `output`, row by row, with all its cells made harmless."""
    writer = csv.writer(_Encoding(output), delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in names])
    writer.writerows([harmless(cell) for cell in row] for row in rows)


class _Encoding:
    """Takes texts for a file of bytes, in UTF-8."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def write(self, text: str) -> int:
        return self._output.write(text.encode())


def _harmless_cell(found: re.Match[str]) -> str:
    written = found[0]
    is_quoted = written.startswith('"')
    text = written[1:-1].replace('""', '"') if is_quoted else written
    safe = harmless(text)
    if safe == text:
        return written
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if is_quoted or _QUOTED.search(safe) else safe
