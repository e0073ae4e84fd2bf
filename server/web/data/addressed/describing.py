"""What is said of an address: its parameters, what is sent to it, and in which formats it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ....serialization import BIBTEX, CSL, CSV, HTML, JSON, MARKDOWN, RDF_PATCH, REFERENCE, RIS, Format, triples_formats
from ...open_release import OpenRelease

Schema = Mapping[str, Any]
"""A JSON Schema (draft 2020-12, which OpenAPI 3.1 takes)."""
OfRelease = Callable[[OpenRelease], Schema]
"""Makes the schema of a parameter from what a release has."""
TEXT: Final[Schema] = MappingProxyType({"type": "string"})


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query of an address."""

    name: str
    meaning: str
    schema: Schema | OfRelease = field(default_factory=lambda: TEXT)
    is_repeated: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Body:
    """What is sent with POST."""

    media_type: str
    schema: Schema
    also: tuple[str, ...] = ()
    """Other media types, of which the body is the text itself."""


@dataclass(frozen=True)
class Address:
    """What is known of the addresses of a route."""

    group: str
    formats: Callable[[], tuple[Format, ...]] | tuple[Format, ...] = ()
    """Those of a document that is negotiated, and that each extension yields."""
    media_types: tuple[str, ...] = ()
    """Those of an answer that has no other."""
    parameters: tuple[Parameter, ...] = ()
    parts: Mapping[str, Schema | OfRelease] = field(default_factory=dict)
    """What stands in the path, by name."""
    body: Body | None = None
    leads: bool = False
    """Whether the answer is a redirect."""
    may_be_silent: bool = False
    """Whether there may be no answer but that the request was received (202)."""
    has_links: bool = True
    """Whether its links are offered as a link set, as for every negotiated document with a page (`documents.py`)."""
    answer: Schema | None = None
    """What its plain JSON is."""

    def formats_now(self) -> tuple[Format, ...]:
        """Return its formats; other packages may have added some."""
        return self.formats() if callable(self.formats) else self.formats


def whole(least: int, most: int, usual: int | None = None) -> Schema:
    """Return the schema of a whole number in a range."""
    return {"type": "integer", "minimum": least, "maximum": most, **({} if usual is None else {"default": usual})}


def one_of(*values: str) -> Schema:
    """Return the schema of one of some texts."""
    return {"type": "string", "enum": list(values)}


def text(most: int) -> Schema:
    """Return the schema of a text that has so many characters at most."""
    return {"type": "string", "maxLength": most}


def form(*names: str, others: bool = False) -> Body:
    """Return the body of a form with fields of text; other fields of text may be allowed, whatever their names."""
    fields: dict[str, Any] = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    if others:
        fields["additionalProperties"] = dict(TEXT)
    return Body("application/x-www-form-urlencoded", fields)


def classes(release: OpenRelease) -> Schema:
    """Return the schema of the name of a page class."""
    return one_of(*release.namespaces.classes)


def statuses(release: OpenRelease) -> Schema:
    """Return the schema of the name of a status."""
    return one_of(*release.finder.index.statuses)


def paged(usual: int, most: int) -> tuple[Parameter, ...]:
    """Return the parameters of what comes in pages."""
    return (
        Parameter("page", "Which page, from 1.", whole(1, 10**6, 1)),
        Parameter("size", "How many on each page.", whole(1, most, usual)),
    )


CLASS: Final = Parameter("class", "Only entities of this class; may be repeated.", classes, is_repeated=True)
MEDIA_TYPE: Final = Parameter("_mediatype", "The media type of the answer, in place of the header Accept.")
MOMENTS: Final = (
    Parameter("from", "The earlier moment: a commit, or a date with or without a time.", text(80)),
    Parameter("to", "The later one.", text(80)),
)
SLUG: Final[Schema] = MappingProxyType({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"})
ID: Final = Parameter("id", "A CURIE, an IRI, or an identifier of others.", is_required=True)

PAGES, DATA, QUERIES, RECONCILIATION, SERVER = (
    "Entities and lists",
    "Data as a whole",
    "Search and queries",
    "Reconciliation",
    "The site and the server",
)
GROUPS: Final = (PAGES, DATA, QUERIES, RECONCILIATION, SERVER)
"""What addresses are for, in the order in which they are listed."""

LIST: Final = (HTML, MARKDOWN, CSV, JSON)
REFERENCES: Final = (BIBTEX, RIS, CSL, REFERENCE)
DIFFERENCE: Final = (HTML, MARKDOWN, JSON, RDF_PATCH)


def with_html() -> tuple[Format, ...]:
    """Return the formats of a page that is offered as RDF too."""
    return (HTML, *triples_formats())
