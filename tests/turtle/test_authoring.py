"""New entities and edges."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from server.errors import NotFoundError, UsageError
from server.namespaces import AKB, SLUG
from server.turtle.authoring import NewEdge, NewEntity, add_edge, new_entity, slug_of
from server.turtle.edges import VOCAB, edge_iri
from server.turtle.reader import read_base
from tests.made import NAMESPACES

A, P, B = (
    NAMESPACES.expand(curie)
    for curie in ("concept:compliance-gap", "akb:associatedWith", "concept:preference-conflict")
)


@given(st.text())
def test_a_slug_is_well_formed_or_empty(label: str) -> None:
    slug = slug_of(label)
    assert slug == "" or SLUG.fullmatch(slug)


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("Reward Hacking", "reward-hacking"),
        ("Löb's theorem (1955)", "lobs-theorem-1955"),
        ("  A--b ", "a-b"),
        ("对齐", ""),
    ],
)
def test_a_label_makes_a_readable_slug(label: str, slug: str) -> None:
    assert slug_of(label) == slug


def test_a_new_entity_is_a_draft_and_overwrites_nothing(root: Path) -> None:
    entity = NewEntity("concept", f"{AKB}Concept", "Reward hacking", "Scoring well by a route nobody wanted.")
    path = new_entity(root, NAMESPACES, entity)
    assert path == root / "kb/concept/reward-hacking.ttl"
    assert "akb:status akbv:draft" in path.read_text()
    before = path.read_text()
    with pytest.raises(UsageError, match="exists already"):
        new_entity(root, NAMESPACES, entity)
    assert path.read_text() == before


@pytest.mark.parametrize(
    "entity",
    [
        NewEntity("concept", f"{AKB}Concept", "  "),
        NewEntity("concept", f"{AKB}Concept", "对齐"),
        NewEntity("concept", f"{AKB}Concept", "x", slug="../../etc"),
        NewEntity("paper", f"{AKB}Paper", "x", issued="2024-13"),
        NewEntity("paper", f"{AKB}Paper", "x", issued="yesterday"),
    ],
)
def test_what_cannot_be_an_entity_is_refused_and_nothing_is_written(root: Path, entity: NewEntity) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(UsageError):
        new_entity(root, NAMESPACES, entity)
    assert sorted(root.rglob("*")) == before


def test_a_draft_edge_has_no_plain_triple_and_an_active_one_has(root: Path) -> None:
    add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "draft", source="thinker:anthropic"))
    triple = (URIRef(A), URIRef(P), URIRef(B))
    assert triple not in read_base(root, NAMESPACES).asserted
    path = add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "active", confidence=0.1, status="active"))
    assert path == "kb/concept/compliance-gap.ttl"
    asserted = read_base(root, NAMESPACES).asserted
    assert triple in asserted
    node = edge_iri(NAMESPACES, A, P, B)
    assert asserted.value(node, VOCAB.note) == Literal("active", lang="en")
    assert str(asserted.value(node, VOCAB.confidence)) == "0.10"


def test_an_edge_needs_ends_that_exist_and_is_written_once(root: Path) -> None:
    with pytest.raises(NotFoundError, match="concept:nowhere"):
        add_edge(read_base(root, NAMESPACES), NewEdge(A, P, NAMESPACES.expand("concept:nowhere"), "x"))
    with pytest.raises(NotFoundError, match="paper:nowhere"):
        add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "x", source="paper:nowhere"))
    with pytest.raises(UsageError, match="not a CURIE"):
        add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "x", source="nowhere"))
    add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "x"))
    with pytest.raises(UsageError, match="says this already"):
        add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "y"))


def test_a_file_with_a_comment_is_not_rewritten(root: Path) -> None:
    path = root / "kb/concept/compliance-gap.ttl"
    path.write_text(path.read_text() + "# keep me\n")
    with pytest.raises(UsageError, match="has a comment"):
        add_edge(read_base(root, NAMESPACES), NewEdge(A, P, B, "x"))
    assert path.read_text().endswith("# keep me\n")
