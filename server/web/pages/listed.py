"""Where a name is listed: the works of an author who has no page, by the lists of names that works have."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from ...formats.writing import ref_record, write_json
from ...knowledge.listed_names import listing, naming_properties
from ...records.sentences import sentence
from ...serialization import HTML, JSON
from ..current import current_release
from ..documents.documents import Document, document
from ..given.lists import ListedNamePage
from ..http.languages import page as render
from ..http.parameters import text

blueprint = Blueprint("listed", __name__)

_LONGEST: Final = 200


@blueprint.get("/listed")
@blueprint.get("/listed.<extension>")
def listed(extension: str | None = None) -> AnyResponse:
    """Return what lists a `name`."""
    name = " ".join(text("name", _LONGEST).split())
    if not name:
        abort(400, sentence("Say which name: ?name=."))
    release = current_release()
    found = listing(release.store, release.schema, naming_properties(release.schema), [name])
    whole = Document(
        "/listed",
        {
            HTML: lambda: render(ListedNamePage(name=name, found=found)),
            JSON: lambda: write_json(
                {
                    "name": name,
                    "count": len(found),
                    "items": [{**ref_record(one.entity), "issued": one.issued or None} for one in found],
                }
            ),
        },
        query=urlencode({"name": name}),
        cached=False,
    )
    return document(whole, extension, release)
