"""The files that pages load: their addresses change with their content, so that they can be cached forever."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, abort, request

from ..errors import AkbError
from ..records.sentences import sentence
from .current import current_application
from .http.caching import digest

_FOLDER: Final = Path(__file__).parent / "static"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
"""For a year, the longest that caches count (RFC 9111, section 1.2.2), without asking again (RFC 8246)."""

CLASSES: Final = "classes.css"
"""The style sheet with the colours of the classes, which the ontology of the release gives."""


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
        if endpoint == "static" and (file := _find(values.get("filename", ""))) is not None:
            values.setdefault("v", file.version)


def _static(filename: str) -> Response:
    """Return a file that pages load."""
    file = _find(filename)
    if file is None:
        abort(404, sentence("There is no file %(filename)s here.", filename=filename))
    response = Response(file.content, content_type=file.content_type)
    response.set_etag(file.version)
    # Under another version, or none, the address means the latest version of the file.
    if request.args.get("v") == file.version:
        response.headers["Cache-Control"] = _FOR_EVER
    return response


def _find(filename: str) -> _File | None:
    """Return a file of ours, of the theme, or of what follows from the release; None where there is none."""
    current = current_application()
    if filename == CLASSES:
        try:
            return _made(current.release().class_style, "text/css")
        except AkbError:
            return None
    if filename.startswith("theme/"):
        content = current.theme.files.get(filename.removeprefix("theme/"))
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        return None if content is None else _made(content, kind)
    path = _paths().get(filename)
    return _read(path) if path else None


def names_of_assets() -> tuple[str, ...]:
    """Return the names of all files of ours that pages and their scripts load."""
    return tuple(name for name in _paths() if not name.endswith("/manifest.json"))


@cache
def _paths() -> dict[str, Path]:
    return {path.relative_to(_FOLDER).as_posix(): path for path in _FOLDER.rglob("*") if path.is_file()}


# Some are large, and no page of a server loads them.
@cache
def _read(path: Path) -> _File:
    return _made(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")


# A theme that somebody works on is another one after each change.
@lru_cache(maxsize=64)
def _made(content: bytes, kind: str) -> _File:
    textual = kind.startswith("text/") or kind == "image/svg+xml"
    return _File(content, f"{kind}; charset=utf-8" if textual else kind, digest(content)[:12])
