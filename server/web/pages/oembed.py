"""What other sites put on their pages for a link to an entity: a card in a frame, found by oEmbed (oembed.com, 1.0)."""

from __future__ import annotations

import json
import re
from typing import Final
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from ...errors import NotFoundError
from ...knowledge.entity import retired, stated
from ...knowledge.reconciliation.matching import entity_of, is_safe, named_entities
from ...knowledge.reconciliation.records import Named
from ...records.sentences import sentence
from ..current import current_release
from ..data.snippets import CARD_HEIGHT, CARD_WIDTH, card_frame
from ..given.entities import PreviewPage
from ..http.origins import home_address, site_address
from ..http.parameters import number, one_of, text
from ..http.problems import problem
from ..open_release import OpenRelease
from ..pictures import preview
from .card import card_at

blueprint = Blueprint("oembed", __name__)

FRAMED: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""The policy of what is shown in a frame of any site: it runs nothing, and loads nothing but its style."""
_MOST: Final = 100_000
_LONGEST: Final = 2_000
_LASTS: Final = 86_400
"""Seconds for which a client may cache the answer."""
_OF_ENTITY: Final = re.compile(r"([^/]+)/([^/]+?)(?:\.html)?/?")


@blueprint.get("/<page_class:name>/<slug>/embed")
def embed(name: str, slug: str) -> AnyResponse:
    """Return the card of an entity for a frame on a page of another site; it needs no script."""
    return card_at(name, slug, "embed", PreviewPage, FRAMED)


@blueprint.get("/oembed")
def oembed() -> AnyResponse:
    """Say how to show what is at `url`, within `maxwidth` and `maxheight` (oEmbed, section 2), in JSON or XML.

    Answers 404 for what is no entity of ours, and 501 for another `format` (section 2.3.4.3).
    """
    release = current_release()
    url = text("url", _LONGEST).strip()
    if not url:
        abort(400, sentence("Name the address of a page: ?url= with the address of an entity here."))
    if request.args.get("format", "json") not in _WRITERS:
        return problem(
            501,
            sentence("There is no such format."),
            sentence("ask for one of %(formats)s.", formats=", ".join(_WRITERS)),
        )
    chosen = one_of("format", _WRITERS) or "json"
    across, down = number("maxwidth", _MOST, _MOST), number("maxheight", _MOST, _MOST)
    entity = _entity(release, url)
    if entity is None:
        return problem(
            404, sentence("No entity is at this address."), sentence("give the address of its page, or its IRI.")
        )
    content_type, write = _WRITERS[chosen]
    return Response(write(_said(release, entity, across, down)), content_type=content_type)


def _entity(release: OpenRelease, url: str) -> Named | None:
    """Return the entity in use with this address or IRI, or the successor of a retired one; None if there is none."""
    text = re.split("[?#]", url, maxsplit=1)[0]
    for site in (home_address(), site_address(), release.namespaces.base):
        if text.startswith(site) and (found := _OF_ENTITY.fullmatch(text[len(site) :])):
            text = f"{found[1]}:{found[2]}"
            break
    iri = entity_of(release.namespaces, release.identifiers, text)
    if iri is None or not is_safe(iri):
        return None
    there = named_entities(release.store, [iri]).get(iri)
    if there is None:
        try:
            gone = retired(release.store, stated(release.store, iri))
        except NotFoundError:
            return None
        if gone and gone.successor:
            return named_entities(release.store, [gone.successor.iri]).get(gone.successor.iri)
    return there


def _said(release: OpenRelease, entity: Named, across: int, down: int) -> dict[str, str | int]:
    address = home_address() + release.path_of(entity.iri)[1:]
    width, height = min(CARD_WIDTH, across), min(CARD_HEIGHT, down)
    picture: dict[str, str | int] = {
        "thumbnail_url": f"{address}/preview.png",
        "thumbnail_width": preview.WIDTH,
        "thumbnail_height": preview.HEIGHT,
    }
    return {
        "version": "1.0",
        "type": "rich",
        "title": entity.label,
        "provider_name": release.site.name,
        "provider_url": home_address(),
        "cache_age": _LASTS,
        "html": card_frame(address, entity.label, width, height),
        "width": width,
        "height": height,
        # A picture must not be larger than what was asked for either (section 2.3.4).
        **(picture if across >= preview.WIDTH and down >= preview.HEIGHT else {}),
    }


def _xml(said: dict[str, str | int]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in said.items():
        ElementTree.SubElement(root, name).text = str(value)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _json(said: dict[str, str | int]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


_WRITERS: Final = {"json": ("application/json", _json), "xml": ("text/xml; charset=utf-8", _xml)}
"""The formats: their media types (section 2.3.3), and what writes them."""
