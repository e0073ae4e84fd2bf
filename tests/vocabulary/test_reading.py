"""The ontology as records."""

from __future__ import annotations

import pytest

from server.errors import UsageError
from server.namespaces import AKB
from server.vocabulary.reading import Vocabulary
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
def test_a_class_has_the_page_class_that_it_is_under(class_: str, page: str | None, vocabulary: Vocabulary) -> None:
    found = vocabulary.page_class_of(AKB + class_)
    assert (found.notation if found else None) == page


def test_the_class_of_a_new_entity(vocabulary: Vocabulary) -> None:
    assert vocabulary.class_for("concept") == f"{AKB}Concept"
    assert vocabulary.class_for("thinker", "person") == f"{AKB}Person"
    with pytest.raises(UsageError, match="'idea' is not a class"):
        vocabulary.class_for("idea")
    with pytest.raises(UsageError) as caught:
        vocabulary.class_for("thinker", "Robot")
    assert caught.value.mend == "choose one of Group, Organization, Person."


def test_a_thinker_without_a_kind_is_left_for_the_check_to_say(vocabulary: Vocabulary) -> None:
    assert vocabulary.class_for("thinker") == f"{AKB}Thinker"


@pytest.mark.parametrize("name", ["extends", "akb:extends"])
def test_an_edge_is_oriented_as_it_is_stored(name: str, vocabulary: Vocabulary) -> None:
    a, b = NAMESPACES.expand("concept:b"), NAMESPACES.expand("concept:a")
    assert vocabulary.oriented("concept:b", name, "concept:a", NAMESPACES) == (a, f"{AKB}extends", b)


def test_an_inverse_is_turned_round_and_symmetric_ends_are_sorted(vocabulary: Vocabulary) -> None:
    a, b = NAMESPACES.expand("concept:a"), NAMESPACES.expand("concept:b")
    assert vocabulary.oriented("concept:b", "extended_by", "concept:a", NAMESPACES) == (a, f"{AKB}extends", b)
    for ends in (("concept:a", "concept:b"), ("concept:b", "concept:a")):
        assert vocabulary.oriented(ends[0], "associated_with", ends[1], NAMESPACES) == (a, f"{AKB}associatedWith", b)


@pytest.mark.parametrize("name", ["related", "status", "nonsense", ""])
def test_what_is_no_predicate_is_refused(name: str, vocabulary: Vocabulary) -> None:
    with pytest.raises(UsageError, match="not a predicate"):
        vocabulary.oriented("concept:a", name, "concept:b", NAMESPACES)


def test_an_end_that_is_no_curie_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(UsageError, match="not a CURIE"):
        vocabulary.oriented("nowhere:a", "extends", "concept:b", NAMESPACES)
