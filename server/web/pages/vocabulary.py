"""The ontology and its code lists as documents, and the shapes beside them: term IRIs are fragments of these."""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Blueprint, Response, abort

from ...formats.vocabulary import vocabulary_csv, vocabulary_json
from ...knowledge.dataset import dataset_summary
from ...knowledge.ontology import code_lists, ontology_header, term_uses
from ...knowledge.shapes import shapes_of
from ...namespaces import CANONICAL_BASE
from ...records.dataset import DatasetSummary
from ...records.sentences import sentence
from ...records.terms import CodeList, OntologyHeader, RuleTerm, ShapeTerm
from ...serialization import CSV, HTML, JSON, MARKDOWN, document_formats, triples_formats
from ...sparql.queries import question
from ..current import current_release
from ..documents.documents import Document, document, rdf_writers
from ..documents.markdown import page_markdown, vocabulary_markdown
from ..given.vocabulary import OntologyPage, SchemesPage, ShapesPage
from ..http.languages import page as render
from ..http.links import Link
from ..http.signposting import licence_links
from ..open_release import OpenRelease
from .diagram import class_diagrams
from .linking import linked

blueprint = Blueprint("vocabulary", __name__)


@blueprint.get("/<any('ontology', 'schemes'):name>")
@blueprint.get("/<any('ontology', 'schemes'):name>.<extension>")
def ontology(name: str, extension: str | None = None) -> Response:
    """Return the ontology, with the code lists and mappings that belong to it."""
    return _ontology(f"/{name}", extension, f"{CANONICAL_BASE}{name}")


@blueprint.get("/ontology/<version>")
def version(version: str) -> Response:
    """Return the ontology for its version IRI (OWL 2 Structural Specification, section 3.3)."""
    header = _header(current_release())
    current = header.version_iri.rpartition("/")[2]
    # A version has dots of its own: what follows it and a dot is an extension.
    name, dot, extension = version[: len(current)], version[len(current) :][:1], version[len(current) + 1 :]
    if not current or name != current or dot not in {"", "."}:
        abort(
            404,
            sentence(
                "There is no version %(version)s of the ontology here; there is %(current)s.",
                version=version,
                current=current or "one without a number",
            ),
        )
    return _ontology(f"/ontology/{current}", extension if dot else None, header.version_iri)


@blueprint.get("/shapes")
@blueprint.get("/shapes.<extension>")
def shapes(extension: str | None = None) -> Response:
    """Return the shapes and rules that the data are held to."""
    release = current_release()
    triples = rdf_writers(release, lambda: release.store.construct(question("shapes")))
    whole = Document(
        "/shapes",
        {
            HTML: lambda: render(_shapes_page(release)),
            **triples,
            MARKDOWN: lambda: page_markdown("shapes", _shapes_page(release)),
        },
        about=f"{CANONICAL_BASE}shapes",
        links=lambda: licence_links(release),
    )
    return document(whole, extension, release)


def _ontology(path: str, extension: str | None, iri: str) -> Response:
    release = current_release()
    triples = rdf_writers(
        release,
        lambda: release.store.construct(question("ontology")),
        first=f"{CANONICAL_BASE}ontology",
    )
    # RFC 5829, section 3: from a version to the one that is newest, which here is the same.
    latest = [Link("/ontology", "latest-version")] if path.startswith("/ontology/") else []
    whole = Document(
        path,
        {
            HTML: lambda: (_schemes_page if path == "/schemes" else _ontology_page)(release, path),
            **triples,
            MARKDOWN: lambda: vocabulary_markdown(release.schema),
            CSV: lambda: vocabulary_csv(release.schema),
            JSON: lambda: vocabulary_json(release.schema),
        },
        about=iri,
        links=lambda: [*latest, *licence_links(release)],
    )
    return document(whole, extension, release)


def _ontology_page(release: OpenRelease, path: str) -> str:
    schema = release.schema
    summary = _summary(release)
    uses = term_uses(release.store, release.namespaces, schema, summary, shapes_in(release)[0])
    return render(
        OntologyPage(
            header=_header(release),
            schema=schema,
            uses=uses,
            diagrams=class_diagrams(schema, {iri: use.count for iri, use in uses.items()}),
            schemes=_code_lists(release),
            features=release.store.select(question("features")),
            linked=partial(linked, classes=release.namespaces.classes),
            compact=release.namespaces.compact,
            formats=document_formats(),
            path=path,
        )
    )


def _schemes_page(release: OpenRelease, path: str) -> str:
    return render(
        SchemesPage(
            schemes=_code_lists(release),
            in_use=tuple(release.schema.in_use.values()),
            formats=document_formats(),
            path=path,
        )
    )


_OF_ENDS: Final = ("each subject of ", "each object of ")
"""How the words begin for what a shape is about that is of the ends of a property, and not of a class."""


def _shapes_page(release: OpenRelease) -> ShapesPage:
    shapes, rules = shapes_in(release)
    by_name = {shape.curie: shape for shape in shapes}
    named = {part for shape in shapes for part in shape.parts}
    on_ends = [shape for shape in shapes if shape.about and shape.about[0].startswith(_OF_ENDS)]
    wholes = [shape for shape in shapes if shape.curie not in named and shape not in on_ends]
    return ShapesPage(
        wholes=wholes,
        on_ends=on_ends,
        by_name=by_name,
        rules=rules,
        linked=partial(linked, classes=release.namespaces.classes),
        formats=(*triples_formats(), MARKDOWN),
        path="/shapes",
    )


def _code_lists(release: OpenRelease) -> tuple[CodeList, ...]:
    return release.once(("code lists",), lambda: code_lists(release.store, release.schema))


def _header(release: OpenRelease) -> OntologyHeader:
    return release.once(("ontology header",), lambda: ontology_header(release.store))


def _summary(release: OpenRelease) -> DatasetSummary:
    return release.once(
        ("dataset",), lambda: dataset_summary(release.store, release.schema, release.namespaces.dataset)
    )


def shapes_in(release: OpenRelease) -> tuple[tuple[ShapeTerm, ...], tuple[RuleTerm, ...]]:
    """Return the shapes and the rules that the data of a release are held to."""
    return release.once(("shapes",), lambda: shapes_of(release.store, release.namespaces))
