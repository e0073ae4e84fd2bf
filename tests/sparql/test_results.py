"""Results are read in whatever way they are written (SPARQL 1.1 Query Results JSON and XML Format)."""

from __future__ import annotations

import codecs
import json
import random
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sparql.result_terms import read_term, write_term
from server.sparql.results import read_results
from server.sparql.solutions import UNDEF, Solutions, can_be_sent, read_solutions, write_values

XSD = "http://www.w3.org/2001/XMLSchema#"
# ---- any results, written in any way ---------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=8)
IRIS = st.sampled_from(["http://a.example/ü", "urn:x", "nodeID://b10251", "mailto:a@b.example"]).map(ox.NamedNode)
LANGUAGES = st.sampled_from(["en", "zh-hant", "x-y"])
DIRECTIONS = st.sampled_from([None, ox.BaseDirection.LTR, ox.BaseDirection.RTL])
LITERALS = st.one_of(
    st.builds(ox.Literal, TEXTS),
    st.builds(ox.Literal, TEXTS, datatype=st.sampled_from([f"{XSD}integer", "urn:t"]).map(ox.NamedNode)),
    st.builds(ox.Literal, TEXTS, language=LANGUAGES, direction=DIRECTIONS),
)
PLAIN = st.one_of(IRIS, LITERALS)
TERMS = st.one_of(PLAIN, PLAIN, st.builds(ox.Triple, IRIS, IRIS, PLAIN))
ROWS = st.lists(st.fixed_dictionaries({}, optional={"x": TERMS, "y": TERMS, "zü": TERMS}), max_size=4)


def shuffled(value: Any, order: random.Random) -> Any:
    """Return JSON with the keys of each object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(one, order) for one in value] if isinstance(value, list) else value


def of_triple(term: ox.NamedNode | ox.Literal | ox.Triple) -> str:
    return f"<<( {' '.join(map(str, term))} )>>" if isinstance(term, ox.Triple) else str(term)


@given(
    ROWS,
    st.randoms(use_true_random=False),
    st.sampled_from([("utf-8", b"", ""), ("utf-8", codecs.BOM_UTF8, ""), ("utf-16", b"", ""), ("utf-8", b"", "UTF-8")]),
    st.booleans(),
)
def test_json_in_any_order_and_coding_is_the_same(
    rows: list[dict[str, Any]], order: random.Random, coding: tuple[str, bytes, str], is_ascii: bool
) -> None:
    bindings = [{name: write_term(term) for name, term in row.items()} for row in rows]
    data = {"head": {"vars": ["x", "y", "zü"], "link": []}, "results": {"bindings": bindings, "ordered": True}}
    name, mark, charset = coding
    text = " \n" + json.dumps(shuffled(data, order), ensure_ascii=is_ascii, indent=order.choice([None, 1])) + "\n"
    found = read_solutions(mark + text.encode(name), charset)
    assert (found.variables, found.notes) == (("x", "y", "zü"), ())
    assert again(found) == [sorted((key, of_triple(term)) for key, term in row.items()) for row in rows]


def again(solutions: Solutions) -> list[list[tuple[str, str]]]:
    """Return the rows as an engine reads them that is given them as VALUES."""
    text = f"SELECT * {{ {write_values(solutions.variables, solutions.rows)} }}"
    results = ox.Store().query(text)
    assert isinstance(results, ox.QuerySolutions)
    names = [variable.value for variable in results.variables]
    return [
        sorted((name, of_triple(term)) for name, term in zip(names, row, strict=True) if term is not None)
        for row in results
    ]


@given(ROWS)
def test_a_term_is_written_as_it_is_read(rows: list[dict[str, Any]]) -> None:
    for term in (term for row in rows for term in row.values()):
        assert read_term(write_term(term)) == (term, "")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "value", "datatype", "xml:lang", "its:dir", "x", "subject"]), inner)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(["uri", "literal", "bnode", "typed-literal", "triple", "unbound", "URI"])
ODD = st.one_of(ANY, st.fixed_dictionaries({"type": KINDS, "value": ANY}, optional={"datatype": ANY, "xml:lang": ANY}))


@given(st.lists(st.one_of(ANY, st.fixed_dictionaries({"x": ODD}, optional={"y": ODD})), max_size=4))
def test_whatever_a_row_holds_costs_no_more_than_the_row(rows: list[Any]) -> None:
    body = json.dumps({"results": {"bindings": [*rows, {"x": {"type": "literal", "value": "good"}}]}}).encode()
    found = read_solutions(body)
    assert len(found.rows) <= len(rows) + 1
    assert len(again(found)) == len(found.rows), "an engine can read them all"
    assert found.rows[-1][found.variables.index("x")] == '"good"'
    if len(found.rows) <= len(rows):
        assert "left out" in found.notes[0]


@given(st.one_of(st.binary(max_size=40), ANY.map(lambda value: json.dumps(value).encode())), st.text(max_size=8))
def test_what_is_no_results_is_refused_by_name(body: bytes, charset: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_solutions(body, charset)
    assert not isinstance(caught.value, UnicodeError)


# ---- what endpoints really send --------------------------------------------------------------------------


def one(term: Any, **more: Any) -> Solutions:
    return read_solutions(
        json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}, **more}).encode()
    )


READ = {
    "typed-literal": ({"type": "typed-literal", "datatype": f"{XSD}integer", "value": "01"}, f'"01"^^<{XSD}integer>'),
    "an empty language": ({"type": "literal", "value": "a", "xml:lang": ""}, '"a"'),
    "lang": ({"type": "literal", "value": "a", "lang": "en"}, '"a"@en'),
    "both": ({"type": "literal", "value": "a", "xml:lang": "en", "datatype": f"{XSD}string"}, '"a"@en'),
    "a direction": ({"type": "literal", "value": "a", "xml:lang": "ar", "its:dir": "rtl"}, '"a"@ar--rtl'),
    "a number": ({"type": "literal", "value": 7}, '"7"'),
    "a truth value": ({"type": "literal", "value": True, "datatype": f"{XSD}boolean"}, f'"true"^^<{XSD}boolean>'),
    "null": (None, UNDEF),
    "unbound": ({"type": "unbound"}, UNDEF),
    "a triple term of the draft": (
        {"type": "triple", "value": {k: {"type": "uri", "value": f"urn:{k}"} for k in "spo"}},
        "<<( <urn:s> <urn:p> <urn:o> )>>",
    ),
}


@pytest.mark.parametrize("name", READ)
def test_a_term_in_the_words_of_an_engine(name: str) -> None:
    raw, wanted = READ[name]
    found = one(raw)
    assert (found.rows, found.notes) == (((wanted,),), ())


MENDED = {
    "a blank": ({"type": "uri", "value": "http://a.example/my page"}, "<http://a.example/my%20page>"),
    "marks": (
        {"type": "uri", "value": 'http://a.example/<"{}|\\^`>[1]%zz'},
        "<http://a.example/%3C%22%7B%7D%7C%5C%5E%60%3E%5B1%5D%25zz>",
    ),
    "around": ({"type": "uri", "value": " http://a.example/ \n"}, "<http://a.example/>"),
    "a language": ({"type": "literal", "value": "a", "xml:lang": "en_US"}, '"a"@en-us'),
    "no language": ({"type": "literal", "value": "a", "xml:lang": "!"}, '"a"'),
    "no character": ({"type": "literal", "value": "a\ud800"}, '"a\ufffd"'),
    "a datatype": (
        {"type": "literal", "value": "a", "datatype": "http://a.example/my type"},
        '"a"^^<http://a.example/my%20type>',
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_term_that_is_mended_is_told(name: str) -> None:
    raw, wanted = MENDED[name]
    found = one(raw)
    assert found.rows == ((wanted,),)
    assert found.notes[0].startswith("1 term is mended: the value of ?x, ")


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "uri", "value": "relative"},
        {"type": "uri", "value": "http://a.example/\ud800"},
        {"type": "uri"},
        {"type": "what", "value": "x"},
        {"value": "x"},
        "x",
        7,
        {"type": "triple", "value": {"subject": {"type": "literal", "value": "x"}}},
    ],
)
def test_a_row_with_a_term_that_is_none_is_left_out_and_told(raw: Any) -> None:
    found = one(raw)
    assert found.rows == ()
    assert found.notes[0].startswith("1 row is left out, since the value of ?x, ")


def test_a_blank_node_may_have_any_label() -> None:
    bindings = [
        {"x": {"type": "bnode", "value": name}, "y": {"type": "uri", "value": f"_:{name}"}}
        for name in ("a b", "ü", "a b")
    ]
    found = read_solutions(json.dumps({"results": {"bindings": bindings}}).encode())
    (one_, two), (other, _), same = found.rows
    assert one_ == two == same[0]
    assert one_ != other
    assert one_.startswith("<urn:uuid:")


def test_variables_are_found_where_they_are_not_named() -> None:
    for head in ({}, {"head": {}}, {"head": None}, {"head": {"vars": None}}, {"head": {"vars": ["?x"]}}):
        bindings = [{"x": {"type": "literal", "value": "a"}}, {"y": {"type": "literal", "value": "b"}}]
        found = read_solutions(json.dumps({**head, "results": {"bindings": bindings}}).encode())
        assert (found.variables, found.rows) == (("x", "y"), (('"a"', UNDEF), (UNDEF, '"b"')))


def test_names_that_are_no_variables_are_passed_over() -> None:
    body = json.dumps({"head": {"vars": ["x } #", "", "x"]}, "results": {"bindings": []}}).encode()
    assert read_solutions(body).variables == ("x",)


def test_line_breaks_in_strings_are_read_as_they_are() -> None:
    body = b'{"results": {"bindings": [{"x": {"type": "literal", "value": "a\nb\tc"}}]}}'
    assert read_solutions(body).rows == (('"a\\nb\\tc"',),)


def test_the_coding_is_that_which_is_said_and_a_wrong_byte_costs_a_character() -> None:
    body = '{"results": {"bindings": [{"x": {"type": "literal", "value": "é"}}]}}'.encode("latin-1")
    assert read_solutions(body, "ISO-8859-1").rows == (('"é"',),)
    assert read_solutions(body, "no-such-charset").notes
    assert read_solutions(body).rows == (('"\ufffd"',),)


SPARQL = "http://www.w3.org/2005/sparql-results#"
XML = f"""<?xml version="1.0"?>
<!-- from an old endpoint -->
<sparql xmlns="{SPARQL}" xmlns:its="http://www.w3.org/2005/11/its">
 <head><variable name="x"/><variable name="y"/><link href="x"/></head>
 <results distinct="false" ordered="true">
  <result><binding name="x"><uri>http://a.example/my page</uri></binding></result>
  <result><binding name="y"><literal xml:lang="ar" its:dir="rtl">a&amp;&#x62;</literal></binding></result>
  <result><binding name="x"><literal datatype="{XSD}integer">1</literal></binding></result>
  <result><binding name="x"><bnode>b 1</bnode></binding></result>
  <result><binding name="x"><what>b</what></binding></result>
  <result><binding name="x"><triple>
    <subject><uri>urn:s</uri></subject><predicate><uri>urn:p</uri></predicate><object><literal>o</literal></object>
  </triple></binding></result>
 </results>
</sparql>"""


def test_xml_is_read_as_json_is() -> None:
    for body in (
        XML.encode(),
        b"\xef\xbb\xbf\n" + XML.encode(),
        XML.encode("utf-16"),
        XML.replace(f' xmlns="{SPARQL}"', "").encode(),
    ):
        found = read_solutions(body)
        assert found.variables == ("x", "y")
        assert [row for row in found.rows if "uuid" not in row[0]] == [
            ("<http://a.example/my%20page>", UNDEF),
            (UNDEF, '"a&b"@ar--rtl'),
            (f'"1"^^<{XSD}integer>', UNDEF),
            ('<<( <urn:s> <urn:p> "o" )>>', UNDEF),
        ]
        assert [note[:5] for note in found.notes] == ["1 row", "1 ter"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (XML.replace("</results>", ""), "cannot be read"),
        (XML[:400], "cannot be read"),
        (XML + "Error: time-out", "cannot be read"),
        (f'<sparql xmlns="{SPARQL}"><boolean>true</boolean></sparql>', "a truth value"),
        (f'<sparql xmlns="{SPARQL}"><head/></sparql>', "without results"),
        ("<rdf:RDF xmlns:rdf='urn:x'/>", "no SPARQL results: <RDF>"),
        ("<a>" * 10_000, "too deep"),
        ('{"a":' * 10_000, "too deep"),
        ('{"a": ' + "1" * 5000 + "}", "too long"),
        ("<!DOCTYPE html><title>x", "a web page"),
    ],
)
def test_what_is_wrong_as_a_whole_is_named(body: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_solutions(body.encode())


def test_a_truth_value_is_read() -> None:
    assert read_results(b'{"boolean": false, "head": {}}').boolean is False
    assert read_results(f'<sparql xmlns="{SPARQL}"><head/><boolean> true </boolean></sparql>'.encode()).boolean is True


def test_only_terms_of_rdf_1_1_are_sent_to_others() -> None:
    assert [can_be_sent(text) for text in ("<urn:x>", '"a"@en', "<<( <urn:s> <urn:p> 1 )>>", '"a"@ar--rtl')] == [
        True, True, False, False,
    ]  # fmt: skip
