"""Literals by their values: when two are equal, and whether a datatype contains one (OWL 2 Profiles, 4.3, table 8).

The datatypes are those of OWL 2 RL (OWL 2 Profiles, 4.2.1), and those of dates and times. Values are compared as
XML Schema 1.1 Datatypes compares them: `"1"^^xsd:integer` and `"1.0"^^xsd:decimal` are one value, and a double is none
of the decimals.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from ..namespaces import RDF, RDFS, XSD

PREFIX: Final = "urn:akb:literal:"
"""The prefix of the IRIs that represent values while rules run, as a rule may make a literal a subject."""

Value = tuple[str, Hashable]
"""A value space, and a value in it."""

_WRITTEN: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<type>[^>]*)>)?', re.DOTALL
)
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)

_INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_NAME: Final = r"[^\W\d][\w.\-]*"
_STRINGS: Final = {
    "string": re.compile(r".*", re.DOTALL),
    "normalizedString": re.compile(r"[^\t\n\r]*"),
    "token": re.compile(r"(?:[^\s]+(?: [^\s]+)*)?"),
    "language": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"),
    "Name": re.compile(rf":?(?:{_NAME}(?::{_NAME})*)?:?"),
    "NCName": re.compile(_NAME),
    "NMTOKEN": re.compile(r"[\w.:\-]+"),
}
_ZONE: Final = r"(?:Z|[+-]\d\d:\d\d)"
_LEXICAL: Final = {
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII),
    "integer": re.compile(r"[+-]?\d+", re.ASCII),
    "double": re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|INF)|NaN", re.ASCII),
    "boolean": re.compile(r"true|false|0|1"),
    "hexBinary": re.compile(r"(?:[0-9A-Fa-f]{2})*"),
    "base64Binary": re.compile(r"(?:[A-Za-z0-9+/]\s?){0,}=?\s?=?"),
    "dateTime": re.compile(rf"-?\d{{4,}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}?", re.ASCII),
    "date": re.compile(rf"-?\d{{4,}}-\d\d-\d\d{_ZONE}?", re.ASCII),
    "time": re.compile(rf"\d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}?", re.ASCII),
    "gYear": re.compile(rf"-?\d{{4,}}{_ZONE}?", re.ASCII),
    "gYearMonth": re.compile(rf"-?\d{{4,}}-\d\d{_ZONE}?", re.ASCII),
}
_KNOWN: Final = frozenset({*_INTEGERS, *_STRINGS, *_LEXICAL, "float", "anyURI", "dateTimeStamp"})
_NONE: Final = "no value"


@dataclass
class Literals:
    """The literals of a base, each represented by an IRI for its value."""

    _ids: dict[Value, str] = field(default_factory=dict)
    _values: dict[str, Value] = field(default_factory=dict)
    _forms: dict[str, list[str]] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    @property
    def is_used(self) -> bool:
        """Whether any literal is known."""
        return bool(self._known)

    def iri(self, literal: str) -> str:
        """Return the IRI that represents a literal, given as N-Triples; equal values have the same one."""
        if literal not in self._known:
            value = value_of(literal)
            iri = self._ids.setdefault(value, f"{PREFIX}{len(self._ids)}")
            self._values[iri] = value
            self._forms.setdefault(iri, []).append(literal)
            self._known[literal] = iri
        return self._known[literal]

    def forms(self, iri: str) -> list[str]:
        """Return the literals, as N-Triples, that an IRI represents."""
        return self._forms[iri]

    def some(self, iris: Iterable[str]) -> Literals:
        """Return the literals of some IRIs only, under the same IRIs."""
        chosen = Literals()
        for iri in iris:
            chosen._values[iri], chosen._forms[iri] = self._values[iri], self._forms[iri]
            chosen._ids[self._values[iri]] = iri
            chosen._known |= dict.fromkeys(self._forms[iri], iri)
        return chosen

    def is_in(self, iri: str, datatype: str) -> bool:
        """Tell whether a datatype may contain a value: false only where it certainly does not."""
        return contains(datatype, self._values[iri])


def is_literal(iri: str) -> bool:
    """Tell whether an IRI represents a literal."""
    return iri.startswith(PREFIX)


def is_datatype(iri: str) -> bool:
    """Tell whether an IRI is a datatype of which is known what it contains."""
    if iri.startswith(XSD):
        return iri.removeprefix(XSD) in _KNOWN
    return iri in {f"{RDF}langString", f"{RDF}PlainLiteral", f"{RDFS}Literal"}


def parts_of(literal: str) -> tuple[str, str | None, str | None]:
    """Return text, datatype and language of a literal that is given as N-Triples."""
    match = _WRITTEN.fullmatch(literal)
    assert match, "the caller has valid N-Triples"
    return _unescaped(match["text"]), match["type"], match["language"]


def shown(literal: str, compact: Callable[[str], str]) -> str:
    """Return a literal that is given as N-Triples as people read it, the IRI of its datatype made shorter."""
    text, datatype, language = parts_of(literal)
    return f'"{text}"' + (f"@{language}" if language else f"^^{compact(datatype)}" if datatype else "")


def value_of(literal: str) -> Value:
    """Return the value of a literal that is given as N-Triples.

    What is ill-typed has a value of its own, which no datatype contains (RDF 1.1 Semantics, 7).
    """
    text, given, language = parts_of(literal)
    if language:
        return "langString", (text, language.lower())
    datatype = given or f"{XSD}string"
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name not in _KNOWN:
        return datatype, text
    if name in _STRINGS:
        return ("string", text) if _STRINGS[name].fullmatch(text) else (_NONE, literal)
    kind = "integer" if name in _INTEGERS else {"float": "double", "dateTimeStamp": "dateTime"}.get(name, name)
    text = " ".join(text.split())
    if kind in _LEXICAL and not _LEXICAL[kind].fullmatch(text):
        return _NONE, literal
    try:
        value: Value = _PARSERS.get(name, _PARSERS.get(kind, lambda same: (kind, same)))(text)
    except (ValueError, OverflowError):
        return _NONE, literal
    return value if contains(datatype, value) else (_NONE, literal)


def contains(datatype: str, value: Value) -> bool:
    """Tell whether a datatype may contain a value: false only where it certainly does not.

    Of a datatype that is not known, or a value of such a one, nothing is certain.
    """
    space, inner = value
    if space == _NONE or not is_datatype(datatype):
        return not is_datatype(datatype)
    name = datatype.removeprefix(XSD)
    if space.startswith(("http:", "https:", "urn:")) or datatype == f"{RDFS}Literal":
        return True
    if name in _INTEGERS:
        low, high = _INTEGERS[name]
        if not isinstance(inner, Decimal) or inner != inner.to_integral_value():
            return False
        return (low is None or inner >= low) and (high is None or inner <= high)
    if name in _STRINGS or name == "dateTimeStamp":
        wanted, form = ("string", _STRINGS[name]) if name in _STRINGS else ("dateTime", _STAMP)
        return space == wanted and form.fullmatch(str(inner)) is not None
    return space in _SPACES.get(datatype, (name,))


_STAMP: Final = re.compile(".*Z")
_SPACES: Final = {f"{RDF}PlainLiteral": ("string", "langString"), f"{RDF}langString": ("langString",)}


def _decimal(text: str) -> Value:
    return "decimal", Decimal(text)


def _float(text: str) -> Value:
    value = float(text)
    try:
        return "float", repr(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return "float", "inf" if value > 0 else "-inf"


def _date_time(text: str) -> Value:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return "dateTime", moment.isoformat()
    return "dateTime", f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


_PARSERS: Final[dict[str, Callable[[str], Value]]] = {
    "decimal": _decimal,
    "integer": _decimal,
    "double": lambda text: ("double", repr(float(text))),
    "float": _float,
    "boolean": lambda text: ("boolean", text in {"true", "1"}),
    "hexBinary": lambda text: ("hexBinary", text.upper()),
    "base64Binary": lambda text: ("base64Binary", text.replace(" ", "")),
    "dateTime": _date_time,
}


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        if code := match[1] or match[2]:
            return chr(int(code, 16))
        return _ESCAPES.get(match[3], match[3])

    return _ESCAPE.sub(character, text)
