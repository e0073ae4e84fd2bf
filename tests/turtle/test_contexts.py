"""Contexts of JSON-LD that are elsewhere are read from local copies, and never fetched."""

from __future__ import annotations

import json

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from server.turtle.contexts import MissingContextError, with_local_contexts

BASE = "file:///data/a.jsonld"
COPIES = {
    "https://c.example/terms": {"@context": {"@base": "https://ignored.example/", "name": "https://c.example/name"}},
    "https://c.example/two": {"@context": ["terms", {"knows": {"@id": "https://c.example/knows", "@type": "@id"}}]},
    "file:///data/here.jsonld": {"@context": {"name": "https://here.example/name"}},
    "https://c.example/ring": {"@context": "ring"},
}


def read(iri: str) -> str | None:
    return json.dumps(COPIES[iri]) if iri in COPIES else None


@pytest.mark.parametrize(
    ("document", "triples"),
    [
        ({"@context": "https://c.example/terms", "@id": "b", "name": "X"}, '<b> <https://c.example/name> "X" .'),
        # Relative to the document (JSON-LD 1.1, section 3.1), and a copy's own names relative to itself.
        ({"@context": "here.jsonld", "@id": "b", "name": "X"}, '<b> <https://here.example/name> "X" .'),
        (
            {"@context": ["https://c.example/two", {"a": "https://a.example/"}], "@id": "b", "knows": "c", "a": 1},
            "<b> <https://c.example/knows> <c> ; <https://a.example/> 1 .",
        ),
        # Within a node (section 3.1), within the definition of a term (4.1.8), and imported (4.1.10).
        (
            {"@context": {"a": "https://a.example/"}, "@id": "b",
             "a": {"@context": "https://c.example/terms", "@id": "c", "name": "X"}},
            '<b> <https://a.example/> <c> . <c> <https://c.example/name> "X" .',
        ),
        (
            {"@context": {"@version": 1.1, "a": {"@id": "https://a.example/", "@context": "https://c.example/terms"}},
             "@id": "b", "a": {"@id": "c", "name": "X"}},
            '<b> <https://a.example/> <c> . <c> <https://c.example/name> "X" .',
        ),
        (
            {"@context": {"@version": 1.1, "@import": "https://c.example/terms", "a": "https://a.example/"},
             "@id": "b", "name": "X", "a": 1},
            '<b> <https://c.example/name> "X" ; <https://a.example/> 1 .',
        ),
    ],
)  # fmt: skip
def test_a_copy_takes_the_place_of_its_name(document: object, triples: str) -> None:
    found = Graph().parse(data=with_local_contexts(json.dumps(document), BASE, read), format="json-ld", publicID=BASE)
    assert isomorphic(found, Graph().parse(data=triples, format="turtle", publicID=BASE))


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ("https://nowhere.example/", "nothing is fetched"),
        ("https://c.example/ring", "names itself"),
        ({"@import": "https://c.example/two"}, "is not one context"),
    ],
)
def test_what_has_no_copy_is_said(context: object, said: str) -> None:
    with pytest.raises(MissingContextError, match=said):
        with_local_contexts(json.dumps({"@context": context, "name": "X"}), BASE, read)


@pytest.mark.parametrize("text", ['{"@context": {"a": "http://a/"}, "a": 1.10}', "no JSON", "[]", '"@context"{'])
def test_what_names_no_context_stays_as_it_is(text: str) -> None:
    assert with_local_contexts(text, BASE, read) == text
