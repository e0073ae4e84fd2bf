"""What can be said of each file alone: what it is named, what it describes, and that it has no blank node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from rdflib import RDF, BNode, URIRef

from ..namespaces import PAGE_CLASSES, SLUG
from ..records import Finding
from ..turtle.edges import VOCAB, edges_in
from ..turtle.reader import Base, SourceFile
from .locating import Locator


def structural_findings(base: Base, locator: Locator) -> Iterator[Finding]:
    """Yield what is wrong with the form of each file of `kb/`."""
    for file in base.files:
        yield from _of_file(base, file, locator)


def _of_file(base: Base, file: SourceFile, locator: Locator) -> Iterator[Finding]:
    path = PurePosixPath(file.path)
    folder, slug = path.parent.name, path.stem
    expected = URIRef(base.namespaces.entity(folder, slug))
    curie = f"{folder}:{slug}"

    def find(rule: str, message: str, mend: str, term: URIRef = expected, predicate: str = "") -> Finding:
        return locator.finding(rule, str(term), message, mend, predicate=predicate, file=file)

    if len(path.parts) != 3 or folder not in PAGE_CLASSES:
        yield find(
            "folder",
            f"The folder {path.parent} is not one of the classes.",
            f"move the file to kb/<class>/, where <class> is one of {', '.join(PAGE_CLASSES)}.",
        )
        return
    if not SLUG.fullmatch(slug):
        yield find(
            "file-name",
            f"The file name {path.name} is not a slug.",
            "use lower-case letters, digits and single hyphens, and end it with .ttl.",
        )
    if any(isinstance(term, BNode) for triple in file.graph for term in triple):
        line, column = file.places.first_blank()
        blank = find(
            "blank-node",
            "The file has a blank node ([...], (...) or _:name), which nobody can link to.",
            "give the node an IRI of its own, or say it with plain properties.",
        )
        yield replace(blank, line=line, column=column)
    described = {node for node in file.graph.subjects() if isinstance(node, URIRef)}
    edges = {node for node in file.graph.subjects(RDF.type, VOCAB.Edge) if isinstance(node, URIRef)}
    if expected not in described:
        yield find(
            "file-name",
            f"The file says nothing of {curie}, which its name stands for.",
            f"rename the file after the entity in it, or describe {curie} in it.",
        )
    for other in sorted(described - edges - {expected}):
        yield find(
            "foreign-subject",
            f"The file is about {curie}, and describes {base.namespaces.compact(other)} too.",
            "move those statements to that entity's own file; if the name is a slip, correct it.",
            other,
        )
    for edge in sorted(edges_in(file.graph), key=lambda edge: edge.iri):
        if edge.subject != expected:
            owner = base.namespaces.compact(edge.subject)
            yield find(
                "edge-in-wrong-file",
                f"The edge starts from {owner}, and stands in the file of {curie}.",
                f"move the edge and its plain triple to the file of {owner}.",
                edge.iri,
                str(VOCAB.subject),
            )
