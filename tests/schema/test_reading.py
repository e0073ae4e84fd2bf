"""The ontology as records."""

from __future__ import annotations

import pytest

from server.errors import UsageError
from server.namespaces import AKB
from server.schema.schema import Schema
from tests.made import NAMESPACES


@pytest.mark.parametrize(
    ("class_", "page"),
    [
        ("Person", "thinker"),
        ("AISystem", "artifact"),
        ("Concept", "concept"),
        ("Entity", None),
        ("Edge", None),
        ("X", None),
    ],
)
def test_a_class_has_the_page_class_that_it_is_under(class_: str, page: str | None, schema: Schema) -> None:
    found = schema.page_class_of(AKB + class_)
    assert (found.notation if found else None) == page


def test_the_class_of_a_new_entity(schema: Schema) -> None:
    assert schema.class_for("concept") == f"{AKB}Concept"
    assert schema.class_for("thinker", "person") == f"{AKB}Person"
    with pytest.raises(UsageError, match="'idea' is not a class"):
        schema.class_for("idea")
    with pytest.raises(UsageError) as caught:
        schema.class_for("thinker", "Robot")
    assert caught.value.mend == "choose one of Group, Organization, Person."


def test_a_thinker_without_a_kind_is_left_for_the_check_to_say(schema: Schema) -> None:
    assert schema.class_for("thinker") == f"{AKB}Thinker"


@pytest.mark.parametrize("name", ["extends", "akb:extends"])
def test_an_edge_is_oriented_as_it_is_stored(name: str, schema: Schema) -> None:
    a, b = NAMESPACES.expand("concept:b"), NAMESPACES.expand("concept:a")
    assert schema.oriented("concept:b", name, "concept:a", NAMESPACES) == (a, f"{AKB}extends", b)


def test_an_inverse_is_turned_round_and_symmetric_ends_are_sorted(schema: Schema) -> None:
    a, b = NAMESPACES.expand("concept:a"), NAMESPACES.expand("concept:b")
    assert schema.oriented("concept:b", "extended_by", "concept:a", NAMESPACES) == (a, f"{AKB}extends", b)
    for ends in (("concept:a", "concept:b"), ("concept:b", "concept:a")):
        assert schema.oriented(ends[0], "associated_with", ends[1], NAMESPACES) == (a, f"{AKB}associatedWith", b)


@pytest.mark.parametrize("name", ["related", "status", "nonsense", ""])
def test_what_is_no_predicate_is_refused(name: str, schema: Schema) -> None:
    with pytest.raises(UsageError, match="not a predicate"):
        schema.oriented("concept:a", name, "concept:b", NAMESPACES)


def test_an_end_that_is_no_curie_is_refused(schema: Schema) -> None:
    with pytest.raises(UsageError, match="not a CURIE"):
        schema.oriented("nowhere:a", "extends", "concept:b", NAMESPACES)
