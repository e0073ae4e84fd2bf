"""The one table of formats: the name, reader and writer of each.

Negotiation, link headers, descriptions of the service and the data, downloads, `akb query --format` and what
`--data` reads are all looked up here. Other packages add rows (docs/extending.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO, Final

from .errors import UsageError
from .extensions import Group, of_type

_JSON: Final = "application/json"
_W3C: Final = "http://www.w3.org/ns/formats/"

Write = Callable[[Iterable[str], IO[bytes], Mapping[str, str]], None]
"""Writes triples, each a line of N-Triples, to a file; the last argument has namespaces by prefix, which it may use."""
WriteRows = Callable[[Sequence[str], Iterable[Sequence[str]], IO[bytes]], None]
"""Writes the names of the variables of a SELECT and its rows, of terms as in N-Triples (or empty), to a file."""
Read = Callable[[str, str], str]
"""Returns what a text says as N-Triples; relative IRIs are resolved against the second argument.

A text that is not in the format is a ValueError or SyntaxError; the latter may name a line and a column.
"""


# Formats are singletons, compared by identity: tuples of them are looked up for every request.
@dataclass(frozen=True, eq=False)
class Format:
    """A format that something can be served in.

    `name` is the extension of its URLs and files; the first of `media_types` is the one that an answer declares, the
    others are names under which clients ask for it; `aliases` are other values of `format=` that mean it, which SPARQL
    clients send.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    iri: str = ""
    """The IRI of the format in W3C's list of unique URIs for file formats, or another; empty where it has none."""
    suffixes: tuple[str, ...] = ()
    """Other file suffixes, each with its dot."""
    write: Write | None = None
    """Writes it, where it is an RDF format that the store's engine does not write."""
    write_rows: WriteRows | None = None
    """Writes the rows of a SELECT in it, where the store's engine does not."""
    read: Read | None = None
    """Reads it, where it is an RDF format that the store's engine does not read."""

    @property
    def media_type(self) -> str:
        """The media type of an answer in this format."""
        return self.media_types[0]

    @property
    def content_type(self) -> str:
        """The Content-Type header of an answer in this format."""
        textual = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if textual else self.media_type


HTML: Final = Format("html", "HTML", ("text/html", "application/xhtml+xml"))
JSON_LD: Final = Format(
    "jsonld", "JSON-LD", ("application/ld+json", _JSON), ("json",), f"{_W3C}JSON-LD", suffixes=(".json",)
)
TURTLE: Final = Format(
    "ttl",
    "Turtle",
    ("text/turtle", "application/x-turtle", "text/n3", "text/rdf+n3"),
    (),
    f"{_W3C}Turtle",
    suffixes=(".turtle",),
)
N_TRIPLES: Final = Format(
    "nt", "N-Triples", ("application/n-triples", "text/ntriples"), ("text/plain",), f"{_W3C}N-Triples"
)
N_QUADS: Final = Format("nq", "N-Quads", ("application/n-quads", "text/x-nquads", "text/nquads"), (), f"{_W3C}N-Quads")
TRIG: Final = Format("trig", "TriG", ("application/trig", "application/x-trig"), (), f"{_W3C}TriG")
RDF_XML: Final = Format(
    "rdf",
    "RDF/XML",
    ("application/rdf+xml",),
    ("xml", "application/xml", "text/xml", "pretty-xml", "owl"),
    f"{_W3C}RDF_XML",
    suffixes=(".owl", ".xml"),
)
N3: Final = Format("n3", "N3", ("text/n3", "text/rdf+n3"), (), f"{_W3C}N3")
"""Only read: it says more than RDF can."""
MARKDOWN: Final = Format("md", "Markdown", ("text/markdown", "text/x-markdown"))
CSV: Final = Format("csv", "CSV", ("text/csv",))
"""A table of a document, for spreadsheets: what these would run is marked as text (`spreadsheets.py`)."""
RAW_CSV: Final = Format("raw.csv", "CSV, every cell as it is", ("text/csv",))
"""The same table for programs. Its address names it; a client that accepts `text/csv` gets the other."""
JSON: Final = Format("json", "JSON", (_JSON,))
BIBTEX: Final = Format("bib", "BibTeX", ("application/x-bibtex", "text/x-bibtex"))
RIS: Final = Format("ris", "RIS", ("application/x-research-info-systems",))
CSL: Final = Format("csl.json", "CSL-JSON", ("application/vnd.citationstyles.csl+json",))
REFERENCE: Final = Format("txt", "plain text", ("text/plain", "text/x-bibliography"))
"""A reference as a line of text."""
LINKSET: Final = Format("linkset.json", "Links", ("application/linkset+json",))
"""Every link of a document and its other formats (RFC 9264, section 4.2)."""
RDF_PATCH: Final = Format("rdfp", "RDF Patch", ("application/rdf-patch", "text/rdf-patch"))
"""The triples that were removed and added, in the order in which they are to be (RDF Patch, of Apache Jena)."""
LINK_FORMAT: Final = Format("link", "link format", ("application/link-format",))
"""A list of the versions of a document (RFC 7089, section 5, and RFC 6690)."""
ATOM: Final = Format("atom", "Atom", ("application/atom+xml",))
JSON_FEED: Final = Format("json", "JSON Feed", ("application/feed+json", _JSON))
PROBLEM: Final = Format("problem.json", "Problem", ("application/problem+json", _JSON))

RESULTS_JSON: Final = Format(
    "json",
    "JSON",
    ("application/sparql-results+json", _JSON, "text/json"),
    ("srj", "sparql-json"),
    f"{_W3C}SPARQL_Results_JSON",
)
RESULTS_XML: Final = Format(
    "xml",
    "XML",
    ("application/sparql-results+xml", "application/xml", "text/xml"),
    ("srx", "sparql-xml"),
    f"{_W3C}SPARQL_Results_XML",
)
RESULTS_CSV: Final = Format("csv", "CSV", ("text/csv",), (), f"{_W3C}SPARQL_Results_CSV")
RESULTS_TSV: Final = Format("tsv", "TSV", ("text/tab-separated-values",), (), f"{_W3C}SPARQL_Results_TSV")
SHEET_CSV: Final = Format("sheet.csv", "CSV for spreadsheets", ("text/csv",))
SHEET_TSV: Final = Format("sheet.tsv", "TSV for spreadsheets", ("text/tab-separated-values",))
"""What pages offer in place of the two before, which are as SPARQL 1.1 Query Results CSV and TSV Formats has them."""

EXCEL_CSV: Final = Format("excel.csv", "CSV for Excel, with labels", ("text/csv",))
"""The same with a byte order mark, by which Excel knows UTF-8, and beside each column of IRIs one of their labels."""

SHEET_FORMATS: Final = (SHEET_CSV, SHEET_TSV, EXCEL_CSV)
"""Further formats of a SELECT, which are named and never negotiated."""
BOOLEAN_FORMATS: Final = (RESULTS_JSON, RESULTS_XML)
"""The formats of an ASK. CSV and TSV carry no ASK (SPARQL 1.1 CSV/TSV, section 1)."""
REFERENCE_FORMATS: Final = (BIBTEX, RIS, CSL, REFERENCE)
"""The formats of a reference to an entity, beside those of the document about it."""
FURTHER_FORMATS: Final = (*REFERENCE_FORMATS, RDF_PATCH, LINK_FORMAT)
"""The formats of some documents only."""
FEED_FORMATS: Final = (ATOM, JSON_FEED)
"""The formats in which programs read a feed (RFC 4287; JSON Feed 1.1)."""
PROBLEM_FORMATS: Final = (PROBLEM, HTML)
"""The formats of an error."""

_GRAPHS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
QUAD_FORMATS: Final = (TRIG, N_QUADS)
"""The formats that can name graphs."""
_ROWS: Final = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)


@cache
def graph_formats() -> tuple[Format, ...]:
    """Return the formats of the service description, and those of a whole graph in which it has no name."""
    return (*_GRAPHS, *(one for one in _added() if one.write))


@cache
def triples_formats() -> tuple[Format, ...]:
    """Return the formats of a CONSTRUCT or DESCRIBE, of the triples of a document, and of a whole graph."""
    return (*_GRAPHS, *QUAD_FORMATS, *(one for one in _added() if one.write))


@cache
def document_formats() -> tuple[Format, ...]:
    """Return the formats of an entity, a class, the ontology or the dataset; the first is the default."""
    rest = (one for one in _added() if one.write)
    return (HTML, JSON_LD, TURTLE, N_TRIPLES, N_QUADS, TRIG, RDF_XML, *rest, MARKDOWN, CSV, JSON)


@cache
def rows_formats() -> tuple[Format, ...]:
    """Return the formats of a SELECT."""
    return (*_ROWS, *(one for one in _added() if one.write_rows))


@cache
def answer_formats() -> dict[str, Format]:
    """Return the formats of queries of any kind, by name."""
    return {one.name: one for one in (*rows_formats(), *triples_formats())}


@cache
def read_formats() -> dict[str, Format]:
    """Return the RDF formats that are read, by file suffix with its dot."""
    readable = (TURTLE, N_TRIPLES, N_QUADS, TRIG, RDF_XML, JSON_LD, N3, *(one for one in _added() if one.read))
    return {suffix: one for one in readable for suffix in (f".{one.name}", *one.suffixes)}


@cache
def _added() -> tuple[Format, ...]:
    """Return the formats that other packages add. Raises UsageError for one whose name or media type is taken."""
    found: tuple[Format, ...] = of_type(Group.FORMATS, Format)
    taken: set[str] = set()
    for one in (*_BUILT_IN, *found):
        words = {one.name, *one.media_types, *(suffix.removeprefix(".") for suffix in one.suffixes)}
        if one in found and words & taken:
            names = " and ".join(sorted(words & taken))
            raise UsageError(
                f"A package adds the format {one.label!r}, but another format has {names} already.",
                "give it a name, a suffix and a media type of its own.",
            )
        taken |= words
    return found


_BUILT_IN: Final = (
    *(HTML, *_GRAPHS, *QUAD_FORMATS, N3, MARKDOWN, CSV, RAW_CSV, JSON, *_ROWS, *SHEET_FORMATS),
    *(*FURTHER_FORMATS, LINKSET, PROBLEM),
)
