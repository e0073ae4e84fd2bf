"""The files that pages load: their addresses change with their content, so that they may be kept for ever."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, abort, request

from .http.caching import digest

_FOLDER: Final = Path(__file__).parent / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
"""For a year, the longest that caches count (RFC 9111, section 1.2.2), without asking again (RFC 8246)."""


@dataclass(frozen=True)
class _File:
    content: bytes
    content_type: str
    version: str


def register_assets(app: Flask) -> None:
    """Serve the files, and give `url_for("static", filename=...)` the version of the file."""
    app.add_url_rule("/static/<path:filename>", "static", _static)

    @app.url_defaults
    def with_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (file := _files().get(values.get("filename", ""))) is not None:
            values.setdefault("v", file.version)


def _static(filename: str) -> Response:
    """Return a file that pages load."""
    file = _files().get(filename)
    if file is None:
        abort(404, f"There is no file {filename} here.")
    response = Response(file.content, content_type=file.content_type)
    response.set_etag(file.version)
    # Under another version, or none, the address stands for whatever the file will be.
    if request.args.get("v") == file.version:
        response.headers["Cache-Control"] = _FOR_EVER
    return response


@cache
def _files() -> dict[str, _File]:
    return {path.relative_to(_FOLDER).as_posix(): _read(path) for path in _FOLDER.rglob("*") if path.is_file()}


def _read(path: Path) -> _File:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    textual = kind.startswith("text/") or kind == "image/svg+xml"
    return _File(content, f"{kind}; charset=utf-8" if textual else kind, digest(content)[:12])
