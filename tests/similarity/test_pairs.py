"""The pairs labelled by hand, and what `docs/similarity.md` says of them."""

from __future__ import annotations

from collections import Counter

import pytest

from docs import similarity as measuring
from server.records.candidates import STRONG, candidate_id
from server.similarity.candidates import LABEL_THRESHOLD
from server.similarity.embedding import Embedding, create
from server.similarity.ranking import FEATURES, START
from tests.thorough import nightly


def test_there_are_enough_of_each_label_and_each_has_a_reason() -> None:
    rows = list(measuring.table(measuring.PAIRS))
    counts = Counter(row["label"] for row in rows)
    assert sum(counts.values()) >= 150
    assert set(counts) == set(measuring.LABELS)
    assert min(counts.values()) >= 50
    assert all(len(row["reason"].split()) >= 2 for row in rows)
    reasons = [row["reason"] for row in rows if row["label"] == "related"]
    assert len(set(reasons)) == len(reasons)


def test_no_pair_is_there_twice_and_a_second_wording_is_not_the_first() -> None:
    pairs = measuring.pairs()
    assert len({candidate_id(pair.first.iri, pair.second.iri) for pair in pairs}) == len(pairs)
    for pair in pairs:
        assert pair.first.iri != pair.second.iri
        assert pair.is_second_wording == (pair.label == "duplicate")
        if pair.is_second_wording:
            assert pair.second.entity.definition != pair.first.entity.definition
            assert pair.second.entity.label != pair.first.entity.label


def test_the_threshold_of_character_tf_idf_is_the_one_that_was_measured() -> None:
    assert create("tfidf").threshold == measuring.best_threshold("tfidf")


def test_the_figures_of_character_tf_idf_are_those_that_the_script_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "KINDS", ("tfidf",))
    tables = (*measuring.thresholds("tfidf"), *measuring.names(), *measuring.hubs())
    rows = [row for table in tables for row in table.splitlines() if row.startswith("| ")]
    assert len(rows) > 10
    assert {*rows} <= {*measuring.PAGE.read_text(encoding="utf-8").splitlines()}


@nightly
@pytest.mark.slow
def test_the_figures_are_those_that_the_script_measures(minilm: Embedding) -> None:
    """`python -m docs.similarity` mends this. Of one of the two models the test above holds them in each run."""
    assert measuring.PAGE.read_text(encoding="utf-8") == measuring.page()
    assert minilm.threshold == measuring.best_threshold("minilm")


def test_the_page_names_the_start_and_the_bounds_that_the_code_has() -> None:
    text = measuring.PAGE.read_text(encoding="utf-8")
    constant, *weights = START
    terms = (f"{weight:g} {name}" for weight, name in zip(weights, FEATURES, strict=True))
    assert f"`{constant:g} + {' + '.join(terms)}`" in text
    assert f"come to {LABEL_THRESHOLD:g};" in text
    assert f"cosine is {STRONG:g} or more" in " ".join(text.split())
