"""The profiles as a document, in the words of the Profiles Vocabulary (PROF): their IRIs are fragments of it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response
from rdflib import DCTERMS, PROF, RDF, RDFS, Graph, Literal, URIRef

from ...serialization import HTML
from ..current import current_release
from ..documents.documents import Document, document, rdf_writers
from ..given.data import ProfilesPage
from ..http.languages import page as render
from ..http.profiles import EDGES, PROFILES, RECORD, REIFIERS
from ..http.signposting import licence_links
from .example_queries import ntriples

blueprint = Blueprint("profile_list", __name__)

_PATH: Final = "/profiles"


@blueprint.get("/profiles")
@blueprint.get("/profiles.<extension>")
def profiles(extension: str | None = None) -> Response:
    """List the profiles in which an entity can be had."""
    release = current_release()
    triples = rdf_writers(release, lambda: ntriples(_graph()))
    formats = (HTML, *triples)

    def page() -> str:
        return render(ProfilesPage(profiles=PROFILES, example=release.examples.entity, formats=formats, path=_PATH))

    whole = Document(_PATH, {HTML: page, **triples}, links=lambda: licence_links(release))
    return document(whole, extension, release)


def _graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for profile in PROFILES:
        node = URIRef(profile.iri)
        graph.add((node, RDF.type, PROF.Profile))
        graph.add((node, RDFS.label, Literal(profile.label, lang="en")))
        graph.add((node, DCTERMS.description, Literal(profile.definition, lang="en")))
        graph.add((node, PROF.hasToken, Literal(profile.name)))
    # Whoever can read a record with edges can read it without.
    graph.add((URIRef(EDGES.iri), PROF.isProfileOf, URIRef(RECORD.iri)))
    # Whoever knows RDF 1.2 can read the edges.
    graph.add((URIRef(REIFIERS.iri), DCTERMS.isVersionOf, URIRef(EDGES.iri)))
    return graph
