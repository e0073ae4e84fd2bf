"""Triple patterns are read one by one (SPARQL 1.1 Query, section 4.2), or not at all."""

from __future__ import annotations

import pytest

from server.sparql.triples import read_triples


@pytest.mark.parametrize(
    ("text", "triples"),
    [
        ("?s a akb:Claim", ["?s a akb:Claim"]),
        ("?s ?p 'x'@en-GB , 1.5 ; a :C ; .", ["?s ?p 'x'@en-GB", "?s ?p 1.5", "?s a :C"]),
        ('?s :p "x"^^xsd:date . ?t :q -3 , true .', ['?s :p "x"^^xsd:date', "?t :q -3", "?t :q true"]),
        ("?s :a/^:b*|!(:c|^:d) ?o ;; :e+ <x> .", ["?s :a/^:b*|!(:c|^:d) ?o", "?s :e+ <x>"]),
        ("?s (:a / :b)? ?o", ["?s (:a / :b)? ?o"]),
        ("_:x :p # a remark\n ?o", ["_:x :p ?o"]),
        ("", []),
    ],
)
def test_lists_of_predicates_and_of_objects_are_resolved(text: str, triples: list[str]) -> None:
    found = read_triples(text, 0, len(text))
    assert found is not None
    assert [one.text for one in found] == triples
    for one in found:
        for part in (one.subject, one.predicate, one.object):
            assert text[part.start : part.end].split() == part.text.split()


@pytest.mark.parametrize(
    "text",
    [
        "?s :p [ :q 1 ]",
        "[] a :C",
        "?s :p (1 2)",
        "<< ?s :p ?o >> :q 1",
        "?s :p ?o {| :q 1 |}",
        "?s :p",
        "?s ?p ?o ?x",
        "?s",
    ],
)
def test_what_has_nodes_within_it_is_not_taken_apart(text: str) -> None:
    assert read_triples(text, 0, len(text)) is None
