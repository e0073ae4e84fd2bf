"""Whatever is sent is a proposal, or is said to be none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import TooLargeError, UsageError
from server.proposals.duplicates import near_ones
from server.proposals.proposing import propose
from server.proposals.reading import parsed, proposal_of
from server.proposals.records import KINDS
from server.proposals.writing import outcome_record, text_of
from server.settings import Settings, read_settings
from tests.conftest import copy_base
from tests.faults.corpus import CORPUS

TEXTS = st.text(st.characters(), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
IDS = st.sampled_from(["concept:goal-drift", "concept:reward-hacking", "paper:boats-in-circles", "edge:bf2e66ebae"])
WORDS = st.sampled_from(
    ["concept", "claim", "label", "altLabels", "active", "draft", "0.5", "A title", "extends", "asserts"]
)
VALUES = IDS | WORDS | TEXTS | st.lists(IDS | TEXTS, max_size=3)
FIELDS = {
    "entity": ("class", "label", "definition", "slug", "altLabels", "status", "distinct", "sources", "quote", "text"),
    "edge": ("subject", "predicate", "object", "note", "assertedIn", "locator", "confidence", "quote", "text"),
    "claim": ("label", "definition", "assertedIn", "predicate", "note", "quote", "text", "locator", "claimKind"),
    "merger": ("survivor", "lost"),
    "correction": ("of", "property", "was", "is"),
}
PARTS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.fixed_dictionaries(
        {"kind": st.just(kind), **dict.fromkeys(FIELDS[kind][:3], VALUES)},
        optional={**dict.fromkeys(FIELDS[kind][3:], VALUES), "odd": TEXTS},
    )
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read_settings({}, root=copy_base(tmp_path_factory.mktemp("small") / "base", CORPUS / "clean" / "kb"))


@given(JSON)
def test_any_json_is_read(sent: Any) -> None:
    proposal, faults = proposal_of(sent)
    assert faults or all(part.kind in KINDS for part in proposal.parts)
    assert all(one.mend for one in faults)
    near_ones(proposal, None)


@settings(max_examples=40)
@given(sent=st.fixed_dictionaries({"parts": st.lists(PARTS, min_size=1, max_size=2)}))
def test_any_parts_are_refused_or_make_a_patch(small: Settings, sent: Any) -> None:
    outcome = propose(small, sent)
    record = outcome_record(outcome)
    assert record["accepted"] is not bool(record["reasons"])
    assert bool(record["patch"]) is record["accepted"]
    json.dumps(record, ensure_ascii=False).encode()
    text_of(record).encode()


def test_what_is_no_json_or_too_long_is_said_to_be_so() -> None:
    for text in ("", "{", "[" * 100_000, "1" * 5_000, b"\xff"):
        with pytest.raises(UsageError):
            parsed(text, 1_000)
    with pytest.raises(TooLargeError):
        parsed(" " * 2_000, 1)
