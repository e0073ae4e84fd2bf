"""The downloads of a base as plain JSON and CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..records.downloads import Download, Downloads
from ..records.releases import ReleaseInfo
from .writing import write_csv, write_json

_COLUMNS = ("name", "title", "format", "of", "mediaType", "compression", "bytes", "sha256", "modified", "count", "unit")


def downloads_json(downloads: Downloads, info: ReleaseInfo, address: Callable[[str], str]) -> str:
    """Return the downloads of a release as JSON; `address` makes the address of a path below that of the list."""
    return write_json(
        {
            "release": info.name,
            "built": info.built,
            "notes": list(downloads.notes),
            "croissant": address("croissant.json"),
            "roCrate": address("ro-crate-metadata.json"),
            "downloads": [_record(one, address) for one in downloads.files],
        }
    )


def downloads_csv(downloads: Downloads) -> str:
    """Return the downloads of a release as CSV: a row for each."""
    return write_csv(_COLUMNS, (_row(one) for one in downloads.files))


def _row(one: Download) -> tuple[object, ...]:
    of = f"{one.scope} {one.of}".rstrip()
    packed = one.compression
    return (
        one.name,
        one.title,
        one.label,
        of,
        one.media_type,
        packed,
        one.size,
        one.sha256,
        one.made,
        one.count,
        one.unit,
    )


def _record(one: Download, address: Callable[[str], str]) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "format": one.label,
        "scope": one.scope.value,
        "of": one.of or None,
        "mediaType": one.media_type,
        "compression": one.compression or None,
        "bytes": one.size,
        "sha256": one.sha256,
        "modified": one.made,
        "count": one.count,
        "unit": one.unit,
        "url": address(one.name),
        "immutableUrl": address(f"{one.key}/{one.name}"),
        "columns": [{"name": column.name, "type": column.type, "meaning": column.meaning} for column in one.columns],
    }
