"""Makes bases of any size that look like the real one, with a fault in some of their entities."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rdflib import Graph

from server.schema.reading import read_schema
from server.schema.schema import Schema
from server.turtle.base import union
from server.turtle.edges import MORE_DIGITS, edge_id
from server.turtle.source_files import SourceFile, read_file, read_text
from server.turtle.writer import canonical_text
from tests.made import NAMESPACES

ROOT = Path(__file__).parent.parent
# Class, type, how many of a hundred, and what entities of it have of their own.
KINDS = (
    ("thinker", "akb:Person", 6, ""),
    ("thinker", "akb:Organization", 3, ""),
    ("paper", "akb:Paper", 22, 'dcterms:issued "2024-12-18"^^xsd:date ;\n    '),
    ("concept", "akb:Concept", 20, ""),
    ("framework", "akb:Framework", 4, ""),
    ("method", "akb:Method", 8, ""),
    ("artifact", "akb:Artifact", 5, ""),
    ("artifact", "akb:AISystem", 3, ""),
    ("claim", "akb:Claim", 20, "akb:claimKind akbv:finding ;\n    "),
    ("question", "akb:Question", 9, "akb:questionStatus akbv:open ;\n    "),
)
FAULTS = (
    ("@en ;", " ;"),  # a label without a language
    ("akb:status akbv:active", "akb:status akbv:done"),
    ('dcterms:identifier "', 'dcterms:identifier "x'),
    ("akb:confidence 0.8", "akb:confidence 1.8"),
    (" a akb:Edge", " a akb:Edgy"),
    ("akb:object ", "akb:object akb:Entity, "),
    ("skos:definition", "skos:definitions"),
    ("a akb:Concept", "a akb:Method"),
    ("akb:note ", "rdfs:comment "),
)
SYLLABLES = [a + b for a in ("b", "d", "f", "gr", "k", "l", "m", "n", "p", "r", "st", "t", "v", "z") for b in "aeiou"]


@dataclass
class _Entity:
    name: str
    type: str
    slug: str
    extra: str
    edges: list[str] = field(default_factory=list)

    @property
    def curie(self) -> str:
        return f"{self.name}:{self.slug}"


def generate(root: Path, size: int, seed: int = 0, fault_every: int = 50) -> Path:
    """Write a base of `size` entities into a new folder and return it; one in `fault_every` has a fault (0: none)."""
    chance = random.Random(seed)
    for part in ("ontology", "shapes"):
        shutil.copytree(ROOT / part, root / part)
    schema = _schema()
    entities = list(_entities(size, chance))
    named: dict[str, tuple[str, ...]] = {}
    pools: dict[str, list[_Entity]] = {}
    for entity in entities:
        _join(entity, pools, schema, chance, named)
        for range_ in _classes(entity, schema):
            pools.setdefault(range_, []).append(entity)
    heads = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())
    for number, entity in enumerate(entities):
        name = f"kb/{entity.name}/{entity.slug}.ttl"
        file = read_text(name, f"{heads}\n{_text(entity, chance)}")
        assert isinstance(file, SourceFile), file
        text = canonical_text(file.statements, NAMESPACES)
        if fault_every and number % fault_every == fault_every - 1:
            text = text.replace(*FAULTS[number // fault_every % len(FAULTS)], 1)
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def _schema() -> Schema:
    files = [read_file(ROOT / "ontology" / "akb.ttl", ROOT)]
    return read_schema(union(tuple(files)), Graph(), NAMESPACES)  # type: ignore[arg-type]


def _entities(size: int, chance: random.Random) -> Iterator[_Entity]:
    taken: set[str] = set()
    for kind in chance.choices(KINDS, weights=[kind[2] for kind in KINDS], k=size):
        slug = ""
        while not slug or slug in taken:
            slug = "-".join("".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(3))
        taken.add(slug)
        yield _Entity(kind[0], kind[1], slug, kind[3])


def _classes(entity: _Entity, schema: Schema) -> list[str]:
    own = NAMESPACES.expand(entity.type)
    return [iri for iri in schema.classes if schema.is_under(own, iri)]


def _join(
    entity: _Entity,
    pools: dict[str, list[_Entity]],
    schema: Schema,
    chance: random.Random,
    named: dict[str, tuple[str, ...]],
) -> None:
    """Give an entity edges to earlier ones; the earliest are named most often, as the famous are.

    `named` has the ends of each edge by its name.
    """
    own = set(_classes(entity, schema))
    fitting = [term for term in schema.predicates.values() if term.domain in own and pools.get(term.range)]
    joined: set[str] = set()
    for term in chance.sample(fitting, min(len(fitting), chance.randint(1, 6))):
        pool = pools[term.range]
        other = pool[int(len(pool) * chance.random() ** 2)]
        if other.curie in joined:
            continue
        joined.add(other.curie)
        papers = pools.get(NAMESPACES.expand("akb:Paper"), [])
        source = papers[int(len(papers) * chance.random() ** 2)].curie if papers else ""
        first, second = entity, other
        if "symmetric" in term.traits and NAMESPACES.expand(first.curie) > NAMESPACES.expand(second.curie):
            first, second = second, first
        curies = (first.curie, term.curie, second.curie, source)
        ends = tuple(curie and NAMESPACES.expand(curie) for curie in curies)
        name = edge_id(*ends)
        if named.setdefault(name, ends) != ends:
            name = edge_id(*ends, digits=MORE_DIGITS)
        first.edges.append(
            f"{first.curie} {term.curie} {second.curie} .\n"
            f"edge:{name} a akb:Edge ;\n    akb:subject {first.curie} ;\n    akb:predicate {term.curie} ;\n"
            f'    akb:object {second.curie} ;\n    akb:note "The one leads to the other."@en ;\n'
            + (f"    akb:assertedIn {source} ;\n" if source else "")
            + '    akb:locator "Section 3" ;\n    akb:confidence 0.8 ;\n    akb:status akbv:active ;\n'
            "    akb:agentType akbv:human ;\n"
            '    prov:generatedAtTime "2026-11-21T02:00:00Z"^^xsd:dateTime .\n'
        )


def _text(entity: _Entity, chance: random.Random) -> str:
    words = entity.slug.split("-")
    rest = " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(12))
    head = (
        f"{entity.curie} a {entity.type} ;\n"
        f'    dcterms:identifier "{entity.curie}" ;\n'
        f'    skos:prefLabel "{" ".join(words)}"@en ;\n'
        f'    skos:definition "What {words[0]} has to do with {rest}."@en ;\n'
        f'    {entity.extra}akb:status akbv:active ;\n    dcterms:source "a generated base, https://made.akb.dev/" .\n'
    )
    return "\n".join([head, *sorted(entity.edges)])
