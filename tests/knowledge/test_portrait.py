"""What a page tells first of an entity of each class."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.knowledge.entity import entity_page, stated
from server.knowledge.portrait import _SHOWN, _with_each_class, portrait
from server.records.pages import Aspect, EntityRef, Portrait
from server.schema.schema import Schema
from server.store.embedded import Store
from tests.made import NAMESPACES, OUR_SCHEMA, PRESENT

Shown = Callable[[str], Portrait]


@pytest.fixture
def shown(store: Store, schema: Schema) -> Shown:
    """A function that returns what the page of an entity, given by its CURIE, shows first."""

    def shown(curie: str) -> Portrait:
        entity = stated(store, NAMESPACES.base + curie.replace(":", "/"))
        page = entity_page(store, schema, NAMESPACES, entity)
        return portrait(store, NAMESPACES, schema, page, entity)

    return shown


def aspect(found: Portrait, name: str) -> Aspect:
    [one] = [one for one in (*found.sides, *found.aspects) if one.name == name]
    return one


def curies(one: Aspect) -> list[str]:
    return [statement.entity.curie for statement in one.statements]


def test_every_class_has_sections_with_names_of_their_own(schema: Schema) -> None:
    for term in schema.page_classes:
        sections = schema.sections_of([term.iri])
        assert sections
        assert len({section.name for section in sections}) == len(sections)
        assert all(section.ways for section in sections)


def test_a_claim_has_what_speaks_for_it_beside_what_speaks_against_it_with_source_and_note(shown: Shown) -> None:
    found = shown("claim:alignment-faking-emerges-with-scale")
    assert [one.name for one in found.sides] == ["for", "against"]
    said = aspect(found, "said")
    assert said.is_position
    assert "paper:alignment-faking-in-llms" in curies(said)
    assert said in found.before
    against = found.sides[1]
    assert "claim:an-8b-model-shows-it" in curies(against)
    assert all(one.link.note for one in against.statements)
    assert any(one.link.source for one in against.statements)
    assert against.in_full


def test_a_paper_has_its_authors_in_order_and_what_it_studies_asserts_and_released(shown: Shown) -> None:
    found = shown("paper:alignment-faking-in-llms")
    # The list of the paper has Hubinger as the last of twenty, and no group.
    authors = aspect(found, "authors")
    assert curies(authors) == ["thinker:evan-hubinger", "thinker:greenblatt-et-al"]
    assert [one.name for one in authors.names][:2] == ["Ryan Greenblatt", "Carson Denison"]
    assert [(one.name, one.statement and one.statement.entity.curie) for one in authors.names[-2:]] == [
        ("Evan Hubinger", "thinker:evan-hubinger"),
        ("Greenblatt et al.", "thinker:greenblatt-et-al"),
    ]
    assert len(authors.names) == 21
    assert found.bylines == (authors,)
    assert "concept:alignment-faking" in curies(aspect(found, "studies"))
    assert "claim:rl-raises-strategic-reasoning" in curies(aspect(found, "asserts"))
    assert "artifact:alignment-faking-code" in curies(aspect(found, "released"))


def test_a_thinker_has_works_by_date_and_the_positions_of_these_works(shown: Shown) -> None:
    found = shown("thinker:evan-hubinger")
    works = aspect(found, "works").statements
    dates = [one.issued for one in works]
    assert len(works) >= 2
    assert all(dates)
    assert dates == sorted(dates, reverse=True)
    positions = aspect(found, "positions-of-works")
    assert positions.by_work
    assert positions.statements
    assert all(one.work and one.link.label in {"asserts", "disputes"} for one in positions.statements)


def test_a_quote_brings_its_words_where_they_are_kept_and_its_work(shown: Shown) -> None:
    words = aspect(shown("concept:alignment-faking"), "words").statements
    assert words
    assert all(one.work for one in words)


def test_what_a_class_asks_for_and_nobody_said_is_a_task_and_the_rest_is_left_out(shown: Shown) -> None:
    found = shown("concept:alignment-faking")
    mitigated = aspect(found, "mitigated")
    assert mitigated.statements == ()
    assert "`akb link mitigates concept:alignment-faking`" in mitigated.empty
    assert all(one.statements or one.empty for one in found.aspects)


@given(st.lists(st.sampled_from("abc"), max_size=40))
def test_under_a_heading_some_of_each_class_are_shown_and_the_order_of_each_stays(names: list[str]) -> None:
    """Twenty claims about something do not hide the one question about it."""
    found: list[Any] = [
        SimpleNamespace(entity=EntityRef(f"{number}", "", "", name)) for number, name in enumerate(names)
    ]
    ordered = _with_each_class(found)
    shown = [one.entity.class_name for one in ordered[:_SHOWN]]
    for name in set(names):
        numbers = [int(one.entity.iri) for one in ordered if one.entity.class_name == name]
        assert numbers == sorted(numbers)
        assert shown.count(name) >= min(names.count(name), 2)
    assert sorted(map(id, ordered)) == sorted(map(id, found))
    if len(set(names)) == 1:
        assert ordered == found


def test_what_no_section_shows_is_beyond_and_nothing_is_twice(shown: Shown, store: Store) -> None:
    for curie in ("concept:alignment-faking", "paper:alignment-faking-in-llms", "thinker:evan-hubinger"):
        found = shown(curie)
        page = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, NAMESPACES.base + curie.replace(":", "/")))
        near = [one for one in (*found.sides, *found.aspects) if not one.by_work]
        above = [link.edge for one in near for statement in one.statements for link in statement.links]
        beyond = [link.edge for group in found.beyond for one in group.neighbours for link in one.links]
        every = {link.edge for group in page.groups for one in group.neighbours for link in one.links}
        assert set(above) | set(beyond) == every
        assert not set(above) & set(beyond)
        anchors = [edge for one in near for statement in one.statements for edge in statement.anchors]
        assert len(anchors) == len(set(anchors)) == len(set(above))


def test_the_claims_of_works_on_a_concept_are_two_steps_away_and_not_those_about_it(shown: Shown) -> None:
    of_works = aspect(shown("concept:alignment-faking"), "claims-of-works")
    assert {one.work.curie for one in of_works.statements if one.work} >= {"paper:alignment-faking-in-llms"}
    weighed = {one.entity.curie: one.weight for one in of_works.statements if one.weight}
    scale = "claim:alignment-faking-emerges-with-scale"
    assert weighed[scale].is_contested
    assert shown(scale).weight == weighed[scale]
    gap = shown("concept:compliance-gap")
    about = curies(aspect(gap, "claims"))
    assert "claim:an-8b-model-shows-it" in about
    assert not {one for found in gap.aspects if found.by_work for one in curies(found)} & set(about)


@pytest.mark.parametrize("name", PRESENT)
def test_no_page_shows_anything_that_its_neighbourhood_does_not(name: str, store: Store, shown: Shown) -> None:
    rows = store.select("SELECT ?id { ?e dcterms:identifier ?id MINUS { ?e owl:deprecated true } }")
    ids = [str(row["id"]) for row in rows if str(row["id"]).startswith(f"{name}:")]
    assert ids
    for curie in ids:
        page = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, NAMESPACES.base + curie.replace(":", "/")))
        edges = {link.edge for group in page.groups for one in group.neighbours for link in one.links}
        found = shown(curie)
        for one in (*found.sides, *(one for one in found.aspects if not one.by_work)):
            assert {statement.link.edge for statement in one.statements} <= edges
            assert one.total == len(one.statements)
