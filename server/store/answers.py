"""Answers to queries: their kinds, and the formats that they are written in as they are computed."""

from __future__ import annotations

import io
import itertools
import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import IO, Final, Protocol, cast

import pyoxigraph as ox

from ..errors import UsageError
from ..namespaces import XSD
from ..serialization import (
    BOOLEAN_FORMATS,
    EXCEL_CSV,
    RESULTS_XML,
    SHEET_CSV,
    SHEET_FORMATS,
    Format,
    rows_formats,
    triples_formats,
)
from ..sparql.terms import Row
from ..spreadsheets import write_harmless
from .labels import NONE, Called, Select, beside, labels_of
from .writing import as_xml, write_triples

PAGE: Final = "page"
"""The format of what an HTML page shows of an answer: an excerpt, as JSON."""
LONG_PAGE: Final = "page.long"
"""The same, longer: for data that come with labels."""
_EXCERPTS: Final[Mapping[str, int]] = {PAGE: 1000, LONG_PAGE: 20_000}
"""How many rows or triples each has."""
_AT_ONCE: Final = 1000
"""How many rows are looked at together for what their IRIs are called."""


_NUMBERS: Final = (
    "byte decimal double float int integer long negativeInteger nonNegativeInteger nonPositiveInteger positiveInteger "
    "short unsignedByte unsignedInt unsignedLong unsignedShort"
)
_KINDS: Final = {f"{XSD}{name}": "number" for name in _NUMBERS.split()} | {
    f"{XSD}{name}": "date" for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth")
}
"""Which literals can be drawn: numbers, and moments on the scale of time (XML Schema 1.1, part 2, section 3.3)."""


class BinaryWriter(Protocol):
    """What an answer can be written to."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes and return how many."""

    def flush(self) -> None:
        """Pass on what was taken."""


def _nothing(_query: str) -> list[Row]:
    return []


class Answer:
    """The answer to one query: `kind` is `solutions`, `boolean` or `triples`."""

    def __init__(
        self,
        results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
        prefixes: Mapping[str, str],
        select: Select = _nothing,
    ):
        """Take what the engine found; `select` answers the question what its IRIs are called."""
        self._results = results
        self._prefixes = prefixes
        self._select = select
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
        """Write the answer as it is computed in the format `name`, which must be one for answers of its kind.

        With PAGE, write the excerpt for a page. Raises UsageError when answers of this kind are not written in that
        format, and UnwritableError when this one cannot be.
        """
        if name in _EXCERPTS:
            output.write(json.dumps(self._excerpt(_EXCERPTS[name])).encode())
            return
        chosen = _formats(self.kind).get(name)
        if chosen is None:
            raise UsageError(
                f"An answer of the kind {self.kind} cannot be written as {name}.",
                f"choose {self.default_format}, for instance.",
            )
        target = cast("IO[bytes]", output)
        if isinstance(self._results, ox.QueryTriples):
            write_triples(self._results, target, chosen, self._prefixes)
        elif not isinstance(self._results, ox.QuerySolutions):
            output.write(_written(self._results, chosen))
        elif chosen is EXCEL_CSV:
            self._write_labelled(self._results, target)
        elif chosen in SHEET_FORMATS:
            names = [variable.value for variable in self._results.variables]
            texts = ([_cell(term)[0] for term in solution] for solution in self._results)
            write_harmless(names, texts, target, "," if chosen is SHEET_CSV else "\t")
        elif chosen.write_rows is not None:
            names = [variable.value for variable in self._results.variables]
            rows = ([str(term) if term is not None else "" for term in solution] for solution in self._results)
            chosen.write_rows(names, rows, target)
        else:
            target = as_xml(target, chosen) if chosen is RESULTS_XML else target
            self._results.serialize(target, format=ox.QueryResultsFormat.from_media_type(chosen.media_type))

    def _excerpt(self, most: int) -> dict[str, object]:
        """Return at most `most` rows or triples for a page to show, and the number of all.

        A row is a list of the text of each term, the IRI that it is or an empty text, and the kind of literal:
        `number`, `date`, or an empty text. `labels` has for an IRI what it is called, and its page class.
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
        labels = self._labels(rows)
        # What tells an empty answer comes last: see `is_nothing`.
        return {"names": names, "labels": labels, "rows": rows, "count": len(rows) + sum(1 for _ in self._results)}

    def _labels(self, rows: Iterable[Sequence[Cell]]) -> dict[str, Called]:
        iris = dict.fromkeys(iri for row in rows for _, iri, _ in row if iri)
        return labels_of(iris, self._select)

    def _write_labelled(self, results: ox.QuerySolutions, target: IO[bytes]) -> None:
        """Write rows for Excel; the first rows decide which columns have one of labels beside them."""
        names = [variable.value for variable in results.variables]
        read = ([_cell(term) for term in solution] for solution in results)
        first = list(itertools.islice(read, _AT_ONCE))
        known = self._labels(first)
        holding = [
            name for place, name in enumerate(names) if any(known.get(row[place][1], NONE).label for row in first)
        ]
        added = beside(names, holding)
        heads = [head for name in names for head in (name, *([added[name]] if name in added else []))]

        def lines() -> Iterator[list[str]]:
            part, called = first, known
            while part:
                for row in part:
                    yield [
                        text
                        for name, (written, iri, _) in zip(names, row, strict=True)
                        for text in (written, *([called.get(iri, NONE).label] if name in added else []))
                    ]
                part = list(itertools.islice(read, _AT_ONCE))
                called = self._labels(part)

        target.write(BOM_UTF8)
        write_harmless(heads, lines(), target, ",")


_ENDS_OF_NOTHING: Final[Mapping[str, tuple[bytes, ...]]] = {
    "json": (b'"bindings":[]}}', b'"boolean":false}'),
    "xml": (b"<results></results></sparql>", b"<results/></sparql>", b"<boolean>false</boolean></sparql>"),
    "jsonld": (b"[]",),
    **dict.fromkeys(_EXCERPTS, (b'"count": 0}', b'"boolean": false}')),
}
"""How the body of an answer ends that has no row and no triple, or says no, by the format."""


def is_nothing(format_name: str, body: bytes) -> bool:
    """Tell whether an answer has no row and no triple, or says no. In a format of another package it never does."""
    body = body.rstrip()
    if format_name in _ENDS_OF_NOTHING:
        return body.endswith(_ENDS_OF_NOTHING[format_name])
    if format_name in {"csv", "tsv", "sheet.csv", "sheet.tsv", "excel.csv"}:
        return b"\n" not in body
    if format_name in {"ttl", "trig"}:
        return not body or body[body.rfind(b"\n") + 1 :].startswith(b"@prefix ")
    if format_name in {"nt", "nq"}:
        return not body
    return format_name == "rdf" and b"<rdf:Description" not in body


@cache
def _formats(kind: str) -> Mapping[str, Format]:
    """Return the formats for answers of a kind, by name."""
    rows = (*rows_formats(), *SHEET_FORMATS)
    offered = {"triples": triples_formats(), "boolean": BOOLEAN_FORMATS, "solutions": rows}[kind]
    return {one.name: one for one in offered}


def _written(result: ox.QueryBoolean, chosen: Format) -> bytes:
    """Return a boolean in a format; there are so few of these texts that each is made once."""
    key = bool(result), chosen
    if key not in _BOOLEANS:
        text = result.serialize(format=ox.QueryResultsFormat.from_media_type(chosen.media_type))
        assert text is not None
        _BOOLEANS[key] = text
    return _BOOLEANS[key]


_BOOLEANS: Final[dict[tuple[bool, Format], bytes]] = {}


Cell = tuple[str, str, str]
"""The text of a term, the IRI that it is or an empty text, and of which kind of literal it is."""


def _cell(term: object) -> Cell:
    if term is None:
        return "", "", ""
    if isinstance(term, ox.NamedNode):
        return term.value, term.value, ""
    if isinstance(term, ox.Literal):
        return term.value, "", _KINDS.get(term.datatype.value, "")
    return str(term), "", ""
