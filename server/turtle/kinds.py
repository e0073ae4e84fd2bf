"""What kind of RDF a file holds, told by the end of its name and by how it begins; or why it is not read."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Final
from xml.parsers import expat

from ..serialization import JSON_LD, RDF_XML, TURTLE, Format, read_formats

CATALOGUE: Final = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
"""The namespace of an XML catalogue (OASIS XML Catalogs 1.1, section 7)."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_UNREAD: Final = {
    ".ofn": "OWL in functional syntax",
    ".omn": "OWL in Manchester syntax",
    ".owx": "OWL/XML",
    ".obo": "OBO",
    ".trix": "TriX",
    ".rj": "RDF/JSON",
    ".hdt": "HDT",
    ".shaclc": "the compact syntax of SHACL",
    ".shc": "the compact syntax of SHACL",
    ".ttls": "Turtle-star",
    ".yamlld": "YAML-LD",
    ".ndjsonld": "JSON-LD of several documents",
    ".trigs": "TriG-star",
    ".jelly": "Jelly",
    ".shex": "ShEx",
    ".ntriples": "N-Triples, whose name ends in .nt",
    ".nquads": "N-Quads, whose name ends in .nq",
}
"""Ends of names of files that hold statements which are not read here."""
_PACKED: Final = (".bz2", ".xz", ".zst", ".zip", ".7z", ".lz4")
_MARKUP: Final = re.compile(r"<(?:\?xml|!--|!DOCTYPE|(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*[\s/>])")
_COMMENTS: Final = r"\s*(?:#[^\n]*\s+)*"
_SYNTAXES: Final = (
    (re.compile(_COMMENTS + r"(?:Prefix|Ontology|Declaration)\s*\("), "OWL in functional syntax"),
    (re.compile(_COMMENTS + r"(?:Prefix|Ontology|Namespace):\s"), "OWL in Manchester syntax"),
    (re.compile(r"\s*format-version:"), "OBO"),
)
_LINKED: Final = frozenset({"@context", "@id", "@graph", "@type", "@included"})


def suffix_of(path: Path) -> str:
    """Return the end of a file's name that says its format; the file may be gzipped, with `.gz` after that."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def unread_kind(path: Path) -> str:
    """Return what kind of statements a file holds by its name, of the kinds that are not read; else nothing."""
    if path.suffix.lower() in _PACKED and suffix_of(path.with_suffix("")) in {*read_formats(), *_UNREAD}:
        return f"packed as {path.suffix.lower()[1:]}"
    return _UNREAD.get(suffix_of(path), "")


def format_of(suffix: str, text: str) -> Format | str:
    """Return the format of a text in a file with a suffix that is read, or what it is when that is no such format.

    Ontologies in Turtle, functional or Manchester syntax are often called `.owl`; `.xml` and `.json` may be anything.
    """
    syntax = read_formats()[suffix]
    if syntax is RDF_XML:
        return _of_xml(text, suffix) if _MARKUP.match(text.lstrip()) else _of_text(text, suffix)
    if syntax is JSON_LD and suffix == ".json":
        return _of_json(text)
    return syntax


def _of_text(text: str, suffix: str) -> Format | str:
    for pattern, kind in _SYNTAXES:
        if pattern.match(text):
            return kind
    if not text.strip():
        return "empty" if suffix == ".xml" else RDF_XML
    return TURTLE


def _of_xml(text: str, suffix: str) -> Format | str:
    root = root_of(text)
    if root is None:
        # What is not well-formed is a fault of RDF/XML only where there is a sign of that.
        return RDF_XML if suffix != ".xml" or _RDF in text else "XML that is not well-formed"
    (space, _, name), attributes = root[0].rpartition(" "), root[1]
    if (space, name) == (_RDF, "RDF") or any(key.startswith(f"{_RDF} ") for key in attributes):
        return RDF_XML
    if space == CATALOGUE:
        return "an XML catalogue, which says where imports are"
    if (space, name) == (_OWL, "Ontology"):
        return "OWL/XML"
    # A node without an element around it is RDF/XML too (RDF 1.1 XML Syntax, section 2.6).
    if suffix == ".rdf":
        return RDF_XML
    return f"XML, and not RDF: it begins with <{name}>"


def root_of(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the name and the attributes of the first element of XML, each `NAMESPACE NAME`; None where there is none.

    Nothing is fetched, and nothing after that element is read.
    """
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        found.append((name, attributes))
        raise _FoundError

    parser.StartElementHandler = begin
    with suppress(_FoundError, expat.ExpatError):
        parser.Parse(text.encode("utf-8", "replace"), True)
    return found[0] if found else None


class _FoundError(Exception):
    pass


def _of_json(text: str) -> Format | str:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return JSON_LD if '"@context"' in text or '"@id"' in text else "JSON that is not well-formed"
    items = said if isinstance(said, list) else [said]
    if any(isinstance(item, dict) and not _LINKED.isdisjoint(item) for item in items):
        return JSON_LD
    return "JSON, and not JSON-LD"
