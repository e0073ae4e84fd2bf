"""The page of an entity, held against the page that the project grew from."""

from __future__ import annotations

import pytest

from server.errors import NotFoundError
from server.knowledge.entity import describe, edge_subject, entity_page, entity_ref, neighbourhood, retired, stated
from server.records.pages import Direction
from server.store.embedded import Store
from tests.made import NAMESPACES, OUR_SCHEMA

AF = NAMESPACES.expand("concept:alignment-faking")

# The groups of the seed page, in its order, with its counts.
SEED = [
    ("Papers", 2),
    ("Thinkers", 3),
    ("Frameworks", 1),
    ("Methods", 1),
    ("Concepts", 13),
    ("Artifacts", 2),
    ("Quotes", 2),
]
# What the seed page shows beside each neighbour whose label it gives.
SEED_PREDICATES = {
    "Evan Hubinger": "studies",
    "Greenblatt et al.": "studies",
    "Joseph Carlsmith": "studies",
    "Constitutional AI": "associated_with",
    "Reinforcement Learning from Human Feedback": "associated_with",
    "Evaluation Awareness": "associated_with",
    "Strategic Deception": "associated_with",
    "Compliance Gap": "associated_with",
    "Opaque Reasoning Ability": "associated_with",
    "Sycophancy in LLMs": "analogous_to",
    "Training-Deployment Behavior Gap": "associated_with",
    "Preference Conflict": "associated_with",
    "Situational Awareness": "associated_with",
    "Anti-AI-Lab Behavior": "associated_with",
    "Persona Sampling Hypothesis": "associated_with",
    "Preference Locking": "associated_with",
    "Compromising Behavior": "associated_with",
    "Goal Misgeneralization": "extends",
}


def test_the_neighbourhood_is_that_of_the_seed_page(store: Store) -> None:
    groups = neighbourhood(store, NAMESPACES, AF)
    assert [(group.plural, len(group.neighbours)) for group in groups] == SEED
    predicates = {n.entity.label: n.links[0].notation for group in groups for n in group.neighbours}
    assert {label: predicates.get(label) for label in SEED_PREDICATES} == SEED_PREDICATES


def test_each_group_is_ranked_by_edge_count(store: Store) -> None:
    for group in neighbourhood(store, NAMESPACES, AF):
        counts = [neighbour.edge_count for neighbour in group.neighbours]
        assert counts == sorted(counts, reverse=True)
        assert min(counts) >= 1


def test_the_direction_is_that_of_the_edge_seen_from_the_page(store: Store) -> None:
    def link(page: str, neighbour: str) -> tuple[str, Direction, str]:
        groups = neighbourhood(store, NAMESPACES, NAMESPACES.expand(page))
        [found] = [n for group in groups for n in group.neighbours if n.entity.curie == neighbour]
        return found.links[0].notation, found.links[0].direction, found.links[0].label

    af, gm, ga = "concept:alignment-faking", "concept:goal-misgeneralization", "thinker:evan-hubinger"
    assert link(af, gm) == ("extends", Direction.OUT, "extends")
    assert link(gm, af) == ("extends", Direction.IN, "is extended by")
    assert link(af, ga) == ("studies", Direction.IN, "is studied by")
    assert link("concept:compliance-gap", af)[1] is Direction.BOTH


def test_every_neighbour_has_a_note_and_every_link_its_edge(store: Store) -> None:
    links = [link for group in neighbourhood(store, NAMESPACES, AF) for n in group.neighbours for link in n.links]
    assert len(links) == 24
    for link in links:
        assert link.note.endswith(".")
        assert link.edge.startswith("edge:")
        assert link.predicate.startswith("akb:")
        assert link.status == "active"


SIMILAR = [
    "artifact:alignment-faking-classifier",
    "framework:necessary-conditions-for-alignment-faking",
    "claim:alignment-faking-emerges-with-scale",
    "claim:arose-without-training-or-instruction",
    "claim:future-models-may-do-it-unprompted",
    "claim:setup-functions-as-jailbreak",
    "question:could-malicious-preferences-drive-alignment-faking",
    "claim:only-removing-the-conflict-stops-it",
]


@pytest.mark.parametrize("curie", SIMILAR)
def test_the_entities_that_the_seed_finds_similar_have_no_edge_to_it_but_others(curie: str, store: Store) -> None:
    groups = neighbourhood(store, NAMESPACES, NAMESPACES.expand(curie))
    neighbours = {n.entity.curie for group in groups for n in group.neighbours}
    assert neighbours
    assert "concept:alignment-faking" not in neighbours


def test_the_page_has_what_the_seed_has_at_its_head(store: Store) -> None:
    page = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, AF))
    assert (page.entity.class_name, page.status, page.entity.curie, page.entity.label) == (
        "concept",
        "active",
        "concept:alignment-faking",
        "Alignment Faking",
    )
    assert page.entity.definition.startswith("Strategic behaviour")
    assert page.neighbours == 24


def test_facts_lead_where_they_point(store: Store) -> None:
    page = entity_page(
        store, OUR_SCHEMA, NAMESPACES, stated(store, NAMESPACES.expand("paper:alignment-faking-in-llms"))
    )
    facts = {fact.name: (fact.value, fact.href) for fact in page.facts}
    assert facts["Authors"][0].startswith("Ryan Greenblatt; Carson Denison; ")
    assert facts["Issued"] == ("2024-12-18", "")
    assert facts["DOI"] == ("10.48550/arXiv.2412.14093", "https://doi.org/10.48550/arXiv.2412.14093")
    assert facts["arXiv"] == ("2412.14093", "https://arxiv.org/abs/2412.14093")
    iri = NAMESPACES.expand("question:could-malicious-preferences-drive-alignment-faking")
    question = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, iri))
    assert [(fact.name, fact.value) for fact in question.facts] == [("State of the question", "open")]


def test_a_person_is_shown_as_a_person(store: Store) -> None:
    page = entity_page(store, OUR_SCHEMA, NAMESPACES, stated(store, NAMESPACES.expand("thinker:evan-hubinger")))
    assert (page.entity.class_name, page.type_label) == ("thinker", "person")


def test_a_merged_entity_names_its_successor(store: Store) -> None:
    found = retired(store, stated(store, NAMESPACES.expand("method:rlhf")))
    assert found is not None
    assert found.successor is not None
    assert found.successor.curie == "method:reinforcement-learning-from-human-feedback"
    assert retired(store, stated(store, AF)) is None


def test_what_is_not_there_is_not_found(store: Store) -> None:
    for ask in (entity_ref, edge_subject, stated):
        with pytest.raises(NotFoundError):
            ask(store, NAMESPACES.expand("concept:nowhere"))


def test_a_description_carries_both_directions_and_the_labels_of_neighbours(store: Store) -> None:
    lines = describe(store, AF).splitlines()
    text = "\n".join(lines)
    assert f"<{AF}> <https://w3id.org/alignment-kb/ontology#extends>" in text
    assert f"<https://w3id.org/alignment-kb/ontology#studies> <{AF}>" in text
    assert '"Goal Misgeneralization"@en' in text
    assert lines == sorted(set(lines))


def test_an_edge_leads_to_its_subject(store: Store) -> None:
    assert edge_subject(store, NAMESPACES.expand("edge:e939a43396")) == AF
