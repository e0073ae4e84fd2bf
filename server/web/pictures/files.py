"""Pictures as files of their own, which bring their colours with them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from ..current import OpenRelease
from ..http.caching import Representation

_STYLE: Final = Path(__file__).parent.parent / "static" / "style.css"


def svg(release: OpenRelease, path: str, write: Callable[[], str]) -> AnyResponse:
    """Return a picture as a file."""
    response = Representation(release, path, ("svg",), "image/svg+xml; charset=utf-8", write)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_hash(style_text(release))}'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def style(release: OpenRelease) -> Markup:
    """Return `style_text`, as XML character data."""
    text = style_text(release).replace("&", "&amp;").replace("<", "&lt;")
    return Markup(text)  # noqa: S704 - what means something in XML has been replaced


def style_text(release: OpenRelease) -> str:
    """Return the style sheets of the pages, for a standalone picture, which cannot load any."""
    return f"{_engine_style()}{release.class_style.decode()}{release.theme.style}"


@cache
def _engine_style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the source expression that lets in one style sheet and no other (CSP 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
