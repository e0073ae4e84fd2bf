"""Files of entities and edges that tests make, many at a time."""

from __future__ import annotations

from server.namespaces import Namespaces
from server.turtle.edges import edge_id

NAMESPACES = Namespaces()


def record(curie: str, type_: str, extra: str = "") -> str:
    """Return the file of an entity."""
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())
    label = curie.partition(":")[2].replace("-", " ")
    return f"""{prefixes}
{curie} a {type_} ;
    dcterms:identifier "{curie}" ;
    skos:prefLabel "{label}"@en ;
    skos:definition "Made by a test, as {label}."@en ;
    {extra}
    akb:status akbv:active ;
    dcterms:source "a test" .
"""


def edge(subject: str, predicate: str, object_: str) -> str:
    """Return an edge with its node."""
    name = edge_id(*(NAMESPACES.expand(curie) for curie in (subject, predicate, object_)))
    return f"""
{subject} {predicate} {object_} .
edge:{name} a akb:Edge ;
    akb:subject {subject} ;
    akb:predicate {predicate} ;
    akb:object {object_} ;
    akb:note "As long as a note is, it says why {subject} stands where it does."@en ;
    akb:confidence 0.8 ;
    akb:status akbv:active ;
    akb:agentType akbv:machine-extracted ;
    prov:generatedAtTime "2026-11-21T02:00:00Z"^^xsd:dateTime ;
    dcterms:source "a test" .
"""
