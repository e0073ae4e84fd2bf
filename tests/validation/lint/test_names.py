"""Names that two entities share, or nearly share; and those that only look alike."""

from __future__ import annotations

import pytest

from server.schema.schema import Schema
from server.validation.lint import names
from server.validation.lint.names import _is_slip, name_findings
from tests.made import NAMESPACES
from tests.validation.lint.conftest import BaseMaker


def found(read: BaseMaker, schema: Schema, *entities: tuple[str, str, str]) -> list[tuple[str, str]]:
    lines = [f'concept:{slug} a akb:{type_} ; skos:prefLabel "{label}"@en .' for slug, type_, label in entities]
    graph, locator = read("\n".join(lines))
    return [(one.rule, one.focus) for one in name_findings(graph, schema, NAMESPACES, locator)]


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("Reward hacking", "reward-hacking", "duplicate-label"),
        ("Over sight", "Oversight", "duplicate-label"),
        ("\uff33andbagging", "sandbagging", "duplicate-label"),
        ("Reward hacking", "Reward hackings", "similar-label"),
        ("Reward hacking", "Rewrad hacking", "similar-label"),
        ("Sycophancy", "Sycofancy", ""),
        ("Sycophancy", "Sycophanci", "similar-label"),
        ("Supervised learning", "Unsupervised learning", ""),
        ("Trained to lie", "Retrained to lie", ""),
        ("GPT-4", "GPT-5", ""),
        ("Claude 3.5 Sonnet", "Claude 3.7 Sonnet", ""),
        ("Section 12", "Section 13", ""),
        ("Reward", "Regard", "similar-label"),
        ("Act", "Art", ""),
        ("Goal drift", "Value drift", ""),
    ],
)
def test_two_labels(read: BaseMaker, schema: Schema, one: str, other: str, rule: str) -> None:
    expected = [(rule, "concept:b")] if rule else []
    assert found(read, schema, ("a", "Concept", one), ("b", "Concept", other)) == expected
    assert found(read, schema, ("a", "Concept", one), ("b", "Method", other)) == [], "they are of two classes"


def test_a_person_and_an_organization_are_of_one_class(read: BaseMaker, schema: Schema) -> None:
    assert found(read, schema, ("a", "Person", "Redwood"), ("b", "Organization", "Redwood")) == [
        ("duplicate-label", "concept:b")
    ]


def test_a_hundred_of_one_name_are_told_once_each(read: BaseMaker, schema: Schema) -> None:
    entities = [(f"a{n:03}", "Concept", "Same") for n in range(100)]
    assert found(read, schema, *entities) == [("duplicate-label", f"concept:a{n:03}") for n in range(1, 100)]


def test_what_is_retired_keeps_its_name_and_definition(read: BaseMaker, schema: Schema) -> None:
    both = 'a akb:Concept ; skos:prefLabel "Same"@en ; skos:definition "What it is."@en'
    graph, locator = read(f"concept:a {both} . concept:b {both} ; owl:deprecated true .")
    assert list(name_findings(graph, schema, NAMESPACES, locator)) == []
    graph, locator = read(f"concept:a {both} . concept:b {both} .")
    rules = [one.rule for one in name_findings(graph, schema, NAMESPACES, locator)]
    assert rules == ["duplicate-label", "duplicate-definition"]


def test_of_many_names_only_those_are_compared_that_may_be_slips(
    read: BaseMaker, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that differ in one word are compared where that word starts or ends alike, never each with each."""
    compared: list[tuple[str, str]] = []

    def is_slip(one: str, other: str) -> bool:
        compared.append((one, other))
        return _is_slip(one, other)

    monkeypatch.setattr(names, "_is_slip", is_slip)
    words = [f"{a}{b}{c}ation" for a in "bcdfghjklm" for b in ("ar", "el", "ip", "on") for c in "bdgklmnprst"]
    graph, locator = read(
        "\n".join(
            f'concept:x{n} a akb:Concept ; skos:prefLabel "Theory of {word}"@en .' for n, word in enumerate(words)
        )
    )
    list(name_findings(graph, schema, NAMESPACES, locator))
    # 40 starts with 11 words each. All end in -on: more than are compared.
    assert len(compared) == 40 * (11 * 10 // 2)
    assert all(one[:2] == other[:2] for one, other in compared)
