"""The entities of kb/ say the same in every format: the representation layer alone, over what differs among them.

What rdflib and our own writer write is read back by another library.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from server.knowledge.entity import describe, describe_as_schema_org, describe_record
from server.serialization import triples_formats
from server.store.embedded import Store
from server.web.documents.representations import SCHEMA_ORG_CONTEXT, represent
from server.web.http.profiles import EDGES, PROFILES, RECORD, SCHEMA_ORG
from tests.made import CLASSES, NAMESPACES, OUR_SCHEMA
from tests.thorough import NIGHTLY, part

PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
}
DESCRIBED: dict[object, Callable[[Store, str], str]] = {
    EDGES: describe,
    RECORD: describe_record,
    SCHEMA_ORG: lambda store, iri: describe_as_schema_org(store, OUR_SCHEMA, iri),
}
WRITABLE = [one for one in PROFILES if not one.version]
"""Those that every format can write; what RDF 1.2 alone can is in tests/turtle/test_reifiers.py."""
KB = Path(__file__).parents[3] / "kb"
CLASSES_IN_USE = [name for name in CLASSES if (KB / name).is_dir()]
ASSERTED = f"{NAMESPACES.graph}asserted"
Triples = set[tuple[object, object, object]]


@pytest.fixture(scope="module")
def knowledge() -> Store:
    """What kb/ asserts, without a build: the descriptions ask for nothing else."""
    store = Store.in_memory(NAMESPACES.prefixes())
    for path in sorted(KB.rglob("*.ttl")):
        store.load(path.read_text(encoding="utf-8"), ASSERTED)
    return store


def read_back(text: str, extension: str) -> tuple[Triples, set[str]]:
    """Return the triples of a document, and the graphs in which they stand."""
    quads = list(ox.parse(text.encode(), format=PARSERS[extension]))
    graphs = {str(quad.graph_name) for quad in quads}
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}, graphs


def features(triples: Triples, iri: str) -> set[object]:
    """Return what the formats may treat differently: predicates with the kinds of their values, and characters."""
    found: set[object] = set()
    for subject, predicate, value in triples:
        kind = (value.datatype, value.language) if isinstance(value, ox.Literal) else type(value)
        found.add((subject == ox.NamedNode(iri), predicate, kind))
        found |= set(value.value if isinstance(value, ox.Literal) else "")
    return found


@pytest.fixture(scope="module")
def telling(knowledge: Store) -> dict[str, list[str]]:
    """Entities by their classes, at least one of each, that together have every feature of some; at night, of all."""
    seen: set[object] = set()
    chosen: dict[str, list[str]] = {}
    for class_name in CLASSES_IN_USE:
        chosen[class_name] = []
        for path in part(sorted((KB / class_name).glob("*.ttl")), 6):
            iri = NAMESPACES.entity(class_name, path.stem)
            found = features(read_back(describe(knowledge, iri), "nt")[0], iri)
            if not (chosen[class_name] and found <= seen):
                chosen[class_name].append(iri)
                seen |= found
    return chosen


def test_the_table_of_formats_and_profiles_is_covered() -> None:
    assert {one.name for one in triples_formats()} == PARSERS.keys()
    assert set(WRITABLE) == DESCRIBED.keys()


@pytest.mark.parametrize("class_name", CLASSES_IN_USE)
def test_every_entity_has_the_same_triples_in_every_format_of_each_profile(
    class_name: str, knowledge: Store, telling: dict[str, list[str]], repository: Path
) -> None:
    context = json.loads((repository / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    iris = telling[class_name]
    assert iris
    read = 0
    for number, iri in enumerate(iris, CLASSES_IN_USE.index(class_name)):
        found: dict[object, Triples] = {}
        # With its edges, an entity is written in every format; in the other profiles in one by turns.
        by_turns = triples_formats() if NIGHTLY else [triples_formats()[number % len(PARSERS)]]
        for profile, described in DESCRIBED.items():
            ntriples = described(knowledge, iri)
            found[profile] = read_back(ntriples, "nt")[0]
            used = SCHEMA_ORG_CONTEXT if profile is SCHEMA_ORG else context
            for chosen in triples_formats() if profile is EDGES else by_turns:
                text = represent(ntriples, chosen, NAMESPACES, used, first=iri)
                triples, graphs = read_back(text, chosen.name)
                assert triples == found[profile], f"{iri} as {chosen.name} in the profile {profile}"
                assert graphs == {"DEFAULT"}, (iri, chosen.name)
                read += 1
        assert len(found[RECORD]) > 4
        assert found[RECORD] <= found[EDGES], iri
        assert not any(str(subject).startswith(f"<{NAMESPACES.edge}") for subject, _, _ in found[RECORD])
        assert any(str(p) == "<http://schema.org/name>" for _, p, _ in found[SCHEMA_ORG]), iri
    assert read == len(iris) * (len(PARSERS) + len(by_turns) * (len(WRITABLE) - 1))
