"""Queries with SERVICE mean what SPARQL 1.1 Federated Query, sections 2 to 4, says; the engine itself calls nobody.

What a peer says is compared with GRAPH: a store that holds the data of the peers as named graphs answers the same query
with GRAPH in the place of SERVICE, and both have the same meaning.
"""

from __future__ import annotations

import json
import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import BusyError, ForbiddenQueryError, QueryError, TooLargeError
from server.federation import federate
from server.federation.federate import Federation
from server.federation.peers import Peer, Peers
from server.sparql.guards import READ_AT_ONCE
from server.sparql.structure import Select, read_structure
from server.store.embedded import Store
from tests.federation.endpoints import Endpoint, StoreEndpoint, send, serving
from tests.thorough import examples

EX = "http://example.org/"
PREFIXES = {"": EX}
OURS = ":a :p :b . :b :p :c . :c :p 1 . :a :q 1 . :d :q 2 . :b :r :a . :e :r :e ."
THEIRS = ":a :p 1, 2 . :b :q :c . :c :r :a . :d :p :d . :e :q 1 . :b :p 2 ."
OTHERS = ":a :r :d . :c :q 1, :b . :d :r 2 ."


def turtle(text: str) -> str:
    return f"@prefix : <{EX}> . {text}"


class Trial:
    """Our data, two peers, and the same three as graphs of one store."""

    def __init__(self, one: StoreEndpoint, other: StoreEndpoint) -> None:
        self.peers = (one, other)
        self.ours = Store.in_memory(PREFIXES)
        self.together = Store.in_memory(PREFIXES)
        self.ours.load(turtle(OURS), "urn:ours")
        for graph, text in (("urn:ours", OURS), (one.address, THEIRS), (other.address, OTHERS)):
            self.together.load(turtle(text), graph)
        peers = Peers(tuple(Peer(peer.address, peer.address, enabled=True, private=True) for peer in self.peers))
        self.federation = Federation(peers, PREFIXES, most_at_once=2)

    def local(self, query: str, _seconds: float, *, empty: bool = False) -> bytes:
        answer = self.ours.answer(query, default_graphs=("urn:none",) if empty else ())
        return answer.serialize("nt" if answer.kind == "triples" else "json")

    def expand(self, query: str) -> str:
        return self.federation.expand(query, self.local, base=None, seconds=30).query

    def address(self, query: str) -> str:
        return query.replace("ONE", f"<{self.peers[0].address}>").replace("TWO", f"<{self.peers[1].address}>")

    def rows(self, query: str) -> Counter[str]:
        """Answer a query through the peers."""
        return rows_of(self.ours.answer(self.expand(self.address(query))).serialize("json"))

    def wanted(self, query: str) -> Counter[str]:
        """Answer it with GRAPH in the place of SERVICE."""
        text = self.address(query).replace("SERVICE SILENT", "GRAPH").replace("SERVICE", "GRAPH")
        named = [peer.address for peer in self.peers]
        answer = self.together.answer(text, default_graphs=["urn:ours"], named_graphs=named)
        return rows_of(answer.serialize("json"))


def rows_of(body: bytes) -> Counter[str]:
    data = json.loads(body)
    if "boolean" in data:
        return Counter([str(data["boolean"])])
    return Counter(json.dumps(row, sort_keys=True) for row in data["results"]["bindings"])


@pytest.fixture(scope="module")
def trial() -> object:
    with (
        serving(StoreEndpoint(turtle(THEIRS))) as one,
        serving(StoreEndpoint(turtle(OTHERS))) as other,
    ):
        yield Trial(one, other)


# ---- what a query means ----------------------------------------------------------------------------------

QUERIES = (
    "SELECT * { ?s :p ?o SERVICE ONE { ?s :q ?v } }",
    "SELECT * { SERVICE ONE { ?s :p ?v } ?s :q ?n . FILTER(?n < 2) }",
    "SELECT * { ?s :p ?o OPTIONAL { SERVICE ONE { ?s :p ?v } } }",
    "SELECT * { ?s :p ?o MINUS { SERVICE ONE { ?s :p ?v } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE ONE { ?s :p ?v } } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE ONE { ?o :p ?v } } }",
    "SELECT * { { ?s :p ?o } UNION { SERVICE ONE { ?s :p ?o } } }",
    "SELECT * { SERVICE ONE { ?s :p ?o } SERVICE TWO { ?s ?r ?t } }",
    "SELECT * { SERVICE ONE { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } ?s :p ?o }",
    "SELECT * { SERVICE ONE { ?s :p ?o OPTIONAL { ?s :q ?v } } ?v :p ?w }",
    "SELECT * { VALUES ?s { :a :b } SERVICE ONE { { ?s :p ?o } UNION { ?s :q ?o } } }",
    "SELECT * { ?s :r ?o SERVICE ONE { BIND(1 AS ?one) ?t :p ?one } }",
    "SELECT (COUNT(*) AS ?n) { { SELECT ?s { ?s :p ?o SERVICE ONE { ?s ?p ?v } } LIMIT 3 } }",
    "ASK { ?s :p ?o SERVICE ONE { ?s :q ?o } }",
    "SELECT * { SERVICE <http://example.org/../ONE> { ?s ?p ?o } }".replace("<http://example.org/../ONE>", "ONE"),
    "SELECT * { ?s ?p ?o . SERVICE ONE { ?s ?p ?o FILTER(?x = 1) } }",
    "SELECT * { ?x :q ?n . SERVICE ONE { ?s ?p ?o FILTER(?n = 1) } }",
    "SELECT * { ?s ?p ?o { { SERVICE ONE { ?s :p ?v } } UNION { ?s :r ?v } } }",
    "SELECT * { ?s :p ?o OPTIONAL { ?t :r ?o OPTIONAL { SERVICE ONE { ?s :p ?v } } } }",
    "SELECT * { ?s :p ?o . BIND(?o AS ?v) SERVICE ONE { ?t ?p ?v } ?t ?r ?w }",
    "SELECT * { { SERVICE ONE { ?s :p ?o } } { SERVICE TWO { ?s :r ?o } } }",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_call_means_what_a_graph_means(query: str, trial: Trial) -> None:
    assert trial.rows(query) == trial.wanted(query)


VARIABLES = st.sampled_from(["?a", "?b", "?c", "?d"])
SUBJECTS = st.one_of(VARIABLES, VARIABLES, st.sampled_from([":a", ":b"]))
OBJECTS = st.one_of(VARIABLES, VARIABLES, st.sampled_from([":a", ":c", "1"]))
TRIPLES = st.builds(" ".join, st.tuples(SUBJECTS, st.sampled_from([":p", ":q", ":r", ":p|:q", "?b"]), OBJECTS)).map(
    lambda triple: triple + " ."
)
FILTERS = st.builds("FILTER({}{}{})".format, VARIABLES, st.sampled_from([" = ", " != "]), OBJECTS)
BOUND = st.builds("FILTER({}BOUND({}))".format, st.sampled_from(["", "!"]), VARIABLES)
VALUES = st.builds("VALUES ({} ?d) {{ (:a 1) (:b UNDEF) (:c :c) }}".format, st.sampled_from(["?a", "?b"]))


def groups(depth: int, service: bool) -> st.SearchStrategy[str]:
    elements = [TRIPLES, TRIPLES, FILTERS, BOUND, VALUES]
    if depth:
        inner = groups(depth - 1, service)
        elements += [
            st.builds("OPTIONAL {}".format, inner),
            st.builds("MINUS {}".format, inner),
            # How deep EXISTS puts the values of a row into its pattern is open (SPARQL 1.1 Query, errata); a peer is
            # sent its patterns as they stand. MINUS within EXISTS is left out: the engine is at odds with itself there.
            st.builds("FILTER EXISTS {{ {} {} }}".format, TRIPLES, TRIPLES),
            st.builds("{} UNION {}".format, inner, inner),
            inner,
            st.builds("{{ SELECT DISTINCT ?a ?c WHERE {} }}".format, inner),
        ]
        if service:
            calls = st.builds("SERVICE {} {}".format, st.sampled_from(["ONE", "TWO"]), groups(depth - 1, False))
            elements += [calls, calls, calls]
    return st.lists(st.one_of(elements), min_size=1, max_size=3).map(lambda parts: "{ " + " ".join(parts) + " }")


@settings(max_examples=examples(200))
@given(groups(2, True).filter(lambda group: 0 < group.count("SERVICE") <= 6))
def test_any_query_means_the_same(trial: Trial, group: str) -> None:
    query = f"SELECT * {group}"
    assert trial.rows(query) == trial.wanted(query)


# ---- what is sent ----------------------------------------------------------------------------------------


def sent(trial: Trial, query: str) -> list[str]:
    trial.peers[0].asked.clear()
    trial.rows(query)
    return list(trial.peers[0].asked)


def test_bindings_go_along(trial: Trial) -> None:
    """Only what can meet a row is asked for (section 2.4 of the recommendation shows why)."""
    (query,) = sent(trial, "SELECT * { SERVICE ONE { ?s :p ?v } ?s :q ?n . FILTER(?n < 2) }")
    assert "VALUES (?s)" in query
    assert f"<{EX}a>" in query
    assert f"<{EX}d>" not in query


def test_without_bindings_nobody_is_asked(trial: Trial) -> None:
    assert sent(trial, "SELECT * { ?s :nothing ?o SERVICE ONE { ?s :p ?v } }") == []


def test_patterns_that_share_nothing_are_not_multiplied(trial: Trial) -> None:
    (query,) = sent(trial, "SELECT * { ?s :p ?x . ?t :q ?y . SERVICE ONE { ?s ?p ?t } }")
    assert query.count("VALUES") == 2


def test_many_bindings_go_in_batches(trial: Trial) -> None:
    values = " ".join(f":n{number}" for number in range(450))
    assert len(sent(trial, f"SELECT * {{ VALUES ?s {{ :a {values} }} SERVICE ONE {{ ?s :p ?v }} }}")) == 3


def test_text_of_a_peer_cannot_end_its_literal(trial: Trial) -> None:
    for text in ('" } SERVICE <http://x> {', "\\u0022 }", "\\\\u0022", 'line\nline\r\t\'"""', "\x00\x7f\\"):
        quoted = json.dumps(text).replace("\\u0000", "\\u0000")
        query = f"SELECT ?v {{ SERVICE ONE {{ BIND({quoted} AS ?v) }} }}"
        (row,) = json.loads(trial.ours.answer(trial.expand(trial.address(query))).serialize("json"))["results"][
            "bindings"
        ]
        assert row["v"]["value"] == text


def test_a_blank_node_of_a_peer_is_one_node(trial: Trial) -> None:
    """VALUES holds no blank nodes; two rows of one answer that mean the same node still do."""
    query = trial.address("SELECT * { SERVICE ONE { SELECT ?x ?y { BIND(BNODE() AS ?x) BIND(?x AS ?y) } } }")
    (row,) = json.loads(trial.ours.answer(trial.expand(query)).serialize("json"))["results"]["bindings"]
    assert row["x"] == row["y"]
    assert row["x"]["value"].startswith("urn:uuid:")


def test_what_is_sent_says_nothing_of_this_server(trial: Trial) -> None:
    """No base, no prefix that is not used, no comment: an inner host may be in each of them."""
    trial.peers[0].asked.clear()
    query = trial.address(
        "PREFIX inner: <http://10.0.0.7/> # at 10.0.0.7\nSELECT * { SERVICE ONE { ?s :p ?v # http://10.0.0.7/\n } }"
    )
    trial.federation.expand(query, trial.local, base="http://10.0.0.7:8000/sparql", seconds=30)
    (text,) = trial.peers[0].asked
    assert "10.0.0.7" not in text
    assert "BASE" not in text


def test_an_iri_that_is_relative_to_this_server_is_not_sent(trial: Trial) -> None:
    base = "http://10.0.0.7:8000/sparql"

    def local(text: str, _seconds: float, *, empty: bool = False) -> bytes:
        return trial.ours.answer(text, base=base, default_graphs=("urn:none",) if empty else ()).serialize("json")

    query = trial.address("SELECT * { SERVICE ONE { ?s <p> ?v } }")
    with pytest.raises(QueryError, match="<p> inside SERVICE is relative"):
        trial.federation.expand(query, local, base=base, seconds=30)
    expanded = trial.federation.expand(f"BASE <{EX}>\n{query}", local, base=base, seconds=30)
    assert rows_of(trial.ours.answer(expanded.query).serialize("json")).total() == 4


# ---- what is wrong with an answer and no reason to refuse it ---------------------------------------------


def answered(
    *bindings: object, names: tuple[str, ...] = ("s", "v"), query: str = "SELECT * { SERVICE ONE { ?s :p ?v } }"
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """Return the rows of a query whose peer answers with these rows, and the notes on them."""
    body = json.dumps({"results": {"bindings": bindings}, "head": {"vars": names}}).encode()
    store = Store.in_memory(PREFIXES)
    store.load(turtle(OURS), "urn:ours")

    def local(text: str, _seconds: float, *, empty: bool = False) -> bytes:
        answer = store.answer(text, default_graphs=("urn:none",) if empty else ())
        return answer.serialize("nt" if answer.kind == "triples" else "json")

    with serving(Endpoint(lambda handler, _query: send(handler, body))) as peer:
        federation = Federation(Peers((Peer("Odd", peer.address, enabled=True, private=True),)), PREFIXES, 1)
        found = federation.expand(query.replace("ONE", f"<{peer.address}>"), local, base=None, seconds=30)
    return json.loads(store.answer(found.query).serialize("json"))["results"]["bindings"], found.notes


GOOD = {"s": {"type": "uri", "value": "urn:s"}, "v": {"type": "literal", "value": "good"}}


def test_a_bad_term_costs_its_row_and_says_so() -> None:
    rows, notes = answered(GOOD, GOOD | {"s": {"type": "uri", "value": "no iri"}}, GOOD)
    assert rows == [GOOD, GOOD]
    assert notes == ("The peer Odd: 1 row is left out, since the value of ?s, 'no iri' is no IRI.",)
    rows, notes = answered(GOOD | {"s": {"type": "uri", "value": "no iri"}}, GOOD | {"v": {"type": "odd"}}, GOOD)
    assert rows == [GOOD]
    assert notes == ("The peer Odd: 2 rows are left out, the first since the value of ?s, 'no iri' is no IRI.",)


def test_a_term_that_can_be_mended_is_and_says_so() -> None:
    rows, notes = answered(GOOD | {"s": {"type": "uri", "value": "http://a.example/my page"}})
    assert rows == [GOOD | {"s": {"type": "uri", "value": "http://a.example/my%20page"}}]
    assert "percent-encoded" in notes[0]


def test_variables_may_come_in_any_order_or_unnamed_or_too_many() -> None:
    assert answered(GOOD, names=("v", "s")) == ([GOOD], ())
    assert answered(GOOD, names=()) == ([GOOD], ())
    rows, notes = answered(GOOD | {"callret-0": {"type": "literal", "value": "x"}, "z": GOOD["v"]})
    assert rows == [GOOD]
    assert notes == ("The peer Odd: ?z was not asked for and is left out.",)


def test_a_triple_term_is_taken_and_not_sent_on() -> None:
    parts = {"subject": GOOD["s"], "predicate": GOOD["s"], "object": GOOD["v"]}
    triple = {"type": "triple", "value": parts}
    rows, notes = answered({"s": triple}, query="SELECT * { SERVICE ONE { ?s :p ?v } SERVICE ONE { ?s :q ?v } }")
    assert [row["s"]["type"] for row in rows] == ["triple"]
    assert notes == ()


# ---- what is refused -------------------------------------------------------------------------------------

REFUSED = {
    "SELECT * { SERVICE <http://elsewhere.example/sparql> { ?s ?p ?o } }": "not one of its peers",
    "SELECT * { SERVICE ?where { ?s ?p ?o } }": "does not name an endpoint",
    "SELECT * { SERVICE ONE { SERVICE TWO { ?s ?p ?o } } }": "inside another",
    "SELECT * { SERVICE ONE { ?s ?p ?o SERVICE wikibase:label { ?s ?p ?o } } }": "a part of Wikidata's own engine",
    "SELECT (EXISTS { SERVICE ONE { ?s ?p ?o } } AS ?x) { }": "not supported at this place",
    "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE ONE { ?s ?p ?o } })": "not supported at this place",
    "SELECT * { SERVICESILENT ONE { ?s ?p ?o } }": "",
    "SELECT * {" + " SERVICE ONE { ?s ?p ?o }" * 11 + "}": "more than 10 times",
}


@pytest.mark.parametrize(("query", "words"), REFUSED.items())
def test_what_the_policy_refuses(query: str, words: str, trial: Trial) -> None:
    with pytest.raises((ForbiddenQueryError, QueryError)) as caught:
        trial.expand(trial.address(query))
    assert words in caught.value.message
    assert words == "" or isinstance(caught.value, ForbiddenQueryError)


def test_a_malformed_query_names_its_place_before_anybody_is_asked(trial: Trial) -> None:
    for peer in trial.peers:
        peer.asked.clear()
    with pytest.raises(QueryError, match=r"error at 2:"):
        trial.expand(trial.address("SELECT * { SERVICE ONE { ?s ?p ?o }\n ?s ?p }"))
    assert not any(peer.asked for peer in trial.peers)


def test_silent_passes_over_an_error_and_says_so(trial: Trial) -> None:
    """Section 2.2: one solution without bindings takes the place of the answer."""
    query = "SELECT * { ?s :q 2 SERVICE SILENT <http://elsewhere.example/> { ?s :p ?o } }"
    federated = trial.federation.expand(query, trial.local, base=None, seconds=30)
    assert rows_of(trial.ours.answer(federated.query).serialize("json")).total() == 1
    assert "elsewhere.example" in federated.notes[0]


def test_a_query_that_calls_nobody_is_left_as_it_is(trial: Trial) -> None:
    query = "SELECT ?service { ?service :p 'SERVICE <x> {}' } # SERVICE"
    assert trial.expand(query) is query


def test_only_so_many_call_at_once(trial: Trial) -> None:
    entered, leave = threading.Barrier(3), threading.Event()

    def local(query: str, seconds: float, *, empty: bool = False) -> bytes:
        if empty:
            entered.wait(10)
            leave.wait(10)
        return trial.local(query, seconds, empty=empty)

    query = trial.address("SELECT * { SERVICE ONE { ?s :p ?o } }")
    threads = [
        threading.Thread(target=trial.federation.expand, args=(query, local), kwargs={"base": None, "seconds": 20})
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    entered.wait(10)
    with pytest.raises(BusyError):
        trial.expand(query)
    leave.set()
    for thread in threads:
        thread.join()
    assert trial.expand(query) != query


def test_a_query_that_calls_others_has_a_longest_text(trial: Trial) -> None:
    query = trial.address("SELECT * { SERVICE ONE { ?s :p ?o } }") + " " * READ_AT_ONCE
    with pytest.raises(TooLargeError, match="one that calls others may have 20,000"):
        trial.expand(query)


def test_what_a_peer_sent_is_not_read_again_for_the_next_call(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(text: str, start: int) -> Select:
        read.append(len(text))
        return read_structure(text, start)

    monkeypatch.setattr(federate, "read_structure", counted)
    query = trial.address("SELECT * { SERVICE ONE { ?s ?p ?o } SERVICE TWO { ?s ?q ?v } }")
    expanded = trial.expand(query)
    assert len(read) == 3
    assert max(read) < len(expanded)
    assert "urn:uuid" not in expanded
