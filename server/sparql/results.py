"""SPARQL results as endpoints send them: JSON or XML, in any order of keys, in the coding of their characters.

SPARQL 1.1 Query Results JSON Format, section 3, and SPARQL Query Results XML Format, section 2, with what RDF 1.2 adds
to both. What form a text has is read from the text, for many servers name another. What is around the terms is read
here; `result_terms.py` reads these.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

RawTerm = Any
"""A term as JSON has it; one of XML is brought into the same form."""

_SPARQL: Final = "http://www.w3.org/2005/sparql-results#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ITS: Final = "http://www.w3.org/2005/11/its"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSETS: Final = re.compile(r"ascii|utf-.*|iso8859-.*|cp125\d|koi8-.*|gb.*|big5|shift_jis|euc_.*")
_SPACE: Final = " \t\r\n\0"
_SHOWN: Final = 80
_DEEPEST: Final = 50
"""How deep elements may be in each other."""


@dataclass(frozen=True)
class Document:
    """The variables and rows of an answer, or its truth value, with the terms as they were sent."""

    variables: tuple[str, ...]
    rows: tuple[RawTerm, ...]
    """Each should be a mapping of the names of variables to terms."""
    boolean: bool | None = None


def read_results(body: bytes, charset: str = "") -> Document:
    """Read SPARQL results; `charset` is what the answer says of its characters, where it says so.

    JSON is in UTF-8 where nothing says otherwise; a byte that does not fit becomes a lone surrogate, which is for the
    reader of terms. Raises ValueError for what is neither JSON nor XML, breaks off, goes on, or holds no results.
    """
    text = _decoded(body, charset)
    start = text.lstrip(_SPACE)
    if start.startswith("{"):
        return _of_json(start)
    if re.match(r"<(!doctype\s+)?html\b", start, re.IGNORECASE):
        raise ValueError("a web page")
    if start.startswith("<"):
        return _of_xml(start)
    raise ValueError(f"neither JSON nor XML: {start[:_SHOWN]!r}" if start else "nothing")


def _decoded(body: bytes, charset: str) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "surrogateescape" if name == "utf-8" else "replace")
    try:
        name = codecs.lookup(charset or "utf-8").name
    except LookupError:
        name = "utf-8"
    if name == "utf-8" or not _CHARSETS.fullmatch(name):
        return body.decode("utf-8", "surrogateescape")
    return body.decode(name, "replace")


def _of_json(text: str) -> Document:
    # Not strict: Virtuoso and others write line breaks into strings as they are.
    reader = json.JSONDecoder(strict=False)
    try:
        data, end = reader.raw_decode(text)
    except json.JSONDecodeError as error:
        near = text[error.pos :].strip(_SPACE)[:_SHOWN]
        if not near or error.msg.startswith("Unterminated"):
            raise ValueError("JSON that breaks off before its end") from error
        raise ValueError(f"JSON that cannot be read at {near!r}") from error
    except (ValueError, RecursionError) as error:
        raise ValueError("JSON that is too deep, or holds a number that is too long") from error
    if rest := text[end:].strip(_SPACE):
        raise ValueError(f"JSON with something behind it: {rest[:_SHOWN]!r}")
    head = data.get("head") if isinstance(data.get("head"), dict) else {}
    if isinstance(data.get("boolean"), bool):
        return Document((), (), boolean=data["boolean"])
    results = data.get("results")
    rows = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(rows, list):
        raise ValueError(f"JSON without results: {text[:_SHOWN]!r}")  # noqa: TRY004 - the text is wrong, not a type
    named = head.get("vars")
    return Document(_variables(named if isinstance(named, list) else [], rows), tuple(rows))


def _variables(named: Iterable[object], rows: Iterable[RawTerm]) -> tuple[str, ...]:
    """Return the variables that are named, and those that only rows have."""
    found = dict.fromkeys(name.lstrip("?$") for name in named if isinstance(name, str))
    for row in rows:
        if isinstance(row, dict):
            found.update(dict.fromkeys(row))
    return tuple(found)


class _Element:
    """An element of XML with what is in it."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.inner: list[_Element] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The characters that are directly in it."""
        return "".join(self.pieces)

    def all(self, name: str) -> list[_Element]:
        """Return the elements of a name that are directly in it."""
        return [one for one in self.inner if one.name == name]


def _of_xml(text: str) -> Document:
    root = _parsed(text)
    if root.name != "sparql":
        raise ValueError(f"XML that is no SPARQL results: <{root.name[:_SHOWN]}>")
    for boolean in root.all("boolean"):
        return Document((), (), boolean=boolean.text.strip() in {"true", "1"})
    results = root.all("results")
    if not results:
        raise ValueError("XML without results")
    rows = tuple(
        {one.attributes.get("name", ""): _raw(one) for one in result.all("binding")}
        for part in results
        for result in part.all("result")
    )
    named = [one.attributes.get("name") for head in root.all("head") for one in head.all("variable")]
    return Document(_variables(named, rows), rows)


def _parsed(text: str) -> _Element:
    """Return the root of a document without a document type, which could define entities without end."""
    top = _Element("", {})
    open_ = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        # Some leave out the namespace, so that the local name decides.
        element = _Element(name.rpartition(" ")[2], attributes)
        open_[-1].inner.append(element)
        if len(open_) > _DEEPEST:
            raise ValueError("XML that is too deep")
        open_.append(element)

    def end(_name: str) -> None:
        open_.pop()

    def characters(data: str) -> None:
        open_[-1].pieces.append(data)

    def refuse(*_: object) -> None:
        raise ValueError("XML with a document type, which is not read")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8", "replace").rstrip(b"\0"), True)
    except expat.ExpatError as error:
        raise ValueError(f"XML that cannot be read ({error})") from error
    return top.inner[0]


def _raw(holder: _Element) -> RawTerm:
    """Return the term within an element as JSON has it."""
    if len(holder.inner) != 1:
        return None
    [term] = holder.inner
    if term.name == "triple":
        parts = {part.name: _raw(part) for part in term.inner}
        return {"type": "triple", "value": parts}
    given = {
        "datatype": term.attributes.get("datatype"),
        "xml:lang": term.attributes.get(f"{_XML} lang"),
        "its:dir": term.attributes.get(f"{_ITS} dir"),
    }
    return {"type": term.name, "value": term.text, **{key: value for key, value in given.items() if value is not None}}
