"""References to works."""

from __future__ import annotations

from server.knowledge.citations import citations, container_of, entry_citation
from server.knowledge.entity import entity_ref
from server.records.citations import Author, Citation
from server.store.embedded import Store
from tests.made import OUR_SCHEMA

ENTITIES = "https://w3id.org/alignment-kb"
PAPER = f"{ENTITIES}/paper/alignment-faking-in-llms"


def test_a_reference_says_what_the_record_says(store: Store) -> None:
    found = citations(store, OUR_SCHEMA, "paper")[PAPER]
    assert len(found.authors) == 20
    assert (found.authors[0], found.authors[-1]) == (Author("Ryan Greenblatt"), Author("Evan Hubinger"))
    assert found == Citation(
        iri=PAPER,
        title="Alignment faking in large language models",
        authors=found.authors,
        issued="2024-12-18",
        doi="10.48550/arXiv.2412.14093",
        arxiv="2412.14093",
        url="https://arxiv.org/abs/2412.14093",
    )
    assert citations(store, OUR_SCHEMA, "paper", [PAPER]) == {PAPER: found}


def test_without_a_list_the_authors_are_those_of_the_edges(store: Store) -> None:
    """The list of a work names everybody in its order; edges name the thinkers of the base, and no order."""
    listed = store.select("SELECT ?p WHERE { ?p akb:authorList ?list }")
    assert [str(row["p"]) for row in listed] == [PAPER]
    found = citations(store, OUR_SCHEMA, "paper")
    assert found[f"{ENTITIES}/paper/risks-from-learned-optimization"].authors == (Author("Evan Hubinger"),)
    assert found[f"{ENTITIES}/paper/risks-from-learned-optimization"].may_lack_authors
    assert found[f"{ENTITIES}/paper/why-some-models-fake-alignment"].authors == (
        Author("Sheshadri et al.", is_person=False),
    )
    assert not any("et al." in author.name for author in found[PAPER].authors)


def test_every_paper_in_use_has_one_and_nothing_else_has(store: Store) -> None:
    [row] = store.select("SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a akb:Paper MINUS { ?p owl:deprecated true } }")
    assert len(citations(store, OUR_SCHEMA, "paper")) == row["n"] == 10
    assert citations(store, OUR_SCHEMA, "concept") == {}
    assert citations(store, OUR_SCHEMA, "thinker", [PAPER]) == {}


def test_what_is_not_known_is_left_out_of_a_context_object() -> None:
    """ANSI/NISO Z39.88-2004, the matrix of the journal format."""
    bare = Citation("https://example.org/x", "A & B", (), "", "", "", "")
    assert bare.context_object == (
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", "A & B"),
        ("rft_id", "https://example.org/x"),
    )


def test_an_entry_is_cited_as_part_of_the_base(store: Store) -> None:
    entity = entity_ref(store, f"{ENTITIES}/concept/alignment-faking")[0]
    found = entry_citation(container_of(store), entity, "2026-11-21")
    assert (found.title, found.container, found.issued) == ("Alignment Faking", "Alignment KB", "2026-11-21")
    assert found.url == found.iri == entity.iri
    assert not found.may_lack_authors
