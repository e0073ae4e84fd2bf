"""Answers to queries: their kinds, and the formats that they are written in as they are computed."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Mapping
from typing import IO, Final, Protocol, cast

import pyoxigraph as ox

from ..errors import UsageError

RESULT_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
"""SPARQL result formats for SELECT and ASK. CSV and TSV carry no ASK (SPARQL 1.1 CSV/TSV, section 1)."""

RDF_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
"""RDF formats for CONSTRUCT, DESCRIBE and whole graphs."""


PAGE: Final = "page"
"""The format of what an HTML page shows of an answer: an excerpt, as JSON."""
_ROWS_OF_PAGE: Final = 1000


class BinaryWriter(Protocol):
    """What an answer can be written to."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes and return how many."""

    def flush(self) -> None:
        """Pass on what was taken."""


class Answer:
    """The answer to one query: `kind` is `solutions`, `boolean` or `triples`."""

    def __init__(self, results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, prefixes: Mapping[str, str]):
        self._results = results
        self._prefixes = prefixes
        self.kind = (
            "solutions"
            if isinstance(results, ox.QuerySolutions)
            else "boolean"
            if isinstance(results, ox.QueryBoolean)
            else "triples"
        )

    @property
    def default_format(self) -> str:
        """The name of the format that suits a terminal."""
        return {"solutions": "csv", "boolean": "json", "triples": "ttl"}[self.kind]

    def serialize(self, name: str) -> bytes:
        """Return the answer in a format; see `write`."""
        buffer = io.BytesIO()
        self.write(name, buffer)
        return buffer.getvalue()

    def write(self, name: str, output: BinaryWriter) -> None:
        """Write the answer as it is computed in the format `name`: of RDF_FORMATS for triples, else of RESULT_FORMATS.

        With PAGE, write the excerpt for a page. Raises UsageError when the answer cannot be written in that format.
        """
        if name == PAGE:
            output.write(json.dumps(self._excerpt(_ROWS_OF_PAGE)).encode())
            return
        offered = RDF_FORMATS if self.kind == "triples" else RESULT_FORMATS
        if name not in offered or (self.kind == "boolean" and name in {"csv", "tsv"}):
            raise UsageError(
                f"An answer of the kind {self.kind} cannot be written as {name}.",
                f"choose {self.default_format}, for instance.",
            )
        target = cast("IO[bytes]", output)
        if isinstance(self._results, ox.QueryTriples):
            ox.serialize(self._results, target, format=RDF_FORMATS[name], prefixes=dict(self._prefixes))
        elif isinstance(self._results, ox.QuerySolutions):
            self._results.serialize(target, format=RESULT_FORMATS[name])
        else:
            output.write(_written(self._results, name))

    def _excerpt(self, most: int) -> dict[str, object]:
        """Return at most `most` rows or triples for a page to show, and the number of all.

        A row is a list of pairs: the text of a term, and the IRI that it is, or an empty text.
        """
        if isinstance(self._results, ox.QueryBoolean):
            return {"boolean": bool(self._results)}
        if isinstance(self._results, ox.QueryTriples):
            first = list(itertools.islice(self._results, most))
            text = ox.serialize(first, format=ox.RdfFormat.TURTLE, prefixes=dict(self._prefixes))
            assert text is not None
            return {"text": text.decode(), "count": len(first) + sum(1 for _ in self._results)}
        names = [variable.value for variable in self._results.variables]
        rows = [[_cell(term) for term in solution] for solution in itertools.islice(self._results, most)]
        return {"names": names, "rows": rows, "count": len(rows) + sum(1 for _ in self._results)}


def _written(result: ox.QueryBoolean, name: str) -> bytes:
    """Return a boolean in a format; there are so few of these texts that each is made once."""
    key = bool(result), name
    if key not in _BOOLEANS:
        text = result.serialize(format=RESULT_FORMATS[name])
        assert text is not None
        _BOOLEANS[key] = text
    return _BOOLEANS[key]


_BOOLEANS: Final[dict[tuple[bool, str], bytes]] = {}


def _cell(term: object) -> tuple[str, str]:
    if term is None:
        return "", ""
    if isinstance(term, ox.NamedNode):
        return term.value, term.value
    return (term.value if isinstance(term, ox.Literal) else str(term)), ""
