"""The home page, and the small things every site has."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from ..knowledge.listing import class_summaries
from .current import current_release

room = Blueprint("home", __name__)


@room.get("/")
def home() -> str:
    """Show what the base is, and how many entities of each class it has."""
    release = current_release()
    return release.once(
        ("home",),
        lambda: render_template("home.html", classes=class_summaries(release.store), info=release.info),
    )


@room.get("/healthz")
def healthz() -> tuple[dict[str, str], dict[str, str]]:
    """Say that the server answers, and from which release."""
    return {"status": "ok", "release": current_release().info.name}, {"Cache-Control": "no-store"}


@room.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect browsers that ask by the old name."""
    return redirect(url_for("static", filename="icon.svg"), 301)


@room.get("/context.jsonld")
def context() -> Response:
    """Return the JSON-LD context of the whole vocabulary."""
    text = json.dumps({"@context": current_release().context}, indent=2, ensure_ascii=False) + "\n"
    return Response(text, content_type="application/ld+json")
