"""The ontology and its code lists as documents: term IRIs are fragments of them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ..namespaces import CANONICAL_BASE
from ..store.queries import question
from .current import current_release
from .documents import Document, document, rdf_writers
from .negotiation import CSV, DOCUMENT_FORMATS, HTML, JSON, MARKDOWN
from .plain.vocabulary import vocabulary_csv, vocabulary_json, vocabulary_markdown
from .signposting import licence_links

room = Blueprint("vocabulary", __name__)


@room.get("/<any('ontology', 'schemes'):name>")
@room.get("/<any('ontology', 'schemes'):name>.<extension>")
def ontology(name: str, extension: str | None = None) -> Response:
    """Return the ontology, with the code lists and mappings that belong to it."""
    release = current_release()
    path = f"/{name}"

    def page() -> str:
        schemes = release.store.select(question("schemes"))
        return render_template(
            "ontology.html", vocabulary=release.vocabulary, schemes=schemes, formats=DOCUMENT_FORMATS, path=path
        )

    triples = rdf_writers(
        release,
        lambda: release.store.construct(question("ontology")),
        first=f"{CANONICAL_BASE}ontology",
        graph=f"{release.namespaces.graph}ontology",
    )
    whole = Document(
        path,
        {
            HTML: page,
            **triples,
            MARKDOWN: lambda: vocabulary_markdown(release.vocabulary),
            CSV: lambda: vocabulary_csv(release.vocabulary),
            JSON: lambda: vocabulary_json(release.vocabulary),
        },
        about=f"{CANONICAL_BASE}{name}",
        links=lambda: licence_links(release),
    )
    return document(whole, extension, release)
