"""What is written into the index of the search of an entity."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from server.build.searched import searched
from server.schema.schema import Schema
from server.search.records import Document
from server.sparql.queries import question
from server.sparql.terms import Row
from server.store.embedded import Store


@pytest.fixture(scope="module")
def documents(store: Store, schema: Schema) -> dict[str, Document]:
    """The documents of the small base, by the CURIEs of their entities."""

    class Asked:
        def of(self, name: str, about: str = "entity") -> Sequence[Row]:
            assert about
            return store.select(question(name, schema.roles))

    return {one.entity.curie: one for one in searched(Asked(), {"active", "contested"})}


def test_what_an_entity_is_linked_with_is_found_by_it_and_what_a_work_refers_to_is_not(
    documents: dict[str, Document],
) -> None:
    """Of the works that one cites, few say what it is about."""
    labels = {label for _, label in documents["paper:alignment-faking-in-llms"].around}
    assert documents["concept:compliance-gap"].entity.label in labels
    assert documents["paper:constitutional-ai-paper"].entity.label not in labels
    links = {iri.rpartition("/")[2] for iri, _ in documents["paper:constitutional-ai-paper"].around}
    assert links
    assert "alignment-faking-in-llms" not in links


def test_the_note_on_a_reference_is_no_text_of_who_makes_it(documents: dict[str, Document]) -> None:
    notes = documents["paper:alignment-faking-in-llms"].notes
    assert any("Coins the term" in note for note in notes)
    assert not any("Cited for training" in note for note in notes)


def test_references_are_counted_apart_from_what_makes_an_entity_known(
    documents: dict[str, Document], store: Store
) -> None:
    """Lists show all edges; the search ranks by those that are no references, and by references to works."""
    ends = store.select(question("edge_ends"))
    holding = [row for row in ends if row["status"] in {"active", "contested"}]
    assert any("refers" in row for row in holding)
    for document in documents.values():
        iri = document.entity.iri
        touching = [row for row in holding if iri in {row["subject"], row["object"]}]
        references = [row for row in touching if "refers" in row]
        assert document.edge_count == len(touching)
        assert document.ties == len(touching) - len(references)
        assert document.cited == sum(row["object"] == iri for row in references)
