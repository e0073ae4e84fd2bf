"""What is assumed of a vocabulary that does not say it: page classes, names, and which properties join entities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.namespaces import AKB, CLASS_SLUG, RDF, RESERVED, SKOS, SLUG, Namespaces
from server.schema.reading import read_schema
from server.schema.schema import Schema
from server.turtle.defaults import RESOURCE, Usage, slug_of, term_defaults, text_in, usage_of, words_of
from server.turtle.parsing import graph_of, ntriples_of
from server.turtle.reader import page_class_names, read_core, with_defaults
from server.turtle.source_files import read_text
from server.turtle.statements import pairs_in, statements, value_of

NAMESPACES = Namespaces("https://birds.example/")
PREFIXES = """
@prefix ex: <https://birds.example/vocab#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix akb: <https://w3id.org/alignment-kb/ontology#> .
"""
BIRDS = """
ex:Bird a owl:Class ; rdfs:label "bird"@en ; rdfs:comment "It has feathers."@en .
ex:Wader a owl:Class ; rdfs:subClassOf ex:Bird .
ex:SaltMarsh a rdfs:Class .
ex:livesIn a owl:ObjectProperty ; rdfs:range ex:SaltMarsh .
ex:colour a owl:ObjectProperty ; rdfs:range skos:Concept .
ex:wingSpan a owl:DatatypeProperty .
"""


def vocabulary_from(text: str, usage: Usage | None = None) -> Schema:
    file = read_text("ontology/birds.ttl", PREFIXES + text)
    files = with_defaults((read_core(), file), NAMESPACES, usage)  # type: ignore[arg-type] # it is Turtle
    assert [term.notation for term in read_all(files).page_classes] == page_class_names(files)
    return read_all(files)


def read_all(files: tuple[object, ...]) -> Schema:
    graph = graph_of("".join(file.ntriples for file in files))  # type: ignore[attr-defined] # they are files
    return read_schema(graph, graph_of(""), NAMESPACES)


def test_the_classes_that_are_under_no_other_have_pages_in_the_order_of_their_names() -> None:
    found = vocabulary_from(BIRDS)
    assert [(term.notation, term.label, term.plural) for term in found.page_classes] == [
        ("bird", "bird", "Birds"),
        ("salt-marsh", "salt marsh", "Salt marshes"),
    ]
    assert found.page_class_by_name["bird"].definition == "It has feathers."
    assert found.page_class_of("https://birds.example/vocab#Wader") == found.page_class_by_name["bird"]
    assert all(found.is_under(term.iri, f"{AKB}Entity") for term in found.page_classes)


def test_those_that_have_a_place_in_the_order_of_display_are_the_page_classes() -> None:
    text = BIRDS + 'ex:Wader akb:displayOrder 2 ; skos:notation "wader" . ex:SaltMarsh akb:displayOrder 1 .'
    assert [term.notation for term in vocabulary_from(text).page_classes] == ["salt-marsh", "wader"]


def test_an_object_property_joins_entities_unless_it_leads_to_something_else() -> None:
    found = vocabulary_from(BIRDS)
    assert {term.label for term in found.predicates.values()} == {"is associated with", "lives in"}
    assert found.properties["https://birds.example/vocab#wingSpan"].label == "wing span"
    assert found.properties["https://birds.example/vocab#wingSpan"].notation == "wing_span"


def test_a_vocabulary_that_says_all_is_left_as_it_is() -> None:
    assert term_defaults([read_core().ntriples], NAMESPACES) == ""


def test_the_vocabulary_of_this_repository_says_all(schema: Schema) -> None:
    assert all(term.definition and term.notation and term.plural for term in schema.page_classes)


def test_of_data_the_class_with_the_most_entities_comes_first_and_what_has_none_is_a_resource() -> None:
    written = ntriples_of(
        PREFIXES + "ex:a a ex:Bird . ex:b a ex:Bird, ex:Fish ; ex:eats ex:c ; ex:size 3 . ex:c ex:near ex:nowhere ."
    )
    assert isinstance(written, str)
    usage = usage_of(statements(written))
    assert usage.classes == ("https://birds.example/vocab#Bird", RESOURCE)
    assert usage.joining == {"https://birds.example/vocab#eats"}
    assert usage.others == {"https://birds.example/vocab#size", "https://birds.example/vocab#near"}


@pytest.mark.parametrize("name", ["Search", "dataset", "Graph", "skos"])
def test_no_class_gets_a_name_that_another_page_has(name: str) -> None:
    found = vocabulary_from(f"ex:{name} a owl:Class .")
    assert found.page_classes[0].notation not in RESERVED


IRIS = st.sampled_from(
    [f"https://birds.example/vocab#{name}" for name in ("Bird", "bird", "BIRD", "Vögel", "X", "鳥", "8ball")]
)


@given(st.lists(IRIS, min_size=1, unique=True))
def test_each_class_has_a_name_of_its_own_that_can_stand_in_an_address(classes: list[str]) -> None:
    usage = Usage(tuple(classes), frozenset(), frozenset())
    written = term_defaults([read_core().ntriples], NAMESPACES, usage)
    names = [value_of(value) for term, value in pairs_in(written, f"{SKOS}notation") if term[1:-1] in classes]
    assert len(names) == len(set(names)) == len(classes)
    assert all(CLASS_SLUG.fullmatch(name) for name in names)


@given(st.text())
def test_a_slug_is_one_or_nothing(text: str) -> None:
    slug = slug_of(text)
    assert slug == "" or SLUG.fullmatch(slug)
    assert slug_of(slug) == slug


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        ("http://xmlns.com/foaf/0.1/familyName", "family name"),
        ("https://schema.org/ScholarlyArticle", "scholarly article"),
        ("http://purl.org/dc/terms/", "terms"),
        ("http://example.org/HTTPServer", "HTTP server"),
        ("urn:isbn:0-19", "0 19"),
    ],
)
def test_the_last_part_of_an_iri_in_words(iri: str, words: str) -> None:
    assert words_of(iri) == words


@pytest.mark.parametrize(
    ("values", "languages", "text"),
    [
        (['"Haus"@de', '"house"@en', '"maison"@fr'], ("en",), "house"),
        (['"Haus"@de', '"house"@en'], ("de", "en"), "Haus"),
        (['"Haus"@de-AT', '"plain"'], ("de",), "Haus"),
        (['"Haus"@de', '"plain"'], ("en",), "plain"),
        (['"Haus"@de'], ("en",), "Haus"),
        (['" "@en', "<urn:x>", "_:b"], ("en",), ""),
    ],
)
def test_the_text_in_the_best_language_is_taken(values: list[str], languages: tuple[str, ...], text: str) -> None:
    assert text_in(values, languages) == text


def test_no_statement_of_the_engine_is_said_twice() -> None:
    core = read_core().ntriples.splitlines()
    assert len(core) == len(set(core))
    assert f"<{RDF}type>" in read_core().ntriples
