"""A proposal as a form: what is not touched stays, and what is changed is changed alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.proposals.editing import edited, fields_of

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1).filter(str.strip)
FIELDS = st.sampled_from(("label", "definition", "note", "sources", "subject", "altLabels", "text"))
PARTS = st.lists(
    st.builds(
        lambda kind, said: {"kind": kind, **said},
        st.sampled_from(("entity", "claim", "edge", "correction", "merger")),
        st.dictionaries(FIELDS, TEXTS | st.lists(TEXTS, min_size=1, max_size=3), max_size=4),
    ),
    min_size=1,
    max_size=3,
)


@given(PARTS)
def test_a_form_that_is_sent_back_as_it_was_changes_nothing(parts: list[dict[str, Any]]) -> None:
    fields = fields_of(parts)
    assert edited(parts, {one.key: one.value for one in fields}) is None
    assert edited(parts, {}) is None
    assert not {one.name for one in fields} & {"kind", "text"}, "the words of the source are not the reviewer's"


@given(PARTS, TEXTS, st.data())
def test_one_field_is_changed_alone(parts: list[dict[str, Any]], value: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([one for one in fields_of(parts) if one.name != "label"] or [None]))
    if field is None:
        return
    found = edited(parts, {field.key: value})
    plain = " ".join(value.split())
    if found is None:
        assert " ".join(field.value.split()) == plain
        return
    for number, (before, after) in enumerate(zip(parts, found, strict=True), 1):
        for name in before.keys() | after.keys():
            if (number, name) != (field.part, field.name):
                assert before.get(name) == after.get(name)


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("1.label", "Better name", {"label": "Better name", "altLabels": ["One", "Two"]}),
        ("1.altLabels", "One\n\n Three ", {"label": "A name", "altLabels": ["One", "Three"]}),
        ("1.altLabels", " ", {"label": "A name"}),
        ("1.definition", "Two\nlines", {"label": "A name", "altLabels": ["One", "Two"], "definition": "Two lines"}),
    ],
)
def test_what_a_change_makes(field: str, value: str, wanted: dict[str, Any]) -> None:
    part = {"kind": "entity", "class": "concept", "label": "A name", "altLabels": ["One", "Two"]}
    edge = {"kind": "edge", "subject": "concept:a-name", "object": "concept:other", "note": "concept:a-name is here."}
    found = edited([part, edge], {field: value})
    assert found is not None
    assert found[0] == {"kind": "entity", "class": "concept", **wanted}
    name = "concept:better-name" if field == "1.label" else "concept:a-name"
    assert found[1] == edge | {"subject": name}
