"""The map of the whole base: a picture that needs no script, and as data for the script that makes it a map to use."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as AnyResponse

from ...build.map.records import HEIGHT, WIDTH, Map, Place
from ..current import current_release
from ..http.caching import Representation
from ..open_release import OpenRelease
from .drawing import wrapped
from .files import style, svg
from .lettering import extent

blueprint = Blueprint("map", __name__)

_NAMED: Final = 36
"""How many entities the picture tries to name, those with the most edges first."""
_SIZE: Final = 13
"""The size of the font of names, as the style sheet has it."""
_LINE: Final = 20
"""The maximum height of a line in any script, with its halo."""
_HALO: Final = 2


@dataclass(frozen=True)
class Label:
    """The name of an entity on the map, the middle of its line, and how far it reaches from there to each side."""

    text: str
    x: float
    y: float
    half: float


@blueprint.get("/map.svg")
def picture() -> AnyResponse:
    """Return the map as a picture."""
    release = current_release()

    def write() -> str:
        whole = release.map
        return render_template(
            "pictures/map.svg",
            map=whole,
            size=(WIDTH, HEIGHT),
            lines="".join(
                f"M{whole.places[one].x} {whole.places[one].y}L{whole.places[other].x} {whole.places[other].y}"
                for one, other in whole.links
            ),
            classes=[
                (name, [place for place in whole.places if place.class_name == name], look.glyph)
                for name, look in release.schema.looks.items()
            ],
            scale=scale,
            labels=labels(whole.places),
            style=style(release),
        )

    return svg(release, "/map.svg", write)


@blueprint.get("/map.json")
def data() -> Response:
    """Return the map as data: entities with their places, and the edges between them as pairs of indexes."""
    release = current_release()
    return Representation(release, "/map.json", ("json",), "application/json", lambda: _json(release))


def scale(place: Place) -> float:
    """Return how large the mark of an entity is, beside a mark in other pictures: its area goes with its edges."""
    return round(min(0.32 + 0.09 * math.sqrt(place.edges), 1.1), 2)


def labels(places: Sequence[Place]) -> list[Label]:
    """Return the names that fit, those of the most connected first; they neither overlap nor leave the picture."""
    found: list[Label] = []
    for place in sorted(places, key=lambda one: (-one.edges, one.id))[:_NAMED]:
        text = (wrapped(place.label, 30, 1) or ("",))[0]
        half = extent(text, _SIZE) / 2 + _HALO
        x = min(max(float(place.x), half), WIDTH - half)
        y = place.y - 12.0 if place.y > 2 * _LINE else place.y + 20.0
        if text and all(abs(y - one.y) >= _LINE or abs(x - one.x) >= half + one.half for one in found):
            found.append(Label(text, x, y, half))
    return found


def _json(release: OpenRelease) -> str:
    whole: Map = release.map
    classes = {term.notation: term.plural for term in release.schema.page_classes}
    said = {
        "width": WIDTH,
        "height": HEIGHT,
        "classes": {
            name: {"plural": classes[name], "shape": look.glyph} for name, look in release.schema.looks.items()
        },
        "left_out": whole.left_out,
        "entities": [
            {
                "id": place.id,
                "label": place.label,
                "edges": place.edges,
                "x": place.x,
                "y": place.y,
                "scale": scale(place),
            }
            for place in whole.places
        ],
        "links": whole.links,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
