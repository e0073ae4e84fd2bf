"""The search by names, for people, programs and browsers (OpenSearch 1.1, draft 6)."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from ..knowledge.finding import all_names, find, near
from .current import OpenRelease, current_release
from .description import summary_of
from .documents import Document, document
from .negotiation import HTML, JSON
from .plain.writing import ref_record, write_json

room = Blueprint("search", __name__)

_LONGEST: Final = 200
"""Characters: a longer text is no name."""
_SHOWN: Final = 50


@room.get("/search")
@room.get("/search.<extension>")
def search(extension: str | None = None) -> Response:
    """Find entities by their ids, labels and alternative labels."""
    release = current_release()
    text = request.args.get("q", "")
    if len(text) > _LONGEST:
        abort(400, f"What is looked for has {len(text)} characters; names have at most {_LONGEST}.")
    query = urlencode({"q": text}) if text else ""
    whole = Document(
        "/search",
        {HTML: lambda: _page(release, text), JSON: lambda: _json(release, text)},
        query=query,
        kept=False,
    )
    return document(whole, extension, release)


@room.get("/opensearch.xml")
def description() -> Response:
    """Tell browsers how to search here."""
    page = render_template("opensearch.xml", summary=summary_of(current_release()), host=request.host_url)
    return Response(page, content_type="application/opensearchdescription+xml")


def _page(release: OpenRelease, text: str) -> str:
    found = find(release.once(("named",), lambda: all_names(release.store)), text)
    close = () if found else near(release.store, text)
    return render_template("search.html", text=text, found=found[:_SHOWN], total=len(found), close=close)


def _json(release: OpenRelease, text: str) -> str:
    found = find(release.once(("named",), lambda: all_names(release.store)), text)
    close = () if found else near(release.store, text)
    return write_json(
        {
            "q": text,
            "total": len(found),
            "items": [{**ref_record(ref), "definition": ref.definition} for ref in found[:_SHOWN]],
            "close": [ref_record(ref) for ref in close],
        }
    )
