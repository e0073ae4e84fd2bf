"""Questions in words are read by the ontology of any base."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from server.knowledge.asking.lexicon import Lexicon, stem
from server.knowledge.asking.templates import write_query
from server.knowledge.finding import Finder
from server.namespaces import Namespaces
from server.records.pages import EntityRef
from server.schema.reading import schema_of
from server.turtle.reader import namespaces_of, read_base

LIBRARY = Path(__file__).parents[2] / "bases" / "library"
BOOK = EntityRef(
    "https://library.example/catalogue/book/salt-and-string", "book:salt-and-string", "Salt and String", "book"
)


class Index:
    """An index with one entity."""

    def named(self, text: str) -> tuple[EntityRef, ...]:
        return (BOOK,) if text.lower() == BOOK.label.lower() else ()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    namespaces = namespaces_of(LIBRARY, Namespaces("https://library.example/catalogue/"))
    finder = cast("Finder", SimpleNamespace(index=Index()))
    return Lexicon(schema_of(read_base(LIBRARY, namespaces)), namespaces, finder)


@pytest.mark.parametrize(
    ("words", "patterns"),
    [
        ("how many books", ["?book a bibo:Book"]),
        ("books since 1960", ["?book dcterms:issued ?date", ">= 1960"]),
        ("books before 1960", ["< 1960"]),
        ("which articles cite Salt and String?", ["?article bibo:cites book:salt-and-string"]),
        ("books cited by articles", ["?article bibo:cites ?book"]),
        ("who created Salt and String", ["book:salt-and-string dcterms:creator ?found"]),
        ("who created something unknown", ['akb:matches "something unknown"', "?found dcterms:creator ?found2"]),
        ("title of Salt and String", ["book:salt-and-string dcterms:title ?value"]),
        ("books without an ISBN", ["FILTER NOT EXISTS { ?book bibo:isbn13 ?other . }"]),
        ("number of books per person", ["COUNT(DISTINCT ?book)", "GROUP BY ?person"]),
        ("most cited books", ["?other bibo:cites ?book", "COUNT(DISTINCT ?other)", "ORDER BY DESC(?count)"]),
        ("newest books", ["ORDER BY DESC(?date) LIMIT 10"]),
        ("books like Salt and String", ["SERVICE akb:near { ?book akb:nearTo book:salt-and-string"]),
    ],
)
def test_the_terms_of_a_base_are_found_by_their_labels(words: str, patterns: list[str], lexicon: Lexicon) -> None:
    query = write_query(words, lexicon).query
    for pattern in patterns:
        assert pattern in query, query


def test_endings_do_not_matter() -> None:
    for words in ("papers paper", "cites cited citing cite", "studies studied study", "uses used using use"):
        assert len({stem(word) for word in words.split()}) == 1, words
    assert stem("class") == "class"
