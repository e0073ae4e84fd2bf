"""Decisions are files of `kb/review/`, which say all that a build must know of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from server.records.candidates import OUTCOMES, Decision, Signals, candidate_id
from server.review.reading import decision_text, described, path_of, reviews
from server.similarity.building import described as described_by_a_build
from server.sparql.queries import question
from server.store.embedded import Store
from server.turtle.base import Base
from server.turtle.source_files import SourceFile, read_text
from tests.made import NAMESPACES

FIRST, SECOND = NAMESPACES.entity("concept", "a"), NAMESPACES.entity("method", "b")
SCORES = st.integers(0, 8).map(lambda eighths: eighths / 8)
DECISIONS = st.builds(
    Decision,
    id=st.just(candidate_id(FIRST, SECOND)),
    first=st.just(FIRST),
    second=st.just(SECOND),
    outcome=st.sampled_from(OUTCOMES),
    signals=st.builds(
        Signals,
        cosine=st.none() | SCORES,
        label=SCORES,
        shared=SCORES,
        identifier=st.booleans(),
        corrected=st.none() | SCORES.map(lambda score: score - 0.5),
    ),
    texts=st.just("0123456789abcdef"),
    who=st.text("ab \"\\'é#", min_size=1),
    why=st.text("ab \"\\'é#"),
    when=st.just("2026-11-21T08:00:00Z"),
)


@given(DECISIONS)
def test_a_decision_is_read_back_as_it_was_written(decision: Decision) -> None:
    text = decision_text(decision, NAMESPACES)
    file = read_text(path_of(decision.id), text)
    base = Base(Path(), NAMESPACES, (file,), (), ())  # type: ignore[arg-type]
    assert reviews(base) == (decision,)


@given(DECISIONS)
def test_what_is_different_is_said_in_owl_too(decision: Decision) -> None:
    text = decision_text(decision, NAMESPACES)
    assert ("owl:differentFrom" in text) == (decision.outcome == "different")


def test_a_decision_that_is_not_whole_is_left_out(base: Base) -> None:
    [file] = [file for file in base.files if file.path.startswith("kb/review/")]
    for spoiled in (file.text.replace("akbv:different", "akbv:draft"), file.text.replace("akb:Review", "akb:Edge")):
        read = read_text(file.path, spoiled)
        assert isinstance(read, SourceFile)
        assert reviews(replace(base, files=(read,))) == ()


def test_texts_are_those_that_a_build_reads_from_the_release(base: Base, store: Store) -> None:
    """Else a pair that was rejected would come back though nothing has changed."""
    entities = described_by_a_build(store.select(question("described")))
    assert len(entities) > 50
    assert [described(base.asserted, entity.iri) for entity in entities] == list(entities)
