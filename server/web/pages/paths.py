"""What links two entities: the shortest paths between them, as a picture and in words."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from ...formats.paths import paths_json
from ...knowledge.paths import MOST_STEPS, shortest_paths
from ...records.pages import EntityRef
from ...records.paths import Paths
from ...records.sentences import sentence
from ...serialization import HTML, JSON, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import paths_markdown
from ..given.entities import PathPage
from ..http.languages import for_reader
from ..http.languages import page as render
from ..http.negotiation import asks_for_page
from ..http.parameters import text
from ..http.problems import problem
from ..open_release import OpenRelease
from ..pictures.between import drawing_of
from .named import LONGEST, Named, named

blueprint = Blueprint("paths", __name__)


@blueprint.get("/path")
@blueprint.get("/path.<extension>")
def path(extension: str | None = None) -> AnyResponse:
    """Return the shortest paths from one entity to another; without both, a page that asks for them."""
    release = current_release()
    start, end = _end(release, "from"), _end(release, "to")
    if not asks_for_page(request, extension, (HTML, MARKDOWN, JSON)):
        for one in (start, end):
            if not one.typed:
                abort(400, sentence("Name two entities: ?from= and &to= with a CURIE, another identifier or a name."))
            if one.is_unknown:
                return problem(
                    404,
                    one.problem,
                    sentence("give a CURIE such as %(curie)s.", curie=release.examples.curie),
                    one.close,
                )
    if start.entity is None or end.entity is None:
        page = render(
            PathPage(
                start=start,
                end=end,
                found=None,
                most=MOST_STEPS,
                examples=release.examples,
            )
        )
        unknown = start.is_unknown or end.is_unknown
        query = urlencode({one.name: one.typed for one in (start, end) if one.typed})
        whole = Document("/path", {HTML: lambda: page}, query=query, status=404 if unknown else 200, cached=False)
        return document(whole, extension, release)
    return document(_document(release, start, end, start.entity, end.entity), extension, release)


def _document(release: OpenRelease, start: Named, end: Named, one: EntityRef, other: EntityRef) -> Document:
    query = urlencode({"from": one.curie, "to": other.curie})

    def find() -> Paths:
        return shortest_paths(release.store, release.namespaces, one.iri, other.iri)

    def page() -> str:
        found = find()
        return render(
            PathPage(
                start=start,
                end=end,
                found=found,
                drawing=drawing_of(for_reader(release, found)),
                most=MOST_STEPS,
                examples=release.examples,
                turned=urlencode({"from": other.curie, "to": one.curie}),
                as_json=f"/path.json?{query}",
            )
        )

    return Document(
        "/path",
        {
            HTML: page,
            MARKDOWN: lambda: paths_markdown(find(), MOST_STEPS),
            JSON: lambda: paths_json(find()),
        },
        query=query,
    )


def _end(release: OpenRelease, name: str) -> Named:
    """Return what a parameter of the request names. Answers 400 for what is longer than any name."""
    return named(release, name, text(name, LONGEST))
