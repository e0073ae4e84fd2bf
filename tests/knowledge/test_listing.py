"""Lists, and names that are near."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from server.build.releases import Releases
from server.knowledge.listing import YEAR, class_summaries, describe_class, near_names
from server.records.dates import DATE, date_of
from server.schema.schema import Schema
from server.settings import Settings
from server.sparql.queries import question, quoted
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


ODD = ["2021Z", " 2001 ", "-0350-03", "1999/2000", "1999 (spring)", "2020-13", "2024.5", "12024-05-06+05:30"]
ODD += ["2024-12-14:00", "2021-12:00", "c. 1999", "1234567890", "+2021", "", "2024-12-31T10:00:00.5Z", "2023-02-30"]


@examples(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(texts=st.lists(st.one_of(st.sampled_from(ODD), st.text("0123456789-+:.TZ ", max_size=12)), min_size=5))
def test_queries_and_pages_find_the_same_dates(texts: list[str], store: Store) -> None:
    rows = store.select(f"SELECT ?issued ({YEAR} AS ?year) {{ VALUES ?issued {{ {' '.join(map(quoted, texts))} }} }}")
    assert len(rows) == len(texts)
    for row in rows:
        date = date_of(str(row["issued"]))
        assert row.get("year") == (date.year if date else None), row


def test_the_query_of_the_timeline_has_the_same_dates(schema: Schema) -> None:
    assert question("dated_works", schema.roles).count(quoted(DATE)) == 3
