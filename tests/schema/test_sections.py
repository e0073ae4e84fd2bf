"""The sections of pages, read from an ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.namespaces import AKB
from server.records.sections import Section
from server.schema.reading import schema_of
from server.schema.schema import Schema
from server.turtle.reader import read_base
from tests.made import NAMESPACES

PREFIXES = """@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
@prefix akbv: <https://w3id.org/alignment-kb/schemes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def with_section(root: Path, statements: str) -> Schema:
    """Return the vocabulary of a base to which a section is added."""
    (root / "ontology/more.ttl").write_text(f"{PREFIXES}akb:section-more a akb:Section ; {statements} .\n")
    return schema_of(read_base(root, NAMESPACES))


def added(root: Path, statements: str) -> Section:
    return next(one for one in with_section(root, statements).sections if one.iri == f"{AKB}section-more")


@pytest.mark.parametrize(
    ("shown", "ways"),
    [
        ("( akb:supports akb:supportedBy )", [("supports", "out", "supports"), ("supports", "in", "is supported by")]),
        ("( akb:contradicts )", [("contradicts", "both", "contradicts")]),
        ("akb:supportedBy", [("supports", "in", "is supported by")]),
        ("( [ sh:inversePath akb:supports ] )", [("supports", "in", "is supported by")]),
        ("( [ sh:inversePath akb:supportedBy ] )", [("supports", "out", "supports")]),
        ("( [ sh:inversePath akb:contradicts ] )", [("contradicts", "both", "contradicts")]),
        ("( akb:note akb:related akb:nonsense [] akb:raises )", [("raises", "out", "raises")]),
        ("()", []),
        ("_:l . _:l rdf:first akb:raises ; rdf:rest _:l", [("raises", "out", "raises")]),
    ],
)
def test_a_list_of_predicates_says_which_edges_are_followed_and_how(
    shown: str, ways: list[tuple[str, str, str]], root: Path
) -> None:
    section = added(root, f"akb:shows {shown}")
    found = [(way.predicate.removeprefix(AKB), str(way.direction), way.label) for way in section.ways]
    assert found == ways


def test_a_predicate_without_inverse_is_followed_backwards_by_a_path(root: Path) -> None:
    declared = """akb:shows ( [ sh:inversePath akb:echoes ] ) .
        akb:echoes a owl:ObjectProperty ; rdfs:subPropertyOf akb:related ; rdfs:label "echoes"@en"""
    [way] = added(root, declared).ways
    assert (way.predicate, str(way.direction), way.label) == (f"{AKB}echoes", "in", "echoes")


def test_what_a_section_does_not_say_has_a_plain_default(root: Path) -> None:
    assert added(root, "akb:sectionOf akb:Claim") == Section(
        iri=f"{AKB}section-more",
        name="section-more",
        heading="section-more",
        classes=(f"{AKB}Claim",),
        ways=(),
    )


def test_what_a_section_says_is_read(root: Path) -> None:
    section = added(
        root,
        """akb:sectionOf akb:Claim, akb:Idea ; sh:order 2.5 ; skos:notation "more" ; rdfs:label "Mehr"@de, "More"@en ;
        akb:through akb:authorOf ; akb:emptyHint "None of THIS."@en ; akb:stance akbv:against ; akb:inFull true ;
        akb:standsBeside false ; akb:orderedBy akb:authorList ; akb:isPosition true ; akb:showsWeights true ;
        akb:alsoListedIn akb:authorList""",
    )
    assert (section.name, section.heading, section.order, section.stance) == ("more", "More", 2.5, "against")
    assert section.classes == (f"{AKB}Claim", f"{AKB}Idea")
    [through] = section.through
    assert (through.predicate, str(through.direction)) == (f"{AKB}authoredBy", "in")
    assert (section.is_position, section.shows_weights) == (True, True)
    assert section.also_listed_in == f"{AKB}authorList"
    assert (section.in_full, section.stands_beside, section.ordered_by) == (True, False, f"{AKB}authorList")
    assert section.empty == "None of THIS."


def test_there_are_debates_where_a_page_has_both_stances(root: Path) -> None:
    (root / "ontology/sections.ttl").unlink()
    assert not with_section(root, "akb:sectionOf akb:Idea ; akb:stance akbv:for").has_debates
    other = "akb:sectionOf akb:Idea ; akb:stance akbv:for . akb:section-other a akb:Section ; akb:stance akbv:against ;"
    assert not with_section(root, f"{other} akb:sectionOf akb:Paper").has_debates
    assert with_section(root, f"{other} akb:sectionOf akb:Concept").has_debates


def test_the_classes_under_a_class_have_its_sections_in_order(root: Path) -> None:
    schema = with_section(root, "akb:sectionOf akb:Idea ; sh:order 35")
    names = [section.name for section in schema.sections_of([f"{AKB}Concept"])]
    assert names[:4] == ["introduced", "claims", "works", "distinguished"]
    assert names.index("distinguished") < names.index("section-more") < names.index("measured")
    assert "section-more" not in [section.name for section in schema.sections_of([f"{AKB}Claim"])]
    of_people = with_section(root, "akb:sectionOf akb:Person")
    assert "section-more" in [section.name for section in of_people.sections_of([f"{AKB}Person"])]
    assert "section-more" not in [section.name for section in of_people.sections_of([f"{AKB}Organization"])]
    assert of_people.sections_of([]) == ()
