"""What a newcomer tries first, over the wire and with the tools at hand, against a real server."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from threading import Barrier
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SKOS
from SPARQLWrapper import GET, JSON, POST, POSTDIRECTLY, RDFXML, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from server.cli.main import main

pytestmark = pytest.mark.slow

PATIENCE = 60
ENTITY = "concept/alignment-faking"
FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
"""Extension to media type, and to the name by which rdflib knows the format."""

CLAIMS = """
PREFIX akb: <https://w3id.org/alignment-kb/ontology#>
SELECT ?claim WHERE { ?claim a akb:Claim }
"""
DESCRIPTION = """
PREFIX concept: <https://w3id.org/alignment-kb/concept/>
CONSTRUCT { concept:alignment-faking ?property ?value } WHERE { concept:alignment-faking ?property ?value }
"""
NEIGHBOURS = """
PREFIX akb: <https://w3id.org/alignment-kb/ontology#>
PREFIX akbv: <https://w3id.org/alignment-kb/schemes#>
PREFIX concept: <https://w3id.org/alignment-kb/concept/>
SELECT ?plural (COUNT(DISTINCT ?neighbour) AS ?count) WHERE {
  { ?edge akb:subject concept:alignment-faking ; akb:object ?neighbour }
  UNION
  { ?edge akb:object concept:alignment-faking ; akb:subject ?neighbour }
  ?edge akb:status ?status .
  FILTER(?status IN (akbv:active, akbv:contested))
  ?neighbour a ?class .
  ?class akb:pluralLabel ?plural ; akb:displayOrder ?order .
}
GROUP BY ?plural ?order
ORDER BY ?order
"""


def get(address: str, accept: str = "*/*") -> tuple[str, str, str]:
    """Fetch an address as `curl -L` does; return where it ended, the media type, and the text."""
    with urlopen(Request(address, headers={"Accept": accept}), timeout=PATIENCE) as answer:
        return answer.url, answer.headers.get_content_type(), answer.read().decode()


class Headings(HTMLParser):
    """Collects the names of the groups of neighbours, and counts the neighbours below each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.listed: list[int] = []
        self._inside = self._in_group = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self._in_group = ("class", "group") in attrs
        if tag == "h2" and self._in_group:
            self._inside = True
            self.found.append("")
            self.listed.append(0)
        if tag == "li" and self._in_group and ("class", "neighbour") in attrs:
            self.listed[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "h2":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


@pytest.fixture
def akb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command of the command line, in a folder that knows of no base."""
    monkeypatch.chdir(tmp_path)
    environment = {name: None for name in os.environ if name.startswith("AKB_")}
    return lambda *arguments: CliRunner(env=environment).invoke(main, arguments)


def client(address: str, query: str, wanted: str, method: str = GET) -> SPARQLWrapper:
    wrapper = SPARQLWrapper(address)
    wrapper.setTimeout(PATIENCE)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(wanted)
    wrapper.setQuery(query)
    return wrapper


@pytest.fixture
def endpoint(server: str) -> str:
    """Return the address of the SPARQL endpoint."""
    return f"{server}sparql"


@pytest.fixture
def dead_end() -> str:
    """Return an address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return f"http://127.0.0.1:{holder.getsockname()[1]}/sparql"


def test_an_address_leads_to_turtle_that_rdflib_reads(server: str) -> None:
    end, media_type, text = get(server + ENTITY, "text/turtle")
    assert end == f"{server}{ENTITY}.ttl"
    assert media_type == "text/turtle"
    graph = Graph().parse(data=text, format="turtle")
    label = graph.value(URIRef(f"https://w3id.org/alignment-kb/{ENTITY}"), SKOS.prefLabel)
    assert str(label) == "Alignment Faking"


@pytest.mark.parametrize("path", [ENTITY, "paper/alignment-faking-in-llms", "concept", "ontology"])
def test_every_format_carries_the_same_triples(path: str, server: str) -> None:
    graphs = {}
    for extension, (media_type, name) in FORMATS.items():
        _, got, negotiated = get(server + path, media_type)
        assert got == media_type
        _, got, addressed = get(f"{server}{path}.{extension}", "text/html")
        assert got == media_type
        assert negotiated == addressed
        graphs[extension] = Graph().parse(data=negotiated, format=name)
    assert len(graphs["ttl"]) > 10
    for extension, graph in graphs.items():
        assert isomorphic(graph, graphs["ttl"]), extension


def test_rdflib_reads_an_address_without_being_told_the_format(server: str) -> None:
    graph = Graph().parse(server + ENTITY)
    assert isomorphic(graph, Graph().parse(data=get(f"{server}{ENTITY}.ttl")[2], format="turtle"))


def test_the_page_counts_the_neighbours_that_a_query_counts(server: str, endpoint: str) -> None:
    headings = Headings()
    headings.feed(get(f"{server}{ENTITY}/neighbourhood?size=500", "text/html")[2])
    _, media_type, text = get(f"{endpoint}?{urlencode({'query': NEIGHBOURS})}", "application/sparql-results+json")
    assert media_type == "application/sparql-results+json"
    rows = [(row["plural"]["value"], int(row["count"]["value"])) for row in json.loads(text)["results"]["bindings"]]
    assert headings.found == [f"{plural} ({count})" for plural, count in rows]
    assert headings.listed == [count for _, count in rows]
    assert sum(headings.listed) > 10


@pytest.mark.parametrize(
    ("method", "encoding"),
    [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)],
    ids=["GET", "POST of a form", "POST of the query"],
)
class TestSPARQLWrapper:
    """The client that most Python programs use."""

    def test_reads_rows_as_json(self, method: str, encoding: str, endpoint: str) -> None:
        wrapper = client(endpoint, CLAIMS, JSON, method)
        wrapper.setRequestMethod(encoding)
        rows = wrapper.queryAndConvert()["results"]["bindings"]
        assert len(rows) > 5
        assert all(row["claim"]["value"].startswith("https://w3id.org/alignment-kb/claim/") for row in rows)

    def test_reads_rows_as_xml(self, method: str, encoding: str, endpoint: str) -> None:
        wrapper = client(endpoint, CLAIMS, XML, method)
        wrapper.setRequestMethod(encoding)
        document = wrapper.queryAndConvert()
        rows = client(endpoint, CLAIMS, JSON).queryAndConvert()["results"]["bindings"]
        uris = {node.firstChild.data for node in document.getElementsByTagName("uri")}
        assert uris == {row["claim"]["value"] for row in rows}

    def test_reads_a_boolean(self, method: str, encoding: str, endpoint: str) -> None:
        wrapper = client(endpoint, "ASK { ?s ?p ?o }", JSON, method)
        wrapper.setRequestMethod(encoding)
        assert wrapper.queryAndConvert()["boolean"] is True

    @pytest.mark.parametrize("wanted", [XML, RDFXML, TURTLE])
    def test_reads_triples(self, method: str, encoding: str, wanted: str, endpoint: str) -> None:
        wrapper = client(endpoint, DESCRIPTION, wanted, method)
        wrapper.setRequestMethod(encoding)
        answer = wrapper.queryAndConvert()
        graph = Graph().parse(data=answer, format="turtle") if wanted == TURTLE else answer
        assert (URIRef(f"https://w3id.org/alignment-kb/{ENTITY}"), SKOS.prefLabel) in {(s, p) for s, p, _ in graph}

    def test_says_that_a_query_is_malformed(self, method: str, encoding: str, endpoint: str) -> None:
        wrapper = client(endpoint, "SELECT ?x WHERE", JSON, method)
        wrapper.setRequestMethod(encoding)
        with pytest.raises(QueryBadFormed, match="Line 1, column 16"):
            wrapper.query()


def test_akb_query_asks_another_endpoint(endpoint: str, akb: Callable[..., Result]) -> None:
    asked = akb("query", "--endpoint", endpoint, "ASK { ?s ?p ?o }", "--format", "json")
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert json.loads(asked.stdout)["boolean"] is True
    Path("claims.rq").write_text(CLAIMS, encoding="utf-8")
    asked = akb("query", "--endpoint", endpoint, "@claims.rq", "--format", "csv")
    assert (asked.exit_code, asked.stderr) == (0, "")
    lines = asked.stdout.split()
    assert lines[0] == "claim"
    assert len(lines) > 5
    asked = akb("query", "--endpoint", endpoint, DESCRIPTION, "--format", "ttl")
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert len(Graph().parse(data=asked.stdout, format="turtle")) > 5


def test_akb_query_leaves_the_format_to_the_endpoint(endpoint: str, akb: Callable[..., Result]) -> None:
    for query in (CLAIMS, DESCRIPTION, "ASK { ?s ?p ?o }"):
        asked = akb("query", "--endpoint", endpoint, query)
        assert (asked.exit_code, asked.stderr) == (0, "")
        assert asked.stdout


def in_plain_words(text: str) -> bool:
    """Tell whether a message is for a reader: no traceback, and no bytes as Python writes them."""
    return "Traceback" not in text and not re.search(r"\bb['\"]", text)


def test_akb_query_says_that_nothing_answers(dead_end: str, akb: Callable[..., Result]) -> None:
    asked = akb("query", "--endpoint", dead_end, "ASK { ?s ?p ?o }")
    assert asked.exit_code == 3
    assert asked.stdout == ""
    assert f"error: {dead_end} gave no answer" in asked.stderr
    assert "mend: check the address" in asked.stderr
    assert in_plain_words(asked.stderr)


@pytest.mark.parametrize(
    ("query", "codes", "reason"),
    [("SELECT ?x WHERE", {2}, "Line 1, column 16"), ("INSERT DATA { <a:a> <a:b> <a:c> }", {2, 3}, "")],
    ids=["malformed", "update"],
)
def test_akb_query_says_that_an_endpoint_refuses_a_query(
    query: str, codes: set[int], reason: str, endpoint: str, akb: Callable[..., Result]
) -> None:
    asked = akb("query", "--endpoint", endpoint, query)
    assert asked.exit_code in codes
    assert asked.stdout == ""
    assert f"error: {endpoint} " in asked.stderr
    assert reason in asked.stderr
    assert in_plain_words(asked.stderr), asked.stderr


def test_akb_query_says_that_an_address_is_no_endpoint(server: str, akb: Callable[..., Result]) -> None:
    asked = akb("query", "--endpoint", f"{server}sparq", "ASK { ?s ?p ?o }")
    assert asked.exit_code == 3
    assert f"error: {server}sparq refused with 404" in asked.stderr
    assert "mend: check that the address" in asked.stderr
    assert in_plain_words(asked.stderr), asked.stderr


def test_a_wrong_name_is_answered_with_close_ones(server: str) -> None:
    with pytest.raises(HTTPError) as caught:
        get(f"{server}concept/alignment-fakin", "application/json")
    with caught.value as answer:
        assert answer.code == 404
        assert answer.headers.get_content_type() == "application/problem+json"
        problem = json.load(answer)
    assert problem["status"] == 404
    assert "concept:alignment-faking" in {one["id"] for one in problem["close"]}
    assert problem["mend"]


def test_twenty_requests_at_once_are_all_answered(server: str, endpoint: str) -> None:
    start = Barrier(20)

    def ask(what: Callable[[], str]) -> str:
        start.wait(timeout=PATIENCE)
        return what()

    def page() -> str:
        return get(server + ENTITY, "text/html")[2]

    def data() -> str:
        return get(server + ENTITY, "text/turtle")[2]

    def query() -> str:
        return get(f"{endpoint}?{urlencode({'query': NEIGHBOURS})}", "text/csv")[2]

    def problem() -> str:
        with pytest.raises(HTTPError) as caught:
            get(f"{server}concept/no-such-thing", "application/json")
        with caught.value as answer:
            return answer.read().decode()

    kinds = [page, data, query, problem]
    alone = [kind() for kind in kinds]
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(ask, kinds * 5)) == alone * 5
