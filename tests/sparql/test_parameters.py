"""Values of kept queries become terms of SPARQL, whatever their text is, and never text of the query."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import QueryError
from server.records.kept import KeptQuery, Parameter
from server.sparql.parameters import TYPES, bound, term_for
from server.sparql.rewriting import bind_terms
from server.store.embedded import Store
from tests.made import NAMESPACES

BASE = NAMESPACES.base
TERMS = {
    "entity": ("claim:x", f"<{BASE}claim/x>"),
    "class": ("akb:Claim", f"<{NAMESPACES.prefixes()['akb']}Claim>"),
    "predicate": ("<https://kb.example/p>", "<https://kb.example/p>"),
    "iri": ("urn:x", "<urn:x>"),
    "text": ('a "b"\n\\', '"a \\"b\\"\\n\\\\"'),
    "integer": ("03", '"03"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    "decimal": ("1e1", '"10"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    "year": ("2024", '"2024"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    "date": ("2024-12-18", '"2024-12-18"^^<http://www.w3.org/2001/XMLSchema#date>'),
    "boolean": ("true", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    "choice": ("akb:x", f"<{NAMESPACES.prefixes()['akb']}x>"),
}
WRONG = {
    **dict.fromkeys(("entity", "class", "predicate", "iri"), ("x", "claim:x> ?y", "<a b:c>", "{}")),
    "integer": ("1.5", "x", "1 2", "٣"),
    "decimal": ("NaN", "1,5", ""),
    "year": ("24", "2024-01", "x"),
    "date": ("2024", "2024-13-01", "18.12.2024"),
    "boolean": ("yes", "1"),
    "choice": ("c", ""),
}
KEPT = KeptQuery("all", "?", "", (Parameter("text", "Text", "text"),), "", 1, "SELECT ?text WHERE { }")


def parameter(kind: str) -> Parameter:
    return Parameter("value", "Value", kind, choices=("akb:x", "b") if kind == "choice" else ())


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_takes_its_values_and_says_what_it_takes(kind: str) -> None:
    given_, term = TERMS[kind]
    assert term_for(parameter(kind), given_, NAMESPACES) == term
    for wrong in (*WRONG.get(kind, ()), "x" * 2001):
        with pytest.raises(QueryError, match="The parameter value is") as error:
            term_for(parameter(kind), wrong, NAMESPACES)
        assert error.value.mend.startswith("give ")


@given(st.text(max_size=60))
def test_a_text_comes_out_as_it_went_in_whatever_it_holds(text: str) -> None:
    if not text.strip():
        return
    [solution] = ox.Store().query(bound(KEPT, {"text": text}, NAMESPACES))  # type: ignore[misc]
    assert solution[0] == ox.Literal(text.strip())


def test_a_value_takes_the_place_of_its_variable_in_every_clause() -> None:
    query = "SELECT ?x (COUNT(?y) AS ?n) WHERE { { SELECT ?x ?y { ?x ?p ?y } ORDER BY ?x } } "
    query += "GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT 3"
    text = bind_terms(query, {"x": "<urn:a>"})
    store = Store.in_memory({})
    store.load("<urn:a> <urn:p> 1, 2 . <urn:b> <urn:p> 3 .", "urn:g")
    assert store.select(text) == [{"x": "urn:a", "n": 2}]


def test_what_has_no_value_has_its_default_and_else_stays_a_variable() -> None:
    kept = KeptQuery(
        "q", "?", "", (Parameter("a", "A", "integer", default="3"), Parameter("b", "B", "text")), "", 1,
        "SELECT ?a ?b { VALUES (?c ?b) { (3 'x') (4 'y') } FILTER(?c >= ?a) }",
    )  # fmt: skip
    store = Store.in_memory({})
    kept_values = {}
    assert len(store.select(bound(kept, kept_values, NAMESPACES))) == 2
    assert len(store.select(bound(kept, {"a": "4"}, NAMESPACES))) == 1
    with pytest.raises(QueryError, match="has no parameter 'c'"):
        bound(kept, {"c": "1"}, NAMESPACES)
