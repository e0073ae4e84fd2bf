"""What pages need to know of entities whose files say it in the terms of others, or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from server.build.lifting import is_whole, lifted, view_of
from server.namespaces import AKB, AKBV, DCTERMS, OWL, RDF, RDFS, SKOS, SLUG, Namespaces
from server.schema.reading import schema_of
from server.schema.schema import Schema
from server.turtle.base import Base
from server.turtle.defaults import RESOURCE, usage_of
from server.turtle.reader import page_class_names, read_core, with_defaults
from server.turtle.source_files import SourceFile, read_text
from server.turtle.statements import statements, value_of

OWN = Namespaces("https://site.example/")
EX = "http://data.example/"
PREFIXES = f"""
@prefix ex: <{EX}> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <{OWL}> .
@prefix rdfs: <{RDFS}> .
@prefix skos: <{SKOS}> .
@prefix akb: <{AKB}> .
"""


def base_of(text: str) -> tuple[Base, Schema]:
    """Return data as a build reads them that has no form of ours."""
    file = read_text("data.ttl", PREFIXES + text)
    assert isinstance(file, SourceFile)
    ontology = with_defaults((read_core(),), OWN, usage_of(file.statements))
    # There are no shapes in this folder, or they would count.
    base = Base(Path("nowhere"), OWN.of(page_class_names(ontology), {}), (file,), (), ontology)
    return base, schema_of(base)


def said_of(text: str, *languages: str) -> dict[str, dict[str, list[str]]]:
    """Return what is stated of the entities in some data: the values by subject and property."""
    found: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in statements(lifted(*base_of(text), languages or ("en",))):
        found.setdefault(subject[1:-1], {}).setdefault(predicate[1:-1], []).append(value_of(value))
    return found


def test_an_entity_has_an_id_a_name_a_text_a_class_and_a_status() -> None:
    found = said_of('ex:ada a foaf:Person ; foaf:name "Ada", "Countess"@de ; rdfs:comment "Wrote notes."@en .')
    assert found[f"{EX}ada"] == {
        f"{RDF}type": [f"{AKB}Entity", "http://xmlns.com/foaf/0.1/Person"],
        f"{SKOS}prefLabel": ["Ada"],
        f"{SKOS}altLabel": ["Countess"],
        f"{SKOS}definition": ["Wrote notes."],
        f"{AKB}status": [f"{AKBV}active"],
        f"{DCTERMS}identifier": ["person:ada"],
    }


def test_what_has_no_class_is_a_resource_and_what_has_no_name_is_called_by_its_iri() -> None:
    found = said_of("ex:salt_marsh ex:area 3 .")[f"{EX}salt_marsh"]
    assert found[f"{RDF}type"] == [f"{AKB}Entity", RESOURCE]
    assert found[f"{SKOS}prefLabel"] == ["salt marsh"]
    assert found[f"{DCTERMS}identifier"] == ["resource:salt-marsh"]


def test_names_are_taken_in_the_languages_that_are_wanted() -> None:
    text = 'ex:a skos:prefLabel "house"@en, "Haus"@de .'
    assert said_of(text, "de", "en")[f"{EX}a"][f"{SKOS}prefLabel"] == ["Haus"]
    assert said_of(text, "fr")[f"{EX}a"][f"{SKOS}prefLabel"] == ["Haus"], "in any, when there is none in these"


def test_a_triple_between_entities_is_an_edge_and_one_that_leads_elsewhere_is_none() -> None:
    found = said_of("ex:a ex:near ex:b, <http://elsewhere.example/c> . ex:b ex:size 3 .")
    [edge] = [said for said in found.values() if said.get(f"{RDF}type") == [f"{AKB}Edge"]]
    assert edge == {
        f"{RDF}type": [f"{AKB}Edge"],
        f"{AKB}subject": [f"{EX}a"],
        f"{AKB}predicate": [f"{EX}near"],
        f"{AKB}object": [f"{EX}b"],
        f"{AKB}status": [f"{AKBV}active"],
    }
    assert found[f"{EX}a"][f"{AKB}related"] == [f"{EX}b"]


def test_an_edge_of_the_base_explains_its_triple_and_stays_as_it_is() -> None:
    found = said_of(
        "ex:a ex:near ex:b . ex:b ex:size 3 . ex:e a akb:Edge ; akb:subject ex:a ; akb:predicate ex:near ;"
        ' akb:object ex:b ; akb:note "next to it"@en .'
    )
    [edge] = [iri for iri, said in found.items() if said.get(f"{RDF}type") == [f"{AKB}Edge"]]
    assert edge == f"{EX}e"
    assert found[edge][f"{AKB}note"] == ["next to it"]
    assert found[edge][f"{AKB}status"] == [f"{AKBV}active"]


def test_what_is_deprecated_is_retired() -> None:
    found = said_of("ex:a owl:deprecated true .")[f"{EX}a"]
    assert found[f"{AKB}status"] == [f"{AKBV}deprecated"]
    assert found[f"{OWL}deprecated"] == ["true"]


def test_an_iri_of_our_form_keeps_its_slug_and_any_other_gets_one() -> None:
    text = "<https://site.example/bird/avocet> a ex:Bird . <https://site.example/bird/Grey_Heron> a ex:Bird ."
    found = said_of(text)
    assert found["https://site.example/bird/avocet"][f"{DCTERMS}identifier"] == ["bird:avocet"]
    assert found["https://site.example/bird/Grey_Heron"][f"{DCTERMS}identifier"] == ["bird:grey-heron"]


NAMES = st.sampled_from(["a", "A", "b#a", "c/a", "ä", "鳥", "x-1", "x_1", "", "very" * 40])
TERMS = NAMES.map(lambda name: f"<{EX}{name}>")
TRIPLES = st.lists(
    st.one_of(
        st.tuples(TERMS, st.just("a"), st.sampled_from(["ex:Bird", "ex:Fish", "owl:Thing", "rdfs:Class"])),
        st.tuples(TERMS, st.sampled_from(["ex:near", "ex:name", "rdfs:label"]), TERMS),
        st.tuples(
            TERMS, st.sampled_from(["rdfs:label", "ex:name"]), st.sampled_from(['"x"', '"y"@en', '"z"@de', '" "'])
        ),
    ),
    min_size=1,
)


@given(TRIPLES)
def test_whatever_the_data_each_subject_has_one_class_one_name_and_an_id_of_its_own(
    triples: list[tuple[str, str, str]],
) -> None:
    text = "".join(f"{' '.join(triple)} .\n" for triple in triples)
    base, schema = base_of(text)
    found = said_of(text)
    subjects = {subject[1:-1] for subject, _, _ in base.files[0].statements}
    entities = {iri: said for iri, said in found.items() if f"{DCTERMS}identifier" in said}
    assert entities.keys() == subjects
    pages = {term.iri: term.notation for term in schema.page_classes}
    for said in entities.values():
        [page] = [kind for kind in said[f"{RDF}type"] if kind in pages]
        [curie], [_], [_] = (said[one] for one in (f"{DCTERMS}identifier", f"{SKOS}prefLabel", f"{SKOS}definition"))
        assert curie.partition(":")[0] == pages[page]
        assert SLUG.fullmatch(curie.partition(":")[2]), "a part of an address"
    ids = Counter(said[f"{DCTERMS}identifier"][0] for said in entities.values())
    assert set(ids.values()) <= {1}
    joined = {(s, p, o) for s, p, o in base.files[0].statements if p != f"<{RDF}type>" and o[1:-1] in subjects}
    edges = [said for said in found.values() if f"{AKB}subject" in said]
    assert len(edges) == len(joined)


def test_a_base_whose_shapes_ask_for_a_status_says_all_itself(base: Base, schema: Schema) -> None:
    assert is_whole(base, schema)
    other, of_other = base_of("ex:a ex:size 3 .")
    assert not is_whole(other, of_other)
    assert not is_whole(replace(base, foreign=object()), schema)  # type: ignore[arg-type] # any project


def test_pages_see_none_of_the_data_but_what_is_stated_of_them() -> None:
    assert {iri.removeprefix(OWN.graph) for iri in view_of(OWN)} == {
        *("entities", "repeated", "ontology", "similarity", "statistics")
    }
