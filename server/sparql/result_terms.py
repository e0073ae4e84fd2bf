"""Terms of SPARQL results, as endpoints write them: read as they are, mended where it is clear what was meant.

Endpoints hold what no parser would take: IRIs with blanks, language tags with underscores, bytes of another coding.
One such term is no reason to refuse all the others.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

import pyoxigraph as ox

from .results import RawTerm

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_DEEPEST: Final = 8
"""How deep triple terms may be in each other."""
_NO_IRI: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]|%(?![0-9A-Fa-f]{2})")
_BRACKETS: Final = re.compile(r"[\[\]]")
_LONE: Final = re.compile(r"[\ud800-\udfff]")
_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_TYPES: Final = frozenset(
    f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("langString", "dirLangString")
)
_DIRECTIONS: Final = frozenset({"ltr", "rtl"})
_SHOWN: Final = 100


class ReadTerm(NamedTuple):
    """A term, or None where the row leaves the variable unbound, and what was mended about it."""

    term: Term | None
    mended: str = ""


def read_term(raw: RawTerm, depth: int = 0) -> ReadTerm:
    """Read a term of a row. Raises ValueError, which shows it, where it is not clear what was meant."""
    if raw is None:
        return ReadTerm(None)
    kind, value = (raw.get("type"), raw.get("value")) if isinstance(raw, dict) else (None, None)
    if not isinstance(kind, str):
        raise _odd(raw)
    if kind in {"unbound", "undef"}:
        return ReadTerm(None)
    if kind == "triple" and isinstance(value, dict) and depth < _DEEPEST:
        return _triple(value, depth)
    if isinstance(value, bool | int | float):
        value = json.dumps(value)
    if not isinstance(value, str):
        raise _odd(raw)
    if kind in {"uri", "iri"}:
        return _iri(value)
    if kind == "bnode":
        return ReadTerm(_blank_node(value))
    if kind in {"literal", "typed-literal", "plain-literal"}:
        return _literal(raw, value)
    raise _odd(raw)


def write_term(term: Term) -> RawTerm:
    """Return a term as JSON has it (SPARQL 1.2 Query Results JSON Format, section 3.2.2)."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        names = ("subject", "predicate", "object")
        parts = {name: write_term(part) for name, part in zip(names, term, strict=True)}
        return {"type": "triple", "value": parts}
    given = {"type": "literal", "value": term.value}
    if term.language:
        direction = {"its:dir": term.direction.value} if term.direction else {}
        return {**given, "xml:lang": term.language, **direction}
    return given if term.datatype.value == _XSD_STRING else {**given, "datatype": term.datatype.value}


def _triple(value: dict[str, RawTerm], depth: int) -> ReadTerm:
    """Read a triple term (SPARQL 1.2 Query Results JSON Format, section 3.2.2)."""
    # The community draft before it had shorter names.
    parts = [value.get(name, value.get(name[0])) for name in ("subject", "predicate", "object")]
    read = [read_term(part, depth + 1) for part in parts]
    subject, predicate, object_ = (one.term for one in read)
    if (
        not isinstance(subject, ox.NamedNode | ox.BlankNode)
        or not isinstance(predicate, ox.NamedNode)
        or object_ is None
    ):
        raise _odd({"type": "triple", "value": value})
    return ReadTerm(ox.Triple(subject, predicate, object_), next((one.mended for one in read if one.mended), ""))


def _iri(value: str) -> ReadTerm:
    try:
        return ReadTerm(ox.NamedNode(value))
    except ValueError:
        if value.startswith("_:"):
            return ReadTerm(_blank_node(value), f"{value[:_SHOWN]!r} is no IRI, but a blank node")
    encoded = _NO_IRI.sub(_percent, value.strip())
    for attempt in (encoded, _BRACKETS.sub(_percent, encoded)):
        try:
            return ReadTerm(ox.NamedNode(attempt), f"{value[:_SHOWN]!r} is no IRI, and is percent-encoded")
        except ValueError:
            continue
    raise ValueError(f"{value[:_SHOWN]!r} is no IRI")


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _blank_node(value: str) -> ox.BlankNode:
    """Return a node for a label, which may be anything: the same for the same label, and for no other."""
    return ox.BlankNode("b" + value.removeprefix("_:").encode("utf-8", "surrogatepass").hex())


def _literal(raw: dict[str, RawTerm], value: str) -> ReadTerm:
    mended = ""
    if _LONE.search(value):
        value = _LONE.sub("\ufffd", value)
        mended = f"{value[:_SHOWN]!r} has characters that are none"
    keys = (("xml:lang", "lang"), ("datatype",), ("its:dir",))
    language, datatype, direction = (next((raw[key] for key in some if raw.get(key)), "") for some in keys)
    if not all(isinstance(one, str) for one in (language, datatype, direction)):
        raise _odd(raw)
    if language:
        way = ox.BaseDirection(direction) if direction in _DIRECTIONS else None
        for tag in (language, language.replace("_", "-")):
            try:
                literal = ox.Literal(value, language=tag, direction=way)
            except ValueError:
                mended = mended or f"{language[:_SHOWN]!r} is no language tag"
                continue
            return ReadTerm(literal, mended)
        return ReadTerm(ox.Literal(value), mended)
    if not datatype or datatype == _XSD_STRING or datatype in _LANGUAGE_TYPES:
        return ReadTerm(ox.Literal(value), mended)
    kind = _iri(datatype)
    assert isinstance(kind.term, ox.NamedNode)
    return ReadTerm(ox.Literal(value, datatype=kind.term), mended or kind.mended)


def _odd(raw: RawTerm) -> ValueError:
    return ValueError(f"{json.dumps(raw, ensure_ascii=True)[:_SHOWN]} is no term")
