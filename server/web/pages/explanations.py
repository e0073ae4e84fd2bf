"""Why a statement holds: who asserts it, or by which rules it follows from what is asserted."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from ...errors import UsageError
from ...formats.explanations import explanation_json, explanation_text
from ...inference.facts import Triple
from ...knowledge.explaining import explain, inferred_about, read_axioms, term_named
from ...records.explanations import Explanation
from ...records.sentences import sentence
from ...serialization import HTML, JSON, MARKDOWN, REFERENCE
from ..current import current_release
from ..documents.documents import Document, document
from ..documents.markdown import page_markdown
from ..given.entities import ExplanationPage
from ..http.languages import page as render
from ..http.negotiation import asks_for_page
from ..http.parameters import text
from ..open_release import OpenRelease

blueprint = Blueprint("explanations", __name__)

_NAMES: Final = ("subject", "predicate", "object")
_LONGEST: Final = 2_000
"""Characters: a longer text is no IRI."""


@blueprint.get("/explain")
@blueprint.get("/explain.<extension>")
def explanation(extension: str | None = None) -> AnyResponse:
    """Return why a statement holds; without all of its terms, a page that asks for them."""
    release = current_release()
    typed = {name: text(name, _LONGEST).strip() for name in _NAMES}
    terms = {name: _term(release, name, text) for name, text in typed.items() if text}
    if len(terms) < len(_NAMES):
        if not asks_for_page(request, extension, (HTML, JSON)):
            abort(400, sentence("Name a statement: ?subject=, &predicate= and &object=, each a CURIE or an IRI."))
        about = inferred_about(release.store, release.namespaces, terms["subject"]) if "subject" in terms else ()
        page = render(ExplanationPage(typed=typed, found=None, about=about, example=release.examples.inferred))
        query = urlencode({name: text for name, text in typed.items() if text})
        return document(Document("/explain", {HTML: lambda: page}, query=query, cached=False), extension, release)
    goal = (terms["subject"], terms["predicate"], terms["object"])
    return document(_document(release, goal), extension, release)


def _document(release: OpenRelease, goal: Triple) -> Document:
    names = dict(zip(_NAMES, map(release.namespaces.compact, goal), strict=True))
    query = urlencode(names)

    def why() -> Explanation:
        axioms = release.once(("axioms",), lambda: read_axioms(release.store))
        return explain(release.store, release.namespaces, axioms, goal)

    # Looked for before anything is sent: what does not hold is an error, and no document.
    found = release.once(("explanation", *goal), why)

    page = ExplanationPage(typed=names, found=found, about=(), example=None, query=query)

    return Document(
        "/explain",
        {
            HTML: lambda: render(page),
            MARKDOWN: lambda: page_markdown("explanation", page),
            JSON: lambda: explanation_json(found),
            REFERENCE: lambda: explanation_text(found),
        },
        query=query,
    )


def _term(release: OpenRelease, name: str, typed: str) -> str:
    """Return the IRI that a parameter names. Answers 400 for what is none."""
    try:
        class_name, _, slug = typed.partition(":")
        if release.namespaces.is_foreign and class_name in release.namespaces.classes:
            return release.iri_of(class_name, slug)
        return term_named(typed, release.namespaces)
    except UsageError as error:
        abort(400, f"{name}: {error.message}")
