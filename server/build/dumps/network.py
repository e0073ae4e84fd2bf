"""The entities and edges of a base as GraphML 1.0, for programs that analyse and draw networks, such as NetworkX.

Every edge is directed, as it is stored; a predicate that has no direction is marked as `symmetric`. Readers such as
NetworkX take no graph that has edges of both kinds.
"""

from __future__ import annotations

import sqlite3
from typing import IO, Final
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from ...formats.texts import readable

_NODE: Final = ("iri", "class", "label", "definition", "status", "edges")
_EDGE: Final = ("predicate", "phrase", "note", "source", "locator", "confidence", "status", "symmetric")
_TYPES: Final = {"confidence": "double", "edges": "int", "symmetric": "boolean"}
_ATTRIBUTES: Final = {"xmlns": "http://graphml.graphdrawing.org/xmlns"}


def write_graphml(tables: sqlite3.Connection, output: IO[bytes]) -> int:
    """Write the network, row by row, and return how many entities and edges it has."""
    writer = _Writer(output)
    writer.start("graphml", _ATTRIBUTES)
    for domain, names in (("node", _NODE), ("edge", _EDGE)):
        for name in names:
            kind = _TYPES.get(name, "string")
            writer.empty("key", {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": kind})
    writer.start("graph", {"edgedefault": "directed"})
    count = 0
    for row in tables.execute("SELECT id, iri, class, label, definition, status, edges FROM entity ORDER BY id"):
        writer.start("node", {"id": row["id"]})
        writer.data("node", {name: row[name] for name in _NODE})
        writer.end("node")
        count += 1
    query = """SELECT edge.id, subject, object, predicate, label AS phrase, note, source, locator, confidence, status,
      CASE is_symmetric WHEN 1 THEN 'true' ELSE 'false' END AS symmetric
      FROM edge JOIN predicate ON predicate.id = predicate ORDER BY edge.id"""
    for row in tables.execute(query):
        writer.start("edge", {"id": row["id"], "source": row["subject"], "target": row["object"]})
        writer.data("edge", {name: row[name] for name in _EDGE})
        writer.end("edge")
        count += 1
    writer.end("graph")
    writer.end("graphml")
    writer.finish()
    return count


class _Writer:
    """Writes elements, each at the beginning of a line."""

    def __init__(self, output: IO[bytes]) -> None:
        self._xml = XMLGenerator(output, "utf-8", short_empty_elements=True)
        self._xml.startDocument()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._xml.startElement(name, AttributesImpl({key: readable(value) for key, value in attributes.items()}))
        self._xml.ignorableWhitespace("\n")

    def end(self, name: str) -> None:
        self._xml.endElement(name)
        self._xml.ignorableWhitespace("\n")

    def empty(self, name: str, attributes: dict[str, str]) -> None:
        self._xml.startElement(name, AttributesImpl(attributes))
        self.end(name)

    def data(self, domain: str, values: dict[str, object]) -> None:
        """Write the values that there are."""
        for name, value in values.items():
            if value is not None and value != "":
                self._xml.startElement("data", AttributesImpl({"key": f"{domain}-{name}"}))
                self._xml.characters(readable(str(value)))
                self.end("data")

    def finish(self) -> None:
        self._xml.endDocument()
