"""The manual on the site: its contents, its pages, and the pictures in them."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from ...records.sentences import sentence
from ...serialization import HTML, MARKDOWN
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.manual import PATH, ManualText, manual, manual_image, manual_text
from ..given.site import ManualContentsPage, ManualPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.origins import site_address

blueprint = Blueprint("manual", __name__)

_PICTURES = "images"


@blueprint.get("/docs")
@blueprint.get("/docs.<extension>")
def contents(extension: str | None = None) -> Response:
    """List the pages of the manual."""
    entries = [*manual().values()]
    if not entries:
        abort(404, sentence("The engine was installed without its manual."))
    whole = Document(
        PATH,
        {HTML: lambda: render(ManualContentsPage(entries))},
        links=lambda: [Link(f"{PATH}/{entry.name}", "item") for entry in entries],
        cached=False,
    )
    return document(whole, extension, current_release())


@blueprint.get("/docs/<undotted:page>")
@blueprint.get("/docs/<undotted:page>.<extension>")
def page(page: str, extension: str | None = None) -> Response:
    """Return a page of the manual, or its Markdown."""
    text = manual_text(page)
    if text is None:
        abort(
            404,
            sentence(
                "There is no page %(page)s of the manual; %(path)s lists those that there are.",
                page=f"{page[:80]!r}",
                path=PATH,
            ),
        )
    # Another version of the engine has another manual over the same release, and a page names the address of the site.
    whole = Document(
        f"{PATH}/{page}",
        {HTML: lambda: _page(text), MARKDOWN: lambda: text.source},
        links=lambda: [Link(PATH, "collection")],
        cached=False,
    )
    return document(whole, extension, current_release())


@blueprint.get(f"/docs/{_PICTURES}/<filename>")
def picture(filename: str) -> Response:
    """Return a picture of the manual."""
    content = manual_image(filename)
    if content is None:
        abort(404, sentence("There is no picture %(filename)s in the manual.", filename=f"{filename[:80]!r}"))
    return Response(content, content_type="image/png")


def _page(text: ManualText) -> str:
    entries = [*manual().values()]
    place = entries.index(text.entry)
    heading, rest = text.shown(site_address())
    return render(
        ManualPage(
            entry=text.entry,
            heading=heading,
            text=rest,
            before=entries[place - 1] if place else None,
            after=entries[place + 1] if place + 1 < len(entries) else None,
        )
    )
