"""Texts that are broken, unfinished or empty of meaning; tests/faults/ has one of each, here is what must pass."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import SKOS

from server.validation.lint.text import excerpt, text_findings
from tests.made import NAMESPACES
from tests.thorough import examples
from tests.validation.lint.conftest import BaseMaker

A = "concept:a skos:prefLabel "


def rules(read: BaseMaker, turtle: str, tagged: tuple[str, ...] = ()) -> list[str]:
    said, locator = read(turtle)
    return sorted(finding.rule for finding in text_findings(said, tagged, NAMESPACES, locator))


def written(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        "Reward hacking",
        "Scoring < 5 and > 3, or a < b > c",
        "R&D at AT&T; profit & loss",
        "Über naïve façade, 対策, Привет",
        "A label here and there",
        "The definition here is that of the authors",
        "Models write a summary of what they read",
        "An unknown quantity",
        "None of the models failed",
        "Todo lists and the barbells of foo fighters",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "👩\u200d🔬",
        "½ of 3",
    ],
)
def test_a_good_text_passes(read: BaseMaker, text: str) -> None:
    assert rules(read, f"{A}{written(text)}@en .") == []


@pytest.mark.parametrize("text", ["TODO", "tbd: TBD", "FIXME later", "Lorem ipsum", "???", "…", "n/a", "Unknown."])
def test_a_placeholder_is_told(read: BaseMaker, text: str) -> None:
    assert rules(read, f"{A}{written(text)}@en .") == ["placeholder"]


@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_an_empty_text_is_left_to_the_shapes(read: BaseMaker, text: str) -> None:
    assert rules(read, f"{A}{written(text)}@en .") == []


def test_only_texts_are_read_as_texts(read: BaseMaker) -> None:
    assert rules(read, 'concept:a dcterms:issued "TODO  "^^xsd:date ; akb:confidence "  "^^xsd:decimal .') == []


def test_a_missing_language_is_told_where_others_have_one_and_no_shape_tells_it(read: BaseMaker) -> None:
    turtle = 'concept:a rdfs:label "a"@en . concept:b rdfs:label "b" . concept:c akb:locator "c" .'
    assert rules(read, turtle) == ["text-language"]
    assert rules(read, turtle, ("http://www.w3.org/2000/01/rdf-schema#label",)) == []


@pytest.mark.parametrize(
    ("label", "definition", "restates"),
    [
        ("Reward hacking", "The hacking of a reward.", True),
        ("Reward hacking", "A kind of reward hacking", True),
        ("Goals", "A goal", True),
        ("Reward hacking", "Reward hacking by agents.", False),
        ("Reward hacking", "Scoring well by a route that nobody wanted.", False),
        ("Claude 3", "A model.", False),
    ],
)
def test_a_definition_says_more_than_the_label(read: BaseMaker, label: str, definition: str, restates: bool) -> None:
    found = rules(read, f'{A}"{label}"@en ; skos:definition "{definition}"@en .')
    assert found == (["definition-restates-label"] if restates else [])


@given(text=st.text())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=examples(100),
    deadline=None,
)
def test_any_text_can_be_looked_at_and_is_shown_on_one_line(read: BaseMaker, text: str) -> None:
    _, locator = read("")
    said = {str(SKOS.definition): [("<https://w3id.org/alignment-kb/concept/a>", f"{written(text)}@en")]}
    for finding in text_findings(said, (), NAMESPACES, locator):
        assert "\n" not in finding.message + finding.mend
        assert finding.message.isprintable()
    assert excerpt(text).isprintable()
