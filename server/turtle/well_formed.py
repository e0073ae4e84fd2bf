"""Tells where RDF/XML is not well-formed (XML 1.0, section 2.1): its reader passes over some, and gives no place."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from ..store.parsing import SyntaxProblem

_ENDS: Final = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


def placed(text: str, read: str | SyntaxProblem) -> str | SyntaxProblem:
    """Return what was read of RDF/XML, or that it ends too early; what is wrong gets its place where that is known."""
    if not text.strip() or (isinstance(read, SyntaxProblem) and (read.mend or read.line > 1)):
        return read
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        line = error.lineno
        row = text.split("\n", line)[line - 1].encode() if line <= text.count("\n") + 1 else b""
        column = len(row[: error.offset].decode(errors="replace")) + 1
        if isinstance(read, SyntaxProblem):
            return SyntaxProblem(line, column, read.message)
        if error.code in _ENDS:
            return SyntaxProblem(line, column, "it ends too early, within an element")
    return read
