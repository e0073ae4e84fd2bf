"""The list of every term that the ontology ever declared, so that none disappears unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, Graph
from rdflib.namespace import VANN
from rdflib.term import Node

from ..namespaces import Namespaces
from .schema import Schema

TERMS_FILE: Final = Path("ontology/terms.txt")

_HEADER = """\
# Every term that the ontology ever declared, one a line. `akb generate` adds the new ones and deletes none:
# a term that is no longer to be used stays in the ontology, with owl:deprecated true.
"""


def recorded_terms(root: Path, namespaces: Namespaces) -> Iterator[tuple[int, str]]:
    """Yield the line and the IRI of each recorded term; none where there is no list."""
    path = root / TERMS_FILE
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name = line.strip()
        if name and not name.startswith("#"):
            try:
                yield number, namespaces.expand(name)
            except KeyError:
                yield number, name


def terms_text(schema: Schema, root: Path, namespaces: Namespaces, own: tuple[str, ...]) -> str:
    """Return the text of the list, with its terms and those that the ontology declares now.

    `own` are the namespaces of the ontology: terms of others are not listed.
    """
    declared = {namespaces.compact(iri) for iri in (*schema.classes, *schema.properties) if iri.startswith(own)}
    recorded = {namespaces.compact(term) for _, term in recorded_terms(root, namespaces)}
    return _HEADER + "".join(f"{curie}\n" for curie in sorted(declared | recorded))


def namespaces_declared_by(graph: Graph) -> tuple[str, ...]:
    """Return the namespaces of all ontologies that a graph declares."""
    found = {
        one for ontology in graph.subjects(RDF.type, OWL.Ontology) for one in namespaces_of_ontology(graph, ontology)
    }
    return tuple(sorted(found))


def namespaces_of_ontology(graph: Graph, ontology: Node) -> tuple[str, ...]:
    """Return the namespace that an ontology states as its own, else the likely ones by its IRI."""
    stated = graph.value(ontology, VANN.preferredNamespaceUri)
    if stated is not None:
        return (str(stated),)
    return (str(ontology),) if str(ontology).endswith(("#", "/")) else (f"{ontology}#", f"{ontology}/")
