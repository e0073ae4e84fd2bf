"""Pictures as files of their own, which bring their colours with them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, abort, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from ..current import OpenRelease, current_release
from ..http.caching import Representation
from ..pages.entities import EntityReader, instead
from .around import picture_of

blueprint = Blueprint("pictures", __name__)

_STYLE: Final = Path(__file__).parent.parent / "static" / "style.css"


@blueprint.get("/<page_class:name>/<slug>/picture.svg")
def around(name: str, slug: str) -> AnyResponse:
    """Return the picture of an entity's neighbourhood."""
    release = current_release()
    entity = EntityReader(release, name, slug)
    moved = instead(entity, "/picture.svg")
    if moved is not None:
        return moved
    page = entity.page
    if not page.groups:
        abort(404, f"Nothing is joined to {name}:{slug} yet, so there is nothing to draw.")

    def write() -> str:
        return render_template("pictures/alone.svg", picture=picture_of(release, page), style=style(release))

    return svg(release, f"/{name}/{slug}/picture.svg", write)


def svg(release: OpenRelease, path: str, write: Callable[[], str]) -> AnyResponse:
    """Return a picture as a file."""
    response = Representation(release, path, ("svg",), "image/svg+xml; charset=utf-8", write)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_hash(style_text(release))}'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def style(release: OpenRelease) -> Markup:
    """Return `style_text`, as XML that stands between tags."""
    text = style_text(release).replace("&", "&amp;").replace("<", "&lt;")
    return Markup(text)  # noqa: S704 - what means something in XML has been replaced


def style_text(release: OpenRelease) -> str:
    """Return the style sheets of the pages, for a picture that stands alone, which cannot load any."""
    return f"{_engine_style()}{release.class_style.decode()}{release.theme.style}"


@cache
def _engine_style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the source expression that lets in one style sheet and no other (CSP 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
