"""A finding is a validation result (SHACL, section 3.6.2).

There are as many, each at its term, and each known again by what it is about, never by its words or its order.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.records.engines import Engine
from server.records.findings import Finding, Report, Severity
from server.records.policy import Known, Standing, Verdict
from server.validation.policy import fingerprints, judge
from server.validation.shacl import Asking
from tests.validation.asked import LINES, found

ENGINES = (Engine.FAST, Engine.REFERENCE)


def places(findings: Sequence[Finding]) -> list[tuple[int, int]]:
    """Lines and columns of the text after the prefixes."""
    return [(one.line - LINES, one.column) for one in findings]


def prints(data: str, shapes: str, language: str = "") -> set[str]:
    findings = tuple(found(data, shapes, Asking(language=language)))
    marks = [fingerprint for _, fingerprint in fingerprints(findings)]
    assert len(set(marks)) == len(findings)
    return set(marks)


def judged(data: str, known_in: str, shapes: str) -> Verdict:
    """What is found in `data`, by a baseline of what was found in `known_in`."""
    before = fingerprints(tuple(found(known_in, shapes)))
    baseline = [Known(mark, one.rule, one.focus, one.file, one.message) for one, mark in before]
    return judge(Report(tuple(found(data, shapes)), 1, 1, 1), baseline=baseline)


# ---- blank nodes ------------------------------------------------------------------------------------------

DISTRIBUTIONS = (
    '[ a :Distribution ; :title "fine" ; :url <urn:a> ]',
    '[ a :Distribution ;\n :title "no url, first" ]',
    '[ a :Distribution ;\n :title "no url, second" ]',
    '[ a :Distribution ; :title "bad bytes" ; :url <urn:b> ;\n :bytes "many" ]',
)
DISTRIBUTION = """:S sh:targetClass :Distribution ; sh:property
  [ sh:path :url ; sh:minCount 1 ; sh:message "No URL. Mend: give it one." ] ,
  [ sh:path :bytes ; sh:datatype xsd:decimal ; sh:message "Not a number. Mend: write one." ] ."""


def dataset(*distributions: str) -> str:
    return ":ds :distribution\n" + " ,\n".join(distributions) + " ."


@pytest.mark.parametrize("engine", ENGINES)
def test_blank_nodes_are_a_finding_each_at_their_own_place(engine: Engine) -> None:
    findings = found(dataset(*DISTRIBUTIONS), DISTRIBUTION, Asking(engine))
    assert places(findings) == [(3, 1), (5, 1), (8, 9)]
    assert {one.focus for one in findings} == {":ds"}
    assert len({one.identity for one in findings}) == 3


def test_a_second_bad_blank_node_is_new_and_the_known_ones_are_known() -> None:
    known = dataset(*DISTRIBUTIONS[:2])
    more = dataset(DISTRIBUTIONS[2], *DISTRIBUTIONS[:2])
    standings = {one.finding.line - LINES: one.standing for one in judged(more, known, DISTRIBUTION).judged}
    assert standings == {2: Standing.NEW, 5: Standing.KNOWN}


@pytest.mark.parametrize("twice", ["[ a :Distribution ]", "[ a :Distribution ; :part [ :of 1 ] ]"])
def test_of_blank_nodes_that_are_alike_as_many_are_known_as_there_were(twice: str) -> None:
    verdict = judged(dataset(twice, twice), dataset(twice), DISTRIBUTION)
    assert sorted(one.standing for one in verdict.judged) == [Standing.KNOWN, Standing.NEW]
    assert judged(dataset(twice), dataset(twice, twice), DISTRIBUTION).standing(Standing.NEW) == ()


@given(st.permutations(DISTRIBUTIONS), st.booleans())
def test_the_order_and_the_labels_of_blank_nodes_do_not_matter(order: list[str], is_labelled: bool) -> None:
    data = dataset(*order)
    if is_labelled:
        bodies = [re.sub(r"^\[ | \]$", "", one) for one in order]
        data = dataset(*(f"_:n{number}" for number in range(len(order))))
        data += "".join(f"\n_:n{number} {body} ." for number, body in enumerate(bodies))
    assert prints(data, DISTRIBUTION) == prints(dataset(*DISTRIBUTIONS), DISTRIBUTION)


def test_a_blank_node_that_nobody_has_is_about_no_entity() -> None:
    [finding] = found("[] a :Distribution .", DISTRIBUTION)
    assert (finding.focus, places([finding])) == ("", [(1, 1)])


def test_blank_nodes_deep_in_collections_and_circles_have_places() -> None:
    data = ":a :p ( 1 [ :q ( [ a :Distribution ] ) ] ) .\n_:x :next _:y .\n_:y :next _:x ; a :Distribution ."
    findings = found(data, DISTRIBUTION)
    assert places(findings) == [(1, 18), (3, 1)]
    assert prints(data, DISTRIBUTION) == prints(data.replace("_:x", "_:z"), DISTRIBUTION)


# ---- values are terms -------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (('"5"', "5"), "sh:datatype xsd:date"),
        (('"Berg"', '"Berg"@de', '"Berg"@en'), "sh:datatype xsd:date"),
        (("<urn:v>", '"urn:v"', '"urn:v"^^xsd:anyURI'), "sh:nodeKind sh:BlankNode"),
        (('"1"^^xsd:integer', '"01"^^xsd:integer'), "sh:nodeKind sh:BlankNode"),
        (("0", '""', "false"), "sh:nodeKind sh:BlankNode"),
    ],
)
def test_values_that_look_alike_are_a_finding_each_at_their_own_place(
    values: tuple[str, ...], kind: str, engine: Engine
) -> None:
    lines = " ,\n".join(values)
    shapes = f":S sh:targetNode :a ; sh:property [ sh:path :p ; {kind} ] ."
    findings = found(f":a :p\n{lines} .", shapes, Asking(engine))
    assert places(findings) == [(number, 1) for number in range(2, len(values) + 2)]
    assert len({one.identity for one in findings}) == len(values)


def test_a_value_on_an_inverse_path_is_where_its_statement_is() -> None:
    shapes = ":S sh:targetNode :b ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:nodeKind sh:Literal ] ."
    [finding] = found(":a :p\n:b .", shapes)
    assert places([finding]) == [(2, 1)]
    assert finding.constraint is not None
    assert finding.constraint.path == "^<urn:x:p>"


# ---- one for each result ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_components_of_one_shape_are_a_finding_each(engine: Engine) -> None:
    shapes = ':S sh:targetNode :a ; sh:property [ sh:path :p ; sh:minLength 3 ; sh:pattern "^x" ; sh:message "Bad." ] .'
    findings = found(':a :p "a" .', shapes, Asking(engine))
    assert [one.constraint and one.constraint.component.partition("#")[2] for one in findings] == [
        "MinLengthConstraintComponent",
        "PatternConstraintComponent",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_values_of_one_parameter_are_a_finding_each(engine: Engine) -> None:
    findings = found(":a a :T .", ":S sh:targetClass :T ; sh:class :A , :B .", Asking(engine))
    assert len(findings) == 2
    assert len({one.identity for one in findings}) == 2


def test_every_value_that_a_query_yields_is_a_finding() -> None:
    query = "SELECT $this ?value WHERE { $this <urn:x:p> ?value }"
    shapes = f':S sh:targetNode :a ; sh:sparql [ sh:message "m" ; sh:select "{query}" ] .'
    assert len(found(":a :p 1 , 2 .", shapes)) == 2


# ---- messages ---------------------------------------------------------------------------------------------

NAMED = ":S sh:targetNode :a ; sh:property [ sh:path :name ; sh:minCount 1 ; sh:message {} ] ."
FOUR = ['"Falta un nombre."@es', '"A name is needed."@en', '"Ein Name fehlt."@de', '"Il manque un nom."@fr']


@pytest.mark.parametrize(
    ("messages", "language", "expected"),
    [
        (FOUR, "", "A name is needed."),
        (FOUR, "de", "Ein Name fehlt."),
        (FOUR, "DE", "Ein Name fehlt."),
        (FOUR, "pt", "A name is needed."),
        ([one for one in FOUR if "@en" not in one], "", "Ein Name fehlt."),
        ([one for one in FOUR if "@en" not in one], "fr", "Il manque un nom."),
        (['"Servus."@de-AT', '"Hello."@en-GB'], "de", "Servus."),
        (['"Servus."@de-AT', '"Hello."@en-GB'], "", "Hello."),
        (['"Plain."', '"Hola."@es'], "", "Plain."),
    ],
)
def test_the_message_is_in_the_language_asked_for_else_english_else_the_first_by_tag(
    messages: list[str], language: str, expected: str
) -> None:
    for order in (messages, messages[::-1]):
        [finding] = found(":a a :T .", NAMED.format(" , ".join(order)), Asking(language=language))
        assert finding.message == expected


def test_no_message_is_a_part_of_what_a_finding_is() -> None:
    shapes = NAMED.format(" , ".join(FOUR))
    expected = prints(":a a :T .", shapes)
    assert prints(":a a :T .", shapes, "fr") == expected
    assert prints(":a a :T .", NAMED.format('"Reworded."@en ; sh:name "n" ; sh:order 3')) == expected


# ---- severities -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("severity", "rank"),
    [("sh:Info", Severity.INFO), ("sh:Warning", Severity.WARNING), (":Critical", Severity.VIOLATION)],
)
def test_a_severity_of_ones_own_keeps_its_name(severity: str, rank: Severity, engine: Engine) -> None:
    [finding] = found(":a a :T .", f":S sh:targetNode :a ; sh:class :B ; sh:severity {severity} .", Asking(engine))
    assert finding.severity is rank
    assert finding.constraint is not None
    assert finding.constraint.severity.endswith(severity.rpartition(":")[2])


# ---- details ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_what_explains_a_result_is_under_it_and_does_not_count(engine: Engine) -> None:
    """SHACL, sections 3.6.2.8 and 4.7.1: `sh:detail` of a value that does not conform to `sh:node`."""
    shapes = """:S sh:targetNode :d ; sh:property [ sh:path :theme ; sh:node :List ; sh:severity sh:Warning ;
        sh:message "A theme is of the list."@en ] .
    :List sh:property [ sh:path :in ; sh:hasValue :eu ; sh:minCount 1 ; sh:message "Not in it."@en ] ;
        sh:node :Deep .
    :Deep sh:property [ sh:path :by ; sh:minCount 1 ; sh:message "Of nobody."@en ] ."""
    [finding] = found(":d :theme :t , :u .\n:u :in :eu ; :by :b .", shapes, Asking(engine))
    assert finding.severity is Severity.WARNING
    assert finding.constraint is not None
    details = finding.constraint.details
    assert sorted(one.message for one in details if one.message == "Not in it.") == ["Not in it.", "Not in it."]
    [nested] = [one for one in details if one.constraint and one.constraint.details]
    assert nested.constraint is not None
    assert [one.message for one in nested.constraint.details] == ["Of nobody."]
    assert {one.focus for one in details} == {":t"}


def test_details_of_blank_values_are_at_their_places() -> None:
    shapes = (
        ":S sh:targetNode :d ; sh:property [ sh:path :p ; sh:node [ sh:property [ sh:path :q ; sh:maxCount 0 ] ] ] ."
    )
    [finding] = found(":d :p\n[ :q 1 ] .", shapes)
    assert finding.constraint is not None
    [detail] = finding.constraint.details
    assert places([finding, detail]) == [(2, 1), (2, 3)]


def test_results_are_the_same_in_any_order_of_statements() -> None:
    lines = [f':n{number} a :T ; :p {number % 3} , "x" .' for number in range(12)]
    shapes = ":S sh:targetClass :T ; sh:property [ sh:path :p ; sh:datatype xsd:integer ; sh:maxInclusive 1 ] ."
    expected = prints("\n".join(lines), shapes)
    random.Random(1).shuffle(lines)
    assert prints("\n".join(lines), shapes) == expected
