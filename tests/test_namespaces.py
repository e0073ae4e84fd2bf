"""IRIs and CURIEs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.namespaces import SLUG, Namespaces
from server.schema.schema import Schema
from server.turtle.base import Base
from tests.made import CLASSES, NAMESPACES

SLUGS = st.from_regex(SLUG, fullmatch=True)


@given(st.sampled_from(CLASSES), SLUGS, st.sampled_from(["https://w3id.org/alignment-kb/", "http://other.test/x/"]))
def test_a_curie_and_its_iri_lead_to_each_other(name: str, slug: str, base: str) -> None:
    namespaces = Namespaces(base, CLASSES)
    iri = namespaces.expand(f"{name}:{slug}")
    assert iri == namespaces.entity(name, slug) == f"{base}{name}/{slug}"
    assert namespaces.compact(iri) == f"{name}:{slug}"


@given(st.text())
def test_compacting_anything_and_expanding_it_again_changes_nothing(text: str) -> None:
    namespaces = NAMESPACES
    compacted = namespaces.compact(text)
    assert compacted == text or namespaces.expand(compacted) == text


@pytest.mark.parametrize(
    "iri",
    [
        "https://w3id.org/alignment-kb/concept/",  # no local name
        "https://w3id.org/alignment-kb/concept/a/b",  # a slash is no part of a local name
        "https://w3id.org/alignment-kb/concept/a.",  # Turtle would read the dot as the end of the statement
        "https://example.org/a",
    ],
)
def test_an_iri_that_no_curie_can_stand_for_stays_whole(iri: str) -> None:
    assert NAMESPACES.compact(iri) == iri


def test_the_page_classes_are_those_of_the_ontology_in_its_order(schema: Schema, base: Base) -> None:
    assert tuple(term.notation for term in schema.page_classes) == base.namespaces.classes == CLASSES
