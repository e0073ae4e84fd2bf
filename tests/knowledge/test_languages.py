"""Records in the languages of their reader: told by their types, wherever these are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from server.knowledge.languages import localize
from server.records.languages import Localizable, OtherLanguages, Said, Text, Translate
from server.records.pages import EntityPage, EntityRef

GERMAN = {("concept:a", "label"): "Ein Ding", ("edge:1", "note"): "Eine Bemerkung"}
OTHERS = OtherLanguages(("de",), lambda curie, what: {"de": GERMAN[curie, what]} if (curie, what) in GERMAN else {})
REF = EntityRef("https://example.org/a", "concept:a", "A thing", "concept")


@dataclass(frozen=True)
class Holder:
    """Not in a module of records."""

    ref: EntityRef
    count: int = 1


@dataclass(frozen=True)
class Outer:
    """Holds records, and what has no type."""

    holders: tuple[Holder, ...]
    anything: Any = None


@dataclass(frozen=True)
class Noted(Localizable):
    """Has words of its own."""

    edge: str
    note: str

    def localized(self, translate: Translate) -> Mapping[str, object]:
        return {"note": translate(self.edge, Said.NOTE, self.note)}


@dataclass(frozen=True)
class Plain:
    """Has no words that could be in another language."""

    names: tuple[str, ...]
    others: list[Plain] = field(default_factory=list)


@dataclass
class Open:
    """Not frozen: it holds state."""

    ref: EntityRef


def test_a_dataclass_outside_of_records_is_translated() -> None:
    found = localize([Outer((Holder(REF),), anything=REF)], OTHERS, ["de"])[0]
    assert found.holders[0].ref.label == found.anything.label == Text("Ein Ding", "de")
    assert found.holders[0].count == 1
    assert localize(Noted("edge:1", "A note"), OTHERS, ["de"]).note == "Eine Bemerkung"


def test_the_english_label_is_among_the_other_names_of_a_page() -> None:
    page = EntityPage(REF, "Concept", "active", ("Ein Ding", "Another"), (), (), ())
    assert localize(page, OTHERS, ["de"]).alt_labels == ("A thing", "Another")
    assert localize(page, OTHERS, []).alt_labels == page.alt_labels


@pytest.mark.parametrize("value", [Plain(("a",)), Open(REF), Holder, "text", None, Holder(EntityRef("", "b", "B", ""))])
def test_what_has_no_other_words_is_returned_as_it_is(value: object) -> None:
    assert localize(value, OTHERS, ["de"]) is value
