"""Errors that teach."""

from __future__ import annotations

import pytest

from server.errors import QueryError
from server.sparql.explaining import explain
from server.store.embedded import Store
from tests.made import NAMESPACES


def taught(query: str) -> QueryError:
    store = Store.in_memory(NAMESPACES.prefixes())
    with pytest.raises(QueryError) as caught:
        store.answer(query)
    return explain(caught.value, query, NAMESPACES)


@pytest.mark.parametrize(
    ("query", "message", "mend"),
    [
        (
            "ASK { ?s wdt:P31 ?o }",
            "Line 1, column 10: the prefix of wdt:P31",
            "PREFIX wdt: <http://www.wikidata.org/prop/direct/>",
        ),
        ("ASK {\n  ?s foo:bar ?o }", "Line 2, column 6: the prefix of foo:bar", "PREFIX foo: <http://...>"),
        ("ASK { ?s conept:x ?o }", "the prefix of conept:x", "write concept: if you meant that"),
        ("PREFIX a: <http://a/> ASK { ?s a:b/c:d ?o }", "the prefix of c:d", "PREFIX c:"),
        ('ASK { ?s ?p "x:y" . ?s q:z ?o } # r:s', "the prefix of q:z", "PREFIX q:"),
        ("SELECT ?x WHER { }", "Line 1, column 16: the query cannot be read at '{'", "missing dot"),
        ("SELECT ?x {", "at the end of the query", "closing one"),
        ("ASK { ?s ?p 'open }", "Line 1", "close the string"),
        ("ASK { ?s ?p <a b> }", "Line 1", "an IRI holds no spaces"),
    ],
)
def test_an_error_names_its_place_and_its_mend(query: str, message: str, mend: str) -> None:
    error = taught(query)
    assert message in error.message
    assert mend in error.mend


@pytest.mark.parametrize(
    ("query", "column", "name", "mend"),
    [
        ("SELECT\u00a0* { ?s ?p ?o }", 7, "U+00A0 (no-break space)", "plain space"),
        ("SELECT * {\u2003?s ?p ?o }", 11, "U+2003 (em space)", "plain space"),
        ("SELECT * { ?s akb:related\u200b ?o }", 26, "U+200B (zero width space)", "nobody sees it"),
        ("SELECT * { ?s akb:rel\u00adated ?o }", 22, "U+00AD (soft hyphen)", "nobody sees it"),
        ("SELECT * { ?s ?p ?o }\u2028", 22, "U+2028 (line separator)", "nobody sees it"),
        ("SELECT * { ?s ?p \x0c?o }", 18, "U+000C (control character)", "nobody sees it"),
        ("ASK { ?s ?p \u201cx\u201d }", 13, "U+201C (left double quotation mark)", 'write " in its place'),
        ("ASK { ?s ?p \u2018x\u2019 }", 13, "U+2018 (left single quotation mark)", 'write " in its place'),
        ("ASK { ?s ?p \u201ex\u201c }", 13, "U+201E (double low-9 quotation mark)", 'write " in its place'),
        ("ASK { ?s ?p ?o FILTER(?o \u2013 3 > 1) }", 26, "U+2013 (en dash)", "write - in its place"),
        ("ASK { ?s ?p ?o FILTER(?o \u2212 3 > 1) }", 26, "U+2212 (minus sign)", "write - in its place"),
        ("ASK { ?s ?p \uff1fo }", 13, "U+FF1F (fullwidth question mark)", "write ? in its place"),
        ("ASK { ?s ?p 'o' \uff1b ?q ?r }", 17, "U+FF1B (fullwidth semicolon)", "write ; in its place"),
        ("ASK { ?s ?p ?o \ufeff }", 16, "U+FEFF (zero width no-break space)", "nobody sees it"),
        ("ASK { ?s \u2192 ?o }", 10, "U+2192 (rightwards arrow)", "no such character"),
        # Where the characters are allowed, they are not to blame.
        ("ASK { ?s ?p '\u00a0' # \u00a0\n . } \u00a0", None, "U+00A0", "plain space"),
        ("ASK { ?s ?p ?\u0645\u06cc\u200c\u062e\u0648 \u00a0 }", 20, "U+00A0 (no-break space)", "plain space"),
    ],
)
def test_a_character_that_nobody_typed_is_named_at_its_own_place(
    query: str, column: int | None, name: str, mend: str
) -> None:
    error = taught(query)
    place = f"Line 1, column {column}: " if column else "Line 2, column 6: "
    assert error.message.startswith(f"{place}the query cannot be read at {name}")
    assert mend in error.mend


def test_lines_end_where_the_engine_ends_them() -> None:
    """A separator of paragraphs in a string is no end of a line."""
    assert "Line 2, column 4: the prefix of foo:x" in taught("ASK { ?s ?p 'a\u2029b\x85\x0cc' .\n?s foo:x ?o }").message
    assert (
        "Line 3, column 6: the query cannot be read at '{'" in taught("# \u2029\x85\x0c\nSELECT ?x\nWHER { }").message
    )


@pytest.mark.parametrize(
    ("query", "engine", "instead"),
    [
        ("ASK { ?s text:query 'faking' }", "Apache Jena", "CONTAINS"),
        ("ASK { ?s bds:search 'faking' }", "Blazegraph", "CONTAINS"),
        ("ASK { ?s ql:contains-word 'faking' }", "QLever", "CONTAINS"),
        ("ASK { ?s luc:query 'faking' }", "GraphDB", "CONTAINS"),
        ("ASK { ?s bif:contains 'faking' }", "Virtuoso", "CONTAINS"),
        ("ASK { ?s ?p ?o . hint:Query hint:optimizer 'None' }", "Blazegraph", "leave it out"),
        ("ASK { ?s a akb:Concept ; bd:serviceParam 'x' }", "Wikidata", "skos:prefLabel"),
    ],
)
def test_a_prefix_of_another_engine_is_explained_and_not_to_be_declared(query: str, engine: str, instead: str) -> None:
    error = taught(query)
    assert "is not declared" in error.message
    assert engine in error.mend
    assert instead in error.mend
    assert "PREFIX" not in error.mend


def test_the_prefix_of_a_vocabulary_that_has_extensions_beside_is_to_be_declared() -> None:
    assert "PREFIX wikibase: <http://wikiba.se/ontology#>" in taught("ASK { ?s wikibase:sitelinks ?o }").mend


def test_a_function_of_another_engine_is_explained() -> None:
    error = QueryError("The query could not be evaluated: The custom function <bif:contains> is not supported.", "x")
    assert "CONTAINS" in explain(error, "", NAMESPACES).mend
    assert explain(QueryError("<http://x/f> is not supported", "x"), "", NAMESPACES).mend == "x"
