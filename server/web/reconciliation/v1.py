"""The upcoming reconciliation service: the draft 1.0 of the Reconciliation Service API, as of 10 November 2025.

Its routes are fixed under its endpoint ("Overview of Possible Routes"), queries are JSON bodies, and there is no JSONP.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from ...engine import engine_version
from ..current import current_release
from ..data.snippets import CARD_HEIGHT, CARD_WIDTH
from ..http.origins import site_address
from ..open_release import OpenRelease
from . import service
from .checking import read_json
from .reading import read_draft_batch, read_extension
from .schemas import BATCH

blueprint = Blueprint("reconciliation_draft", __name__)


@blueprint.get("/reconcile/1.0")
def manifest() -> Response:
    """Return the manifest ("Service Manifest")."""
    return _json(_manifest(current_release()))


@blueprint.post("/reconcile/1.0/match")
def match() -> Response:
    """Answer a batch of queries ("Sending Reconciliation Queries to the Match Service")."""
    release = current_release()
    found = service.matches(release, read_draft_batch(_body(), release.schema))
    return _json(
        {
            "results": [
                {"candidates": [service.candidate(release, one, named_features=True) for one in matches]}
                for matches in found
            ]
        }
    )


@blueprint.get("/reconcile/1.0/suggest/<kind>")
def suggest(kind: str) -> Response:
    """Complete a name ("Suggest Queries")."""
    return _json({"result": service.suggestions(current_release(), kind)})


@blueprint.get("/reconcile/1.0/preview")
def preview() -> Response:
    """Return a small page on an entity ("Preview Queries")."""
    return service.preview(current_release())


@blueprint.post("/reconcile/1.0/extend")
def extend() -> Response:
    """Return values of properties ("Data Extension Query Requests")."""
    release = current_release()
    ids, columns = read_extension(_body(), "the body", release.schema)
    rows = service.extended(release, ids, columns)
    return _json(
        {
            "meta": service.extension_metadata(release, columns),
            "rows": [
                {"id": one, "properties": [{"id": name, "values": values} for name, values in row.items()]}
                for one, row in rows.items()
            ],
        }
    )


@blueprint.get("/reconcile/1.0/extend/propose")
def propose() -> Response:
    """Propose properties to ask for ("Data Extension Property Proposals")."""
    if not request.args.get("type"):
        abort(400, "Name a type: ?type= with its identifier.")
    return _json(service.proposed(current_release()))


def _body() -> Any:
    if request.mimetype != "application/json":
        older = url_for("reconciliation.endpoint")
        abort(415, f"Send the query as application/json; a form, by version 0.2, goes to {older}.")
    return read_json(request.get_data(), "The body")


def _manifest(release: OpenRelease) -> dict[str, object]:
    host = site_address().rstrip("/")
    return {
        "versions": ["1.0-draft"],
        "name": release.site.name,
        "documentation": f"{host}/",
        "logo": f"{host}/static/icon.svg",
        "serviceVersion": engine_version(),
        "defaultTypes": service.default_types(release),
        "view": {"url": f"{host}/{{id}}"},
        "preview": {"width": CARD_WIDTH, "height": CARD_HEIGHT},
        "suggest": dict.fromkeys(service.KINDS, True),
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {
                    "id": "limit",
                    "name": "Limit",
                    "type": "number",
                    "default": 0,
                    "helpText": "How many values of each entity are given at most; 0 for all.",
                }
            ],
        },
        "batchSize": BATCH,
        # Where there are words in other languages, some names are in those alone ("Text-processing language").
        **({} if release.languages.tags else {"lang": "en"}),
        # Names can be in any script ("Text direction").
        "dir": "auto",
        "standardizedScore": True,
    }


def _json(value: dict[str, object]) -> Response:
    text = json.dumps(value, ensure_ascii=False) + "\n"
    return Response(text, content_type="application/json", headers={"Content-Language": "en"})
