"""Files of entities and edges that tests make, many at a time."""

from __future__ import annotations

from pathlib import Path

from server.knowledge.gaps import gaps_of
from server.namespaces import Namespaces
from server.schema.reading import schema_of
from server.turtle.edges import edge_id
from server.turtle.reader import empty_base

CLASSES = (
    *("paper", "post", "book", "report", "thinker", "framework", "method", "concept", "artifact", "quote", "claim"),
    *("question", "venue"),
)
"""The names of the page classes of the test base, in display order."""
PRESENT = tuple(name for name in CLASSES if name not in {"post", "book", "report", "venue"})
"""Those of which it has entities."""
NAMESPACES = Namespaces(classes=CLASSES)
_EMPTY = empty_base(Path(__file__).parent.parent, NAMESPACES)
OUR_SCHEMA = schema_of(_EMPTY)
"""The schema of the repository."""
GAPS = gaps_of(_EMPTY, OUR_SCHEMA)
"""The gaps that are looked for in it."""
CLASHING = (
    ("concept:alignment-faking", "contributes_to", "concept:made-755225"),
    ("concept:compliance-gap", "contributes_to", "concept:made-589906"),
)
"""Two edges, in different files, whose names have the same first ten digits: a4923f405e, as sha256sum prints them."""
CROWDED = "concept/known-to-everyone"
KINDS = {
    "claim": ("akb:Claim", "akb:about", "akb:claimKind akbv:finding ;"),
    "paper": ("akb:Paper", "akb:studies", 'dcterms:issued "2024-12-18"^^xsd:date ;'),
}
"""The classes of the neighbours of the crowded entity: their type, the predicate of the edge, what else they have."""


def crowd(root: Path, of_each_class: int) -> None:
    """Add an entity to a base that has so many neighbours of each class of KINDS."""
    hub = CROWDED.replace("/", ":")
    (root / "kb" / f"{CROWDED}.ttl").write_text(record(hub, "akb:Concept"))
    for name, (type_, predicate, extra) in KINDS.items():
        for number in range(of_each_class):
            curie = f"{name}:made-{number}"
            text = record(curie, type_, extra) + edge(curie, predicate, hub)
            (root / "kb" / name / f"made-{number}.ttl").write_text(text)


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
    dcterms:source "a test, https://made.akb.dev/" .
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
    dcterms:source "a test, https://made.akb.dev/" .
"""
