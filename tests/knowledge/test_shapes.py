"""Shapes in words (SHACL, sections 2 and 4)."""

from __future__ import annotations

import pytest

from server.knowledge.shapes import shapes_of
from server.store.embedded import Store
from tests.made import NAMESPACES

PREFIXES = (
    "@prefix ex: <https://w3id.org/alignment-kb/shapes#> . @prefix akb: <https://w3id.org/alignment-kb/ontology#> ."
)
HEAD = f"""{PREFIXES}
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:one a sh:PropertyShape ; """


def store_of(text: str) -> Store:
    namespaces = NAMESPACES
    store = Store.in_memory(namespaces.prefixes())
    store.load(text, f"{namespaces.graph}shapes")
    return store


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        ("sh:minCount 1 ; sh:maxCount 2", ("there is at least 1", "there is at most 2")),
        ("sh:maxCount 0", ("there is none",)),
        ("sh:class akb:Paper", ("is of the class akb:Paper",)),
        ("sh:datatype xsd:date", ("has the datatype xsd:date",)),
        ("sh:nodeKind sh:BlankNodeOrIRI", ("is an IRI or a blank node",)),
        ("sh:in ( akb:Paper 3 )", ("is one of akb:Paper or 3",)),
        ("sh:or ( [ sh:class akb:Paper ] [ sh:minLength 3 ; sh:maxLength 5 ] )",
         ("is of the class akb:Paper or has 3 characters or more, has 5 characters or fewer",)),
        ("sh:not [ sh:class akb:Paper ]", ("not: is of the class akb:Paper",)),
        ("sh:qualifiedValueShape [ sh:languageIn ( 'en' ) ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2",
         ("at least 1 and at most 2 of them is in the language en",)),
        ("sh:uniqueLang true", ("one in each language",)),
        ("sh:node ex:two", ("conforms to shape:two",)),
        ("sh:sparql ex:three", ("sh:sparql shape:three",)),
        ("sh:severity sh:Warning", ()),
    ],
)  # fmt: skip
def test_a_constraint_is_said_in_words(turtle: str, words: tuple[str, ...]) -> None:
    [shape], _ = shapes_of(store_of(f"{HEAD} {turtle} ."), NAMESPACES)
    assert shape.constraints == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("akb:note", "akb:note"),
        ("[ sh:inversePath akb:note ]", "^akb:note"),
        ("( akb:subject akb:note )", "akb:subject/akb:note"),
        ("[ sh:alternativePath ( akb:subject akb:object ) ]", "(akb:subject|akb:object)"),
        ("[ sh:zeroOrMorePath akb:partOf ]", "akb:partOf*"),
        ("[ sh:oneOrMorePath akb:partOf ]", "akb:partOf+"),
        ("[ sh:zeroOrOnePath akb:partOf ]", "akb:partOf?"),
    ],
)
def test_a_path_is_written_as_in_sparql(path: str, words: str) -> None:
    [shape], _ = shapes_of(store_of(f"{HEAD} sh:path {path} ."), NAMESPACES)
    assert shape.path == words


def test_the_message_the_mend_the_severity_and_the_targets_are_told_apart() -> None:
    text = f'{HEAD} sh:targetSubjectsOf akb:note ; sh:severity sh:Info ; sh:message "It is so. Mend: do so."@en .'
    [shape], _ = shapes_of(store_of(text), NAMESPACES)
    assert (shape.message, shape.mend, shape.severity) == ("It is so.", "do so.", "info")
    assert (shape.about, shape.targets) == (("each subject of akb:note",), ("akb:note",))


def test_the_shapes_of_the_base_are_all_in_words_that_are_known(store: Store) -> None:
    shapes, rules = shapes_of(store, NAMESPACES)
    assert len(shapes) > 100
    assert len(rules) > 15
    assert [one for shape in shapes for one in shape.constraints if one.startswith("sh:")] == []
    assert all(rule.query and rule.message and rule.mend for rule in rules)
