"""The downloads of a release: the base as files, in the formats in which others take it away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

FORMATS: Final = (
    *("ttl", "nt", "nq", "trig", "jsonld", "csv", "parquet", "sqlite", "graphml", "bib", "ris", "csl", "md"),
)
"""The names of the formats in which a build writes downloads, in the order in which they are listed."""
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,99}")
"""The pattern of a file name, which leads to no other folder."""
GZIP: Final = "application/gzip"
ZIP: Final = "application/zip"


class Scope(StrEnum):
    """What a download is of."""

    ALL = "all"
    """The whole base."""
    GRAPH = "graph"
    """One named graph."""
    CLASS = "class"
    """The entities of one page class, with the edges that start from them."""
    TABLE = "table"
    """One table."""
    WORKS = "works"
    """The references to all works."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    meaning: str
    type: str = "text"
    """`text`, `texts` (several), `integer` or `number`."""


@dataclass(frozen=True)
class Download:
    """One file of the downloads of a release."""

    name: str
    """Its file name."""
    title: str
    format: str
    """One of FORMATS."""
    label: str
    """What the format is called."""
    scope: Scope
    of: str
    """The name of its graph, class or table; empty for the whole."""
    media_type: str
    """The media type of what it holds, which may be compressed."""
    compression: str
    """GZIP or ZIP; empty for none."""
    size: int
    """Bytes."""
    sha256: str
    made: str
    """When its content was last changed, as an xsd:dateTime in UTC."""
    count: int
    """How much it holds, in the unit that follows."""
    unit: str
    """Such as `statements` or `rows`."""
    columns: tuple[Column, ...] = ()
    """The columns of a table."""

    @property
    def file_type(self) -> str:
        """The media type of the file as it is."""
        return self.compression or self.media_type

    @property
    def key(self) -> str:
        """The part of its checksum that an address of it alone has."""
        return self.sha256[:16]


@dataclass(frozen=True)
class Downloads:
    """All downloads of a release, and why some are not there."""

    files: tuple[Download, ...] = ()
    formats: tuple[str, ...] = ()
    """The names of the formats that were made; a base without works has no references in any."""
    notes: tuple[str, ...] = ()
    """Sentences on what was left out."""

    def find(self, name: str) -> Download | None:
        """Return the download with a file name, or None."""
        return next((one for one in self.files if one.name == name), None)

    def of(self, *scopes: Scope) -> tuple[Download, ...]:
        """Return the downloads of certain scopes, in their order."""
        return tuple(one for one in self.files if one.scope in scopes)


def as_json(downloads: Downloads) -> dict[str, Any]:
    """Return the downloads as JSON; `from_json` reads it."""
    return asdict(downloads)


def from_json(value: dict[str, Any]) -> Downloads:
    """Read what `as_json` returned. Raises LookupError, TypeError or ValueError for anything else."""
    files = tuple(_download(one) for one in value["files"])
    return Downloads(files, tuple(map(str, value["formats"])), tuple(map(str, value["notes"])))


def _download(value: dict[str, Any]) -> Download:
    if not _NAME.fullmatch(value["name"]):
        raise ValueError(f"{value['name']!r} is not the name of a download")
    columns = tuple(Column(**one) for one in value["columns"])
    return Download(**{**value, "scope": Scope(value["scope"]), "columns": columns})


def in_order(files: Iterable[Download]) -> tuple[Download, ...]:
    """Return downloads in the order in which they are listed: by scope, what they are of, and format."""
    scopes = tuple(Scope)
    return tuple(sorted(files, key=lambda one: (scopes.index(one.scope), one.of, FORMATS.index(one.format), one.name)))
