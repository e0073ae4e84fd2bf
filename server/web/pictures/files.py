"""Pictures as files of their own, which bring their colours with them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from ...formats.raster import given_to_draw, png_of
from ...store.jobs import Task
from ..http.caching import Representation
from ..open_release import OpenRelease

_STATIC: Final = Path(__file__).parent.parent / "static"
_STYLE: Final = _STATIC / "style.css"
FONTS: Final = tuple(
    _STATIC / "vendor/dejavu-fonts-ttf-2.37.3" / name for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
)
FAMILY: Final = "DejaVu Sans"
_CONDITIONAL: Final = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_COLOUR: Final = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,8})\s*;")


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


def colours(release: OpenRelease) -> dict[str, str]:
    """Return the colours that the style sheets of the pages name (custom properties), as on light paper.

    For pictures that are drawn as PNG: resvg knows neither custom properties nor conditions.
    """
    return dict(_COLOUR.findall(_CONDITIONAL.sub("", style_text(release))))


def png(release: OpenRelease, svg: str) -> bytes:
    """Return a picture as PNG. Raises LimitError where it takes longer than a query may."""
    task = Task("png", given_to_draw(svg, FONTS, FAMILY), "picture", "try again later.")
    return png_of(release.queries.do(task))


@cache
def _engine_style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the source expression that lets in one style sheet and no other (CSP 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
