"""What a page tells first of an entity of each class."""

from __future__ import annotations

import pytest

from server.knowledge.aspects import ASPECTS, SIDES
from server.knowledge.entity import entity_page, stated
from server.knowledge.portrait import portrait
from server.namespaces import PAGE_CLASSES, Namespaces
from server.records.pages import Aspect, Portrait
from server.store.embedded import Store
from server.turtle.reader import Base
from server.vocabulary.reading import vocabulary_of
from tests.made import VOCABULARY

NAMESPACES = Namespaces()


def told(store: Store, curie: str) -> Portrait:
    iri = NAMESPACES.base + curie.replace(":", "/")
    return portrait(store, NAMESPACES, entity_page(store, VOCABULARY, NAMESPACES, stated(store, iri)))


def aspect(found: Portrait, name: str) -> Aspect:
    [one] = [one for one in (*found.sides, *found.aspects) if one.name == name]
    return one


def curies(one: Aspect) -> list[str]:
    return [statement.entity.curie for statement in one.statements]


def test_every_class_has_headings_and_their_predicates_are_in_the_ontology(base: Base) -> None:
    assert set(ASPECTS) == set(PAGE_CLASSES)
    vocabulary = vocabulary_of(base)
    known = {term.curie: term for term in vocabulary.predicates.values()}
    for name in PAGE_CLASSES:
        headings = [*SIDES.get(name, ()), *ASPECTS[name]]
        assert len({heading.name for heading in headings}) == len(headings)
        for heading in headings:
            assert heading.ways
            for predicate, direction in heading.ways:
                symmetric = (
                    "SymmetricProperty" in str(known[predicate].traits) or "symmetric" in known[predicate].traits
                )
                assert symmetric == (direction == "both"), (name, predicate)


def test_a_claim_has_what_speaks_for_it_beside_what_speaks_against_it_with_source_and_note(store: Store) -> None:
    found = told(store, "claim:alignment-faking-emerges-with-scale")
    assert [one.name for one in found.sides] == ["for", "against"]
    assert "paper:alignment-faking-in-llms" in curies(found.sides[0])
    against = found.sides[1]
    assert "claim:an-8b-model-shows-it" in curies(against)
    assert all(one.link.note for one in against.statements)
    assert any(one.link.source for one in against.statements)
    assert against.in_full


def test_a_paper_has_its_authors_in_order_and_what_it_studies_asserts_and_released(store: Store) -> None:
    found = told(store, "paper:alignment-faking-in-llms")
    # The list of the paper has Hubinger as the last of twenty, and no group.
    assert curies(aspect(found, "authors")) == ["thinker:evan-hubinger", "thinker:greenblatt-et-al"]
    assert "concept:alignment-faking" in curies(aspect(found, "studies"))
    assert "claim:rl-raises-strategic-reasoning" in curies(aspect(found, "asserts"))
    assert "artifact:alignment-faking-code" in curies(aspect(found, "released"))


def test_a_thinker_has_works_by_date_and_the_positions_of_these_works(store: Store) -> None:
    found = told(store, "thinker:evan-hubinger")
    works = aspect(found, "works").statements
    dates = [one.issued for one in works]
    assert len(works) >= 2
    assert all(dates)
    assert dates == sorted(dates, reverse=True)
    assert found.positions
    assert all(one.work and one.link.label in {"asserts", "disputes"} for one in found.positions)


def test_a_quote_brings_its_words_where_they_are_kept_and_its_work(store: Store) -> None:
    words = aspect(told(store, "concept:alignment-faking"), "words").statements
    assert words
    assert all(one.work for one in words)


def test_what_a_class_asks_for_and_nobody_said_is_a_task_and_the_rest_is_left_out(store: Store) -> None:
    found = told(store, "concept:alignment-faking")
    mitigated = aspect(found, "mitigated")
    assert mitigated.statements == ()
    assert "`akb link METHOD mitigates concept:alignment-faking`" in mitigated.empty
    assert all(one.statements or one.empty for one in found.aspects)


@pytest.mark.parametrize("name", PAGE_CLASSES)
def test_no_page_tells_anything_that_its_neighbourhood_does_not(name: str, store: Store) -> None:
    rows = store.select("SELECT ?id { ?e dcterms:identifier ?id MINUS { ?e owl:deprecated true } }")
    ids = [str(row["id"]) for row in rows if str(row["id"]).startswith(f"{name}:")]
    assert ids
    for curie in ids:
        page = entity_page(store, VOCABULARY, NAMESPACES, stated(store, NAMESPACES.base + curie.replace(":", "/")))
        edges = {link.edge for group in page.groups for one in group.neighbours for link in one.links}
        found = portrait(store, NAMESPACES, page)
        for one in (*found.sides, *found.aspects):
            assert {statement.link.edge for statement in one.statements} <= edges
            assert one.total == len(one.statements)
