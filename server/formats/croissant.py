"""The downloads of a base as data for machine learning (MLCommons Croissant Format Specification 1.0).

Each file is a `FileObject` with its size and checksum (section "Resources"); each table a `RecordSet`, whose fields are
the columns of its CSV (section "RecordSets").
"""

from __future__ import annotations

from typing import Any, Final

from ..records.dataset import DatasetSummary
from ..records.downloads import Column, Download, Downloads
from ..records.releases import ReleaseInfo
from .writing import write_json

MEDIA_TYPE: Final = "application/ld+json"
NAME: Final = "croissant.json"
"""What the file is called."""
_SPECIFICATION: Final = "http://mlcommons.org/croissant/1.0"
_CR: Final = (
    "citeAs",
    "column",
    "equivalentProperty",
    "extract",
    "field",
    "fileProperty",
    "fileObject",
    "fileSet",
    "format",
    "includes",
)
_CR_TOO: Final = (
    *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
    *("replace", "samplingRate", "separator", "source", "subField", "transform"),
)
_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{name: f"cr:{name}" for name in (*_CR, *_CR_TOO)},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
"""The context that the specification asks every description to have (appendix 1)."""
_TYPES: Final = {"integer": "sc:Integer", "number": "sc:Float"}


def croissant(downloads: Downloads, summary: DatasetSummary, info: ReleaseInfo, iri: str, place: str) -> str:
    """Describe downloads; `iri` is that of the dataset, `place` what the address of each begins with, or nothing."""
    publisher = {"@type": "sc:Organization", "@id": summary.publisher, "name": summary.publisher_name}
    return write_json(
        {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "@id": iri,
            "name": summary.title or "Knowledge base",
            "description": summary.description,
            "conformsTo": _SPECIFICATION,
            **({"license": list(summary.licences)} if summary.licences else {}),
            "url": iri,
            "citeAs": _reference(summary, info, iri),
            **({"creator": publisher, "publisher": publisher} if summary.publisher else {}),
            **({"keywords": list(summary.keywords)} if summary.keywords else {}),
            "version": version_of(info),
            "datePublished": info.built,
            "isLiveDataset": True,
            "distribution": [_file(one, place) for one in downloads.files],
            "recordSet": [_records(one) for one in downloads.files if one.columns and one.format == "csv"],
        }
    )


def version_of(info: ReleaseInfo) -> str:
    """Return a version of a release by semantic versioning, as Croissant recommends: its day, and the time of day."""
    day, _, time = info.built.partition("T")
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}.{month}.{number}+{time.rstrip('Z').replace(':', '')}"


def _reference(summary: DatasetSummary, info: ReleaseInfo, iri: str) -> str:
    publisher = f"{summary.publisher_name}. " if summary.publisher_name else ""
    return f"{publisher}{summary.title or 'Knowledge base'}. Version {version_of(info)} of {info.built[:10]}. {iri}"


def _file(one: Download, place: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": one.name,
        "name": one.name,
        "description": f"{one.title}: {one.count:,} {one.unit}",
        "contentUrl": f"{place}{one.name}",
        "contentSize": f"{one.size} B",
        "encodingFormat": one.file_type,
        "sha256": one.sha256,
    }


def _records(one: Download) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": one.of,
        "name": one.of,
        "description": one.title,
        "field": [_field(one, column) for column in one.columns],
    }


def _field(one: Download, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{one.of}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": _TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": one.name}, "extract": {"column": column.name}},
    }
