"""Lists, and names that are near."""

from __future__ import annotations

import pytest

from server.build.releases import Releases
from server.knowledge.listing import class_summaries, describe_class, near_names
from server.schema.schema import Schema
from server.settings import Settings
from server.store.embedded import Store
from tests.made import CLASSES


def test_classes_are_counted_in_display_order(schema: Schema, settings: Settings, store: Store) -> None:
    releases = Releases(settings.releases)
    release = releases.current()
    assert release is not None
    summaries = class_summaries(schema, releases.info(release))
    assert tuple(summary.name for summary in summaries) == CLASSES
    assert sum(summary.count for summary in summaries) == 61
    for summary in summaries:
        assert describe_class(store, summary.name).count("ontology#status>") == summary.count
        assert summary.plural
        assert summary.definition


@pytest.mark.parametrize(
    "wrong",
    [
        "concept:alignment-fakin",
        "concept:alingment-faking",
        "concept:Alignment_Faking",
        "paper:alignment-faking",
        "concept:faking alignment",
    ],
)
def test_the_nearest_name_comes_first(wrong: str, store: Store) -> None:
    assert "alignment-faking" in near_names(store, wrong)[0].curie


def test_other_labels_count_and_nonsense_finds_nothing(store: Store) -> None:
    assert "concept:evaluation-awareness" in [ref.curie for ref in near_names(store, "concept:test-awareness")]
    assert near_names(store, "concept:zzqqxxwwkk") == ()


def test_a_name_is_offered_once_and_few_are_offered(store: Store) -> None:
    near = near_names(store, "alignment")
    assert len(near) == len({ref.iri for ref in near}) <= 5
