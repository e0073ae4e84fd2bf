"""The example queries, those of the engine (`server/web/examples/`) and those of the base; shown and described.

They are about entities of the base that is served: `example:entity` and `example:other` are replaced by two of them.

They are described as SHACL's executables (SHACL Advanced Features, section 5.1.2), in the way in which the endpoints of
the life sciences do it, so that query editors find them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from ...namespaces import Namespaces
from ...records.examples import ExampleQuery
from ...records.pages import EntityRef
from ...serialization import HTML, MARKDOWN
from ...turtle.statements import lines_of
from ...validation.example_files import read_folder
from ..current import current_release
from ..documents.documents import Document, document, rdf_writers
from ..documents.markdown import page_markdown
from ..given.data import ExamplesPage
from ..http.languages import page as render
from ..http.origins import site_address
from ..open_release import OpenRelease

blueprint = Blueprint("example_queries", __name__)

_FOLDER: Final = Path(__file__).parent.parent / "examples"
_EXECUTABLES: Final = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}
_ENTITY: Final = re.compile(r"\bexample:(entity|other)\b")
_TERM: Final = re.compile(r"\bakb:\w+")
# The tools that read such descriptions look for schema.org under https, unlike our own prefix.
_TARGET: Final = URIRef("https://schema.org/target")


def example_queries(release: OpenRelease) -> tuple[ExampleQuery, ...]:
    """Return the example queries that a release has the terms and the entities for, by the names of their files."""
    examples, terms = release.examples, release.schema.curies
    entities = {name: ref for name, ref in (("entity", examples.entity), ("other", examples.other)) if ref is not None}
    found = []
    templates = {one.name: one for one in (*_templates(), *release.example_templates)}
    for _, template in sorted(templates.items()):
        wanted = set(_ENTITY.findall(template.text))
        if wanted <= entities.keys() and set(_TERM.findall(template.text)) <= terms:
            title = template.title.format(**{name: ref.label for name, ref in entities.items()})
            text = _ENTITY.sub(lambda token: _written(entities[token[1]]), template.text)
            found.append(replace(template, title=title, text=text))
    return tuple(found)


def _written(entity: EntityRef) -> str:
    """Return the name of an entity as SPARQL writes it."""
    return f"<{entity.iri}>" if entity.curie == entity.iri else entity.curie


@cache
def _templates() -> tuple[ExampleQuery, ...]:
    return tuple(read_folder(_FOLDER))


def describe_examples(release: OpenRelease, endpoint: str) -> Graph:
    """Return the example queries, and the prefixes that they use, as triples."""
    namespaces = release.namespaces
    graph = describe_prefixes(namespaces)
    for example in example_queries(release):
        node = URIRef(namespaces.examples + example.name)
        executable, has_text = _EXECUTABLES[example.form]
        for kind in (SH.SPARQLExecutable, executable):
            graph.add((node, RDF.type, kind))
        graph.add((node, RDFS.comment, Literal(example.title, lang="en")))
        graph.add((node, SH.prefixes, _prefixes(namespaces)))
        graph.add((node, has_text, Literal(example.text)))
        graph.add((node, _TARGET, URIRef(endpoint)))
    return graph


def describe_prefixes(namespaces: Namespaces) -> Graph:
    """Return every declared prefix as triples (SHACL, section 5.2.1)."""
    graph = Graph(bind_namespaces="none")
    whole = _prefixes(namespaces)
    graph.add((whole, RDF.type, OWL.Ontology))
    graph.add((whole, RDFS.label, Literal("The prefixes that the endpoint declares", lang="en")))
    for prefix, namespace in namespaces.prefixes().items():
        node = URIRef(f"{namespaces.dataset}#prefix-{prefix}")
        graph.add((whole, SH.declare, node))
        graph.add((node, RDF.type, SH.PrefixDeclaration))
        graph.add((node, SH.prefix, Literal(prefix)))
        graph.add((node, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))
    return graph


def ntriples(graph: Graph) -> str:
    """Write a graph as sorted N-Triples."""
    return "".join(sorted(lines_of(graph.serialize(format="nt"))))


def endpoint_address() -> str:
    """Return the address of the SPARQL endpoint at the address of the site for this request."""
    return f"{site_address()}sparql"


@blueprint.get("/examples")
@blueprint.get("/examples.<extension>")
def examples(extension: str | None = None) -> Response:
    """List the example queries."""
    release = current_release()
    triples = rdf_writers(release, lambda: ntriples(describe_examples(release, endpoint_address())))
    page = ExamplesPage(examples=example_queries(release), formats=(HTML, *triples, MARKDOWN), path="/examples")
    writers = {HTML: lambda: render(page), **triples, MARKDOWN: lambda: page_markdown("examples", page)}
    whole = Document("/examples", writers, cached=False, names_site=True)
    return document(whole, extension, release)


def _prefixes(namespaces: Namespaces) -> URIRef:
    return URIRef(f"{namespaces.dataset}#prefixes")
