"""What the base is, how it is checked, by whom, and how to correct it; all of it said by the base and its release."""

from __future__ import annotations

from flask import Blueprint, Response

from ...engine import engine_version
from ...knowledge.gaps import gap_count
from ...records.findings import Severity
from ...serialization import HTML, MARKDOWN
from ...sparql.queries import question
from ..current import current_release, current_settings
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.site import AboutPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from .vocabulary import shapes_in

blueprint = Blueprint("about", __name__)

_PATH = "/about"


@blueprint.get("/about")
@blueprint.get("/about.<extension>")
def about(extension: str | None = None) -> Response:
    """Say what the base is, how it is checked, by whom, under what licence, and how to correct it."""
    release = current_release()
    whole = Document(
        _PATH,
        {HTML: lambda: render(_page(release)), MARKDOWN: lambda: page_markdown("about", _page(release))},
        about=release.site.dataset,
        links=lambda: [Link("/.well-known/void", "describedby"), *licence_links(release)],
    )
    return document(whole, extension, release)


def _page(release: OpenRelease) -> AboutPage:
    settings = current_settings()
    shapes, rules = shapes_in(release)
    return AboutPage(
        info=release.info,
        classes=release.classes,
        # What only warns stops nothing.
        shapes=sum(1 for shape in shapes if shape.about),
        rules=sum(1 for rule in rules if rule.severity == Severity.VIOLATION),
        is_enforced=settings.project is None,
        agents=[
            (
                str(row["agent"]),
                str(row.get("label", "")) or release.namespaces.compact(str(row["agent"])),
                int(row["count"]),
            )
            for row in release.store.select(question("agents"))
        ],
        gaps=[(gap, gap_count(release.store, gap)) for gap in release.gaps],
        source=release.info.repository,
        engine=engine_version(),
    )
