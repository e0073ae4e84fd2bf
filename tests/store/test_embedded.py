"""The embedded store."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from rdflib import Graph

from server.errors import QueryError, UnreadableError, UnwritableError, UsageError
from server.serialization import (
    BOOLEAN_FORMATS,
    SHEET_FORMATS,
    Format,
    graph_formats,
    rows_formats,
    triples_formats,
)
from server.settings import Settings
from server.sparql.terms import Iri
from server.store import embedded
from server.store.answers import PAGE, is_nothing
from server.store.embedded import Store
from tests.made import NAMESPACES

PREFIXES = {"ex": "http://example.org/"}
GRAPH = "http://example.org/graph"


@pytest.fixture
def small() -> Store:
    # What is called how is asked for in the terms of every base.
    store = Store.in_memory({**NAMESPACES.prefixes(), **PREFIXES})
    store.load('<http://example.org/a> <http://example.org/p> 1, 2.5, true, "x"@en, <http://example.org/b> .', GRAPH)
    return store


def test_values_keep_their_kinds(small: Store) -> None:
    values = [row["o"] for row in small.select("SELECT ?o { ex:a ex:p ?o }")]
    assert sorted(values, key=str) == [1, 2.5, True, "http://example.org/b", "x"]


def test_a_number_that_is_none_is_shown_as_it_stands() -> None:
    store = Store.in_memory(PREFIXES)
    store.load('<http://a> <http://p> "many"^^<http://www.w3.org/2001/XMLSchema#integer> .', GRAPH)
    assert store.select("SELECT ?o { ?s ?p ?o }") == [{"o": "many"}]


def test_a_binding_is_an_iri_or_a_literal_as_it_says(small: Store) -> None:
    query = "SELECT ?o ?p { ?s ?p ?o }"
    assert small.select(query, {"o": Iri("http://example.org/b")})
    assert not small.select(query, {"o": "http://example.org/b"})


def test_queries_see_the_union_of_the_graphs_unless_the_protocol_gives_a_dataset(small: Store) -> None:
    small.load("<http://example.org/c> <http://example.org/p> 1 .", GRAPH + "2")
    ask = "ASK { ex:c ex:p 1 }"
    assert b"true" in small.answer(ask).serialize("json")
    assert b"false" in small.answer(ask, default_graphs=[GRAPH]).serialize("json")
    assert b"false" in small.answer(ask, named_graphs=[GRAPH + "2"]).serialize("json")
    assert b"true" in small.answer("ASK { GRAPH ?g { ex:c ex:p 1 } }", named_graphs=[GRAPH + "2"]).serialize("json")


@pytest.mark.parametrize("query", ["SELECT", "ASK { ?s nope:p ?o }", "INSERT DATA { ex:a ex:p 3 }", "", "\0"])
def test_a_malformed_query_is_the_users_error_and_says_where(small: Store, query: str) -> None:
    with pytest.raises(QueryError, match=r"error at \d+:\d+"):
        small.answer(query)


def test_an_unknown_prefix_is_named_plainly(small: Store) -> None:
    with pytest.raises(QueryError, match=r"^error at 1:\d+: the prefix is not declared\n"):
        small.answer("ASK { ?s nope:p ?o }")


@pytest.mark.parametrize(("query", "name"), [("ASK {}", "csv"), ("SELECT * {}", "ttl"), ("DESCRIBE ex:a", "json")])
def test_an_answer_is_not_written_in_a_format_that_cannot_carry_it(small: Store, query: str, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be written as"):
        small.answer(query).serialize(name)


@pytest.mark.parametrize(
    ("name", "some", "none"),
    [
        *(
            (one.name, "SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ex:nothing }")
            for one in (*rows_formats(), *SHEET_FORMATS)
        ),
        *((one.name, "ASK { ?s ?p ?o }", "ASK { ?s ?p ex:nothing }") for one in BOOLEAN_FORMATS),
        *(
            (one.name, "CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ex:nothing }")
            for one in triples_formats()
        ),
        (PAGE, "SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ex:nothing }"),
        (PAGE, "ASK { ?s ?p ?o }", "ASK { ?s ?p ex:nothing }"),
        (PAGE, "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE ex:nothing"),
    ],
)
def test_an_answer_that_holds_nothing_is_known_by_its_body(name: str, some: str, none: str, small: Store) -> None:
    assert is_nothing(name, small.answer(none).serialize(name))
    assert not is_nothing(name, small.answer(some).serialize(name))


def test_triple_terms_are_refused_where_a_format_has_no_form_for_them(small: Store) -> None:
    answer = small.answer("CONSTRUCT { ?s ex:says ?t } { ?s ?p ?o BIND(TRIPLE(?s, ?p, ?o) AS ?t) }")
    with pytest.raises(UnwritableError, match=r"JSON-LD 1\.1 has no way"):
        answer.serialize("jsonld")


@pytest.mark.parametrize(
    ("literal", "others"),
    [
        ('"x"', ('"x"@en',)),
        ("'''x'''@fr", ('"x"@en',)),
        ('"x"@EN', ()),
        ('"1"', ('"1"^^<http://www.w3.org/2001/XMLSchema#integer>',)),
        ('"y"', ()),
        ('"x"^^<not an iri>', ()),
    ],
)
def test_a_text_is_found_with_another_language_or_datatype(literal: str, others: tuple[str, ...], small: Store) -> None:
    assert small.same_text(literal, ["de", "en"]) == others


def test_triples_are_written_with_the_prefixes_of_the_base(small: Store) -> None:
    assert b"ex:a" in small.answer("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }").serialize("ttl")


@pytest.mark.parametrize("chosen", graph_formats(), ids=lambda chosen: chosen.name)
def test_a_graph_is_written_whole_and_by_itself(small: Store, chosen: Format) -> None:
    small.load("<http://example.org/c> <http://example.org/p> 1 .", GRAPH + "2")
    assert small.graphs() == (GRAPH, GRAPH + "2")
    counts = []
    for graph in (GRAPH, GRAPH + "2", None, GRAPH + "3"):
        output = io.BytesIO()
        small.write_graph(graph, chosen, output)
        syntax = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}[chosen.name]
        counts.append(len(Graph().parse(data=output.getvalue(), format=syntax)))
    assert counts == [5, 1, 6, 0]


def test_a_construct_gives_sorted_triples_without_duplicates(small: Store) -> None:
    lines = small.construct("CONSTRUCT { ?s a ex:C . ?o a ex:D } { ?s ?p ?o . FILTER(isIRI(?o)) }").splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == 2


def test_the_wrong_form_of_query_is_refused(small: Store) -> None:
    with pytest.raises(QueryError, match="not a SELECT"):
        small.select("ASK {}")
    with pytest.raises(QueryError, match="not a CONSTRUCT"):
        small.construct("ASK {}")


def test_a_folder_without_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="not a readable store"):
        Store.open(tmp_path / "none", PREFIXES, 0)


@pytest.mark.parametrize("limit", [0, 10**9])
def test_a_release_answers_the_same_from_disk_and_from_memory(settings: Settings, limit: int) -> None:
    release = settings.releases / (settings.releases / "current").read_text().strip()
    store = Store.open(release / "store", settings.namespaces.prefixes(), limit)
    assert store.select("SELECT (COUNT(*) AS ?n) { ?s a akb:Claim }") == [{"n": 12}]


def test_a_store_that_is_finished_writes_no_more(tmp_path: Path) -> None:
    """The engine lets go of the folder, where it would merge and remove files later: another writer may open it."""
    store = Store.create(tmp_path / "store", {})
    store.load("<x:a> <x:b> <x:c> .", "x:g")
    with pytest.raises(OSError, match=r"(?i)lock"):
        Store.create(tmp_path / "store", {})
    store.finish()
    assert len(store) == 1
    with pytest.raises(RuntimeError, match="read-write"):
        store.load("<x:a> <x:b> <x:d> .", "x:g")
    Store.create(tmp_path / "store", {})


NODES = st.sampled_from([ox.NamedNode("urn:x:a"), ox.NamedNode("urn:x:_:b"), ox.BlankNode("b1"), ox.BlankNode("b2")])
TEXTS = st.sampled_from(["", "plain", "a _:b1 .", 'a "quote" \\ and\na line\r', "\u2028 鳥"])
VALUES = NODES | TEXTS.map(ox.Literal) | TEXTS.map(lambda text: ox.Literal(text, language="en"))
QUADS = st.builds(
    ox.Quad,
    NODES,
    st.just(ox.NamedNode("urn:x:p")),
    VALUES,
    st.sampled_from([ox.NamedNode("urn:x:g"), ox.DefaultGraph()]),
)


@examples(max_examples=25)
@given(st.sets(QUADS), st.integers(1, 200))
def test_what_is_copied_into_memory_is_what_the_disk_holds_with_its_labels_of_blank_nodes(
    quads: set[ox.Quad], piece: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "_PIECE", piece)
        engine = ox.Store(folder)
        engine.extend(quads)
        engine.flush()
        del engine
        assert set(Store.open(Path(folder), {}, 1000)._engine) == quads
