"""A term of an ontology alone: each part of what explains and places it is missed by one rule."""

from __future__ import annotations

import pytest
from rdflib import URIRef

from server.turtle.base import Base
from server.turtle.parsing import parse
from server.validation.locating import Locator
from server.validation.term_lint import RULES, term_findings
from tests.made import NAMESPACES

ONTOLOGY = URIRef("https://other.example/ns")
WHOLE = {
    "term-label": 'rdfs:label "likes"@en-GB',
    "term-definition": 'rdfs:comment "To be fond of."@en',
    "term-example": 'skos:example "x:a x:likes x:b ."',
    "term-notation": 'skos:notation "likes"',
    "term-defined-by": f"rdfs:isDefinedBy <{ONTOLOGY}>",
    "term-domain": "schema:domainIncludes x:Person",
    "term-range": "rdfs:range x:Thing",
}
PROPERTY = {"an object property"}


def broken(
    base: Base, parts: list[str], kinds: set[str], *, name: str = "likes", with_notation: bool = True
) -> set[str]:
    """Return the rules that a term with these parts breaks."""
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())
    prefixes += f"@prefix x: <{ONTOLOGY}#> .\n@prefix schema: <http://schema.org/> .\n"
    text = f"x:{name} a owl:Thing ; {' ; '.join(parts)} ."
    graph, term = parse(prefixes + text), URIRef(f"{ONTOLOGY}#{name}")
    findings = term_findings(graph, term, kinds, ONTOLOGY, base.namespaces, Locator(base), with_notation=with_notation)
    return {finding.rule for finding in findings}


def test_a_whole_term_is_left_alone_and_each_part_is_missed_by_its_own_rule(base: Base) -> None:
    assert broken(base, list(WHOLE.values()), PROPERTY) == set()
    for rule in WHOLE:
        assert broken(base, [part for name, part in WHOLE.items() if name != rule], PROPERTY) == {rule}
    assert {rule.name for rule in RULES} == {*WHOLE, "term-name", "term-kind"}


@pytest.mark.parametrize("said", ['rdfs:label "mag"@de', 'rdfs:label "likes"', 'rdfs:label " "@en'])
def test_a_label_is_in_english_and_not_empty(said: str, base: Base) -> None:
    assert broken(base, [*(part for rule, part in WHOLE.items() if rule != "term-label"), said], PROPERTY) == {
        "term-label"
    }


def test_terms_without_notations_need_none_where_no_other_has_one(base: Base) -> None:
    parts = [part for rule, part in WHOLE.items() if rule != "term-notation"]
    assert broken(base, parts, PROPERTY, with_notation=False) == set()


@pytest.mark.parametrize(
    ("name", "kinds", "rules"),
    [
        ("Likes", PROPERTY, {"term-name"}),
        ("person", {"a class"}, {"term-name"}),
        ("Person", {"a class"}, set()),
        ("_x", {"a class"}, set()),
        ("likes", {"an object property", "a property"}, set()),
        ("likes", {"an object property", "a datatype property"}, {"term-kind"}),
        ("Likes", {"an object property", "a class"}, {"term-kind"}),
    ],
)
def test_a_term_is_of_one_kind_and_its_name_says_which(name: str, kinds: set[str], rules: set[str], base: Base) -> None:
    assert broken(base, list(WHOLE.values()), kinds, name=name) == rules
