"""Writes RDF/XML (RDF 1.1 XML Syntax), triple by triple, and refuses by name what it has no way to say.

The engine's own writer takes any predicate or class for a name of XML and any character for one of XML, so that what it
writes may be no XML. Names are those that readers of the fourth edition of XML 1.0 take as well, such as expat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import IO, Final
from xml.parsers import expat

import pyoxigraph as ox

from ..errors import UnwritableError
from ..namespaces import RDF, XSD

OTHERS: Final = "ask for another format, such as Turtle or N-Triples, which can."
_LETTERS: Final = (
    r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    r"\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_NAMES: Final = (
    re.compile(rf"[{_LETTERS}][{_LETTERS}0-9.\-\u00b7\u0300-\u036f\u203f\u2040]*\Z"),
    re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z"),
)
"""The longest end of an IRI that is a name (Namespaces in XML 1.0, NCName), and the longest one in ASCII."""
_LABEL: Final = re.compile(r"[A-Za-wyz_][A-Za-z0-9_-]*")
_SPECIAL: Final = re.compile('[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')
_WRITTEN: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
"""A carriage return as it is would be read as the end of a line (XML 1.0, section 2.11)."""
_RESERVED: Final = frozenset(
    f"{RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "version", "annotation", "annotationNodeID"),
    )
)
"""What no predicate may be (section 6.1.4), and what RDF 1.2 adds to that."""
_NOT_TO_DECLARE: Final = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
"""Namespaces of which no prefix may be declared (Namespaces in XML 1.0, section 3)."""
_UNSAID: Final = frozenset((f"{XSD}string", f"{RDF}langString", f"{RDF}dirLangString"))
_PIECE: Final = 64 * 1024
_SHOWN: Final = 60


def write_rdf_xml(triples: Iterable[ox.Triple], output: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write triples to `output`. Raises UnwritableError for a predicate or a text that is none in XML."""
    declared = {"rdf": RDF, **{name: iri for name, iri in prefixes.items() if _may_declare(name, iri)}}
    names = _Names({iri: name for name, iri in declared.items()})
    pieces, size = [], 0
    for piece in _pieces(triples, declared, names):
        pieces.append(piece)
        size += len(piece)
        if size > _PIECE:
            output.write("".join(pieces).encode())
            pieces, size = [], 0
    output.write("".join(pieces).encode())


def _pieces(triples: Iterable[ox.Triple], declared: Mapping[str, str], names: _Names) -> Iterator[str]:
    heads = "".join(f' xmlns:{name}="{_text(iri)}"' for name, iri in sorted(declared.items()))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{heads}>\n'
    before, end = None, ""
    for triple in triples:
        subject = triple.subject
        if subject != before:
            yield f"{end}  <rdf:Description {_node(subject)}>\n"
            before, end = subject, "  </rdf:Description>\n"
        yield f"    {_property(triple, names)}\n"
    yield f"{end}</rdf:RDF>\n"


class _Names:
    """The elements of predicates, by their IRIs: the name with its prefix, and what declares it where nothing does."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._known: dict[str, tuple[str, str]] = {}

    def of(self, predicate: str) -> tuple[str, str]:
        found = self._known.get(predicate)
        if found is None:
            cut = name_start(predicate)
            if cut is None:
                raise UnwritableError(
                    f"The predicate <{predicate}> cannot be written as RDF/XML: it does not end in a name of XML that "
                    "RDF leaves free.",
                    OTHERS,
                )
            space, name = predicate[:cut], predicate[cut:]
            prefix = self._prefixes.get(space)
            found = (f"{prefix}:{name}", "") if prefix else (name, f' xmlns="{_text(space)}"')
            self._known[predicate] = found
        return found


@lru_cache(maxsize=4096)
def name_start(predicate: str) -> int | None:
    """Return where the name begins by which a predicate can be written in XML; None where there is none."""
    if predicate in _RESERVED:
        return None
    for pattern in _NAMES:
        found = pattern.search(predicate)
        start = found.start() if found else len(predicate)
        if predicate[:start] in _NOT_TO_DECLARE:
            start += 1
        if pattern.match(predicate, start) and _is_read(predicate[start:]):
            return start
    return None


def _is_read(name: str) -> bool:
    """Tell whether readers of the fourth edition take a name. There are few, and each is tried once."""
    try:
        expat.ParserCreate("UTF-8").Parse(f"<{name}/>".encode(), True)
    except expat.ExpatError:
        return False
    return True


def _may_declare(prefix: str, iri: str) -> bool:
    is_free = not prefix.lower().startswith("xml") and prefix != "rdf" and iri != RDF and iri not in _NOT_TO_DECLARE
    return is_free and _NAMES[1].match(prefix) is not None


def _property(triple: ox.Triple, names: _Names) -> str:
    name, declared = names.of(triple.predicate.value)
    value = triple.object
    if isinstance(value, ox.NamedNode):
        return f'<{name}{declared} rdf:resource="{_text(value.value)}"/>'
    if isinstance(value, ox.BlankNode):
        return f'<{name}{declared} rdf:nodeID="{_label(value)}"/>'
    if isinstance(value, ox.Triple):
        # RDF 1.2 XML Syntax, section 2.19.
        inner = f"<rdf:Description {_node(value.subject)}>{_property(value, names)}</rdf:Description>"
        return f'<{name}{declared} rdf:version="1.2" rdf:parseType="Triple">{inner}</{name}>'
    kind = ""
    if value.language:
        kind = f' xml:lang="{value.language}"'
        if value.direction:
            its = 'xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"'
            kind += f' rdf:version="1.2" {its} its:dir="{value.direction}"'
    elif value.datatype.value not in _UNSAID:
        kind = f' rdf:datatype="{_text(value.datatype.value)}"'
    return f"<{name}{declared}{kind}>{_text(value.value)}</{name}>"


def _node(node: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    if isinstance(node, ox.BlankNode):
        return f'rdf:nodeID="{_label(node)}"'
    assert isinstance(node, ox.NamedNode), node
    return f'rdf:about="{_text(node.value)}"'


def _label(node: ox.BlankNode) -> str:
    """Return a label that is a name in XML; no two nodes have the same."""
    label = node.value
    return label if _LABEL.fullmatch(label) else f"x{label.encode().hex()}"


def _text(text: str) -> str:
    return _SPECIAL.sub(_escaped, text) if _SPECIAL.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    written = _WRITTEN.get(found[0])
    if written is None:
        raise no_character(found[0], found.string[: found.start()], "RDF/XML")
    return written


def no_character(character: str, before: str, label: str) -> UnwritableError:
    """Return the error for a character that XML has no way to write, with the text `before` it."""
    return UnwritableError(
        f"A text has the character U+{ord(character):04X}, after {before[-_SHOWN:]!r}; {label} is XML 1.0, which has "
        "no such character.",
        f"take the character out of the data, or {OTHERS}",
    )
