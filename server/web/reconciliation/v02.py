"""The reconciliation service as OpenRefine uses it: Reconciliation Service API 0.2.

The report of the W3C Entity Reconciliation Community Group of 10 April 2023; sections are cited by their titles. CORS,
which "Cross-Origin Access" demands at every address, is what every answer of this server has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, abort, request, url_for

from ...engine import engine_version
from ..current import current_release
from ..data.snippets import CARD_HEIGHT, CARD_WIDTH
from ..http.origins import site_address
from ..open_release import OpenRelease
from . import service
from .checking import read_json
from .reading import read_batch, read_extension
from .schemas import BATCH

blueprint = Blueprint("reconciliation", __name__)

_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,63}(?:\.[A-Za-z_$][\w$]{0,63}){0,3}", re.ASCII)


@blueprint.route("/reconcile", methods=["GET", "POST"])
def endpoint() -> Response:
    """Return the manifest, or answer a batch of queries or a data extension query.

    Sections "Service Manifest", "Sending Reconciliation Queries to a Service", "Data Extension Query Requests". A form
    and a query string say the same; what is in neither is not looked at.
    """
    release = current_release()
    given = request.form if request.method == "POST" else request.args
    if "queries" in given:
        queries = read_batch(read_json(given["queries"], "queries"), release.schema)
        found = service.matches(release, [*queries.values()])
        return _json(
            {
                key: {"result": [service.candidate(release, one, named_features=False) for one in matches]}
                for key, matches in zip(queries, found, strict=True)
            }
        )
    if "extend" in given:
        ids, columns = read_extension(read_json(given["extend"], "extend"), "extend", release.schema)
        rows = service.extended(release, ids, columns)
        return _json({"meta": service.extension_metadata(release, columns), "rows": rows})
    if request.method == "POST":
        draft = url_for("reconciliation_draft.match")
        form = "Send a form with queries= or extend=, as application/x-www-form-urlencoded"
        abort(400, f"{form}; a batch of the draft 1.0 goes to {draft} as JSON.")
    return _json(_manifest(release))


@blueprint.get("/reconcile/suggest/<kind>")
def suggest(kind: str) -> Response:
    """Complete a name ("Suggest Queries")."""
    return _json({"result": service.suggestions(current_release(), kind)})


@blueprint.get("/reconcile/flyout/<kind>")
def flyout(kind: str) -> Response:
    """Return a few lines on what was suggested ("Flyout Services")."""
    return _json(service.flyout(current_release(), kind))


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """Return a small page on an entity ("Preview Queries")."""
    return service.preview(current_release())


@blueprint.get("/reconcile/properties")
def properties() -> Response:
    """Propose properties to ask for ("Data Extension Property Proposals")."""
    return _json(service.proposed(current_release()))


def _manifest(release: OpenRelease) -> dict[str, object]:
    host = site_address().rstrip("/")

    def suggesting(kind: str) -> dict[str, str]:
        return {
            "service_url": host,
            "service_path": f"/reconcile/suggest/{kind}",
            "flyout_service_url": host,
            "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
        }

    return {
        "versions": ["0.2"],
        "name": release.site.name,
        "identifierSpace": release.namespaces.base,
        "schemaSpace": service.ENTITY_CLASS,
        "documentation": f"{host}/",
        "logo": f"{host}/static/icon.svg",
        "serviceVersion": engine_version(),
        "defaultTypes": service.default_types(release),
        "view": {"url": f"{host}/{{{{id}}}}"},
        "preview": {
            "url": f"{host}/reconcile/preview?id={{{{id}}}}",
            "width": CARD_WIDTH,
            "height": CARD_HEIGHT,
        },
        "suggest": {kind: suggesting(kind) for kind in service.KINDS},
        "extend": {
            "propose_properties": {"service_url": host, "service_path": "/reconcile/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values of each entity are given at most; 0 for all.",
                }
            ],
        },
        "batchSize": BATCH,
    }


def _json(value: Mapping[str, object]) -> Response:
    """Return JSON, or where the request names a callback a script that hands it over ("Cross-Origin Access": JSONP)."""
    text = json.dumps(value, ensure_ascii=False)
    name = request.args.get("callback", "")
    if not name:
        return Response(text + "\n", content_type="application/json")
    if not _CALLBACK.fullmatch(name):
        abort(400, "The callback is not the name of a function.")
    # The comment keeps the answer from being read as another kind of file by its first bytes.
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Response(f"/**/{name}({text});\n", content_type="application/javascript; charset=utf-8")
