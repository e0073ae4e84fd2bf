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
        f"default-src 'none'; style-src '{_hash(style())}'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@cache
def style() -> Markup:
    """Return the style sheet of the pages, for a picture that stands alone: one cannot load it from within a page."""
    return Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file, held by a test to be plain in XML


def _hash(text: str) -> str:
    """Return the source expression that lets in one style sheet and no other (CSP 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
