"""SERVICE at the endpoint: what clients see of peers (SPARQL 1.1 Federated Query)."""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph

from server.federation.peers import read_peers
from server.settings import Settings
from tests.federation.endpoints import Endpoint, StoreEndpoint, send, serving

AF = "https://w3id.org/alignment-kb/concept/alignment-faking"
WDT = "http://www.wikidata.org/prop/direct/"
DATA = f'<urn:item> <{WDT}P818> "2412.14093" ; <{WDT}P50> <urn:author> . '
DATA += f'<{AF}> <http://example.org/seen> "elsewhere" . <urn:other> <http://example.org/seen> "not here" .'


@pytest.fixture(scope="module")
def good() -> Iterator[StoreEndpoint]:
    with serving(StoreEndpoint(DATA)) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def bad() -> Iterator[Endpoint]:
    body = b"out of order\x1b[31m\x07\r\nSet-Cookie: x"
    with serving(Endpoint(lambda handler, _query: send(handler, body, 500, "text/plain"))) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def slow() -> Iterator[Endpoint]:
    """An endpoint that never answers: whoever comes back has left it."""
    with serving(Endpoint(lambda _handler, _query: threading.Event().wait())) as endpoint:
        yield endpoint


@pytest.fixture
def federated(
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    tmp_path: Path,
    good: Endpoint,
    bad: Endpoint,
    slow: Endpoint,
    busy: Endpoint,
    odd: Endpoint,
) -> FlaskClient:
    """A client of an application with some peers."""
    text = "".join(
        f'[[peer]]\nname = "{name}"\nendpoint = "{peer.address}"\n'
        f"seconds = {1 if name == 'Slow' else 10}\nrows = 7\nenabled = true\nprivate = true\n"
        for name, peer in (("Good", good), ("Bad", bad), ("Slow", slow), ("Busy", busy), ("Odd", odd))
    )
    (tmp_path / "peers.toml").write_text(text)
    return make_app(dataclasses.replace(settings, peers=tmp_path / "peers.toml")).test_client()


def ask(client: FlaskClient, query: str, **headers: str) -> object:
    return client.post("/sparql", data={"query": query}, headers=headers)


def test_a_peer_answers_for_what_is_asked_of_it(federated: FlaskClient, good: Endpoint) -> None:
    good.asked.clear()
    answer = ask(
        federated, f"SELECT ?c ?v {{ ?c a akb:Concept SERVICE <{good.address}> {{ ?c <http://example.org/seen> ?v }} }}"
    )
    assert [row["v"]["value"] for row in answer.json["results"]["bindings"]] == ["elsewhere"]
    (sent,) = good.asked
    assert f"<{AF}>" in sent, "the bindings went along"
    assert "Akb-Hint" not in answer.headers


def test_prefixes_of_the_base_hold_at_the_peer_too(federated: FlaskClient, good: Endpoint) -> None:
    answer = ask(federated, f"ASK {{ SERVICE <{good.address}> {{ concept:alignment-faking ?p 'elsewhere' }} }}")
    assert answer.json["boolean"] is True


def test_a_dataset_of_the_protocol_holds_for_our_own_part(federated: FlaskClient, good: Endpoint) -> None:
    query = f"SELECT ?c {{ ?c a akb:Concept SERVICE <{good.address}> {{ ?c ?p ?v }} }}"
    answer = federated.get("/sparql", query_string={"query": query, "default-graph-uri": "urn:nothing"})
    assert answer.json["results"]["bindings"] == []


@pytest.mark.parametrize(("peer", "status", "words"), [("bad", 502, "500"), ("slow", 504, "1 seconds")])
def test_a_peer_that_fails_is_a_problem_of_its_own(
    peer: str, status: int, words: str, federated: FlaskClient, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(peer).address
    answer = ask(federated, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert f"The peer {peer.title()}" in answer.json["detail"]
    assert words in answer.json["detail"]
    assert answer.json["mend"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.fixture(scope="module")
def busy() -> Iterator[Endpoint]:
    body = b"Too Many Requests - Please retry in 70 seconds."
    with serving(
        Endpoint(lambda handler, _query: send(handler, body, 429, "text/plain", Retry_After="70"))
    ) as endpoint:
        yield endpoint


def test_a_peer_that_wants_to_be_left_alone_passes_that_on(federated: FlaskClient, busy: Endpoint) -> None:
    """RFC 9110, section 10.2.3: 503 with the seconds that are left, and nobody asks the peer before."""
    query = f"SELECT * {{ SERVICE <{busy.address}> {{ ?s ?p ?o }} }}"
    for _ in range(2):
        answer = ask(federated, query)
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert 60 < int(answer.headers["Retry-After"]) <= 70
        assert "The peer Busy is too busy" in answer.json["detail"]
    page = ask(federated, query, Accept="text/html")
    assert (page.status_code, page.headers["Retry-After"] != "") == (503, True)
    silent = ask(federated, query.replace("SERVICE", "SERVICE SILENT"))
    assert (silent.status_code, "The peer Busy is too busy" in silent.headers["Akb-Hint"]) == (200, True)
    assert len(busy.asked) == 1


@pytest.fixture(scope="module")
def odd() -> Iterator[Endpoint]:
    """One that answers as Virtuoso does, with an IRI that is none."""
    terms = ['{"type": "uri", "value": "urn:good"}', '{"type": "uri", "value": "bad"}']
    body = f'{{"results": {{"bindings": [{", ".join(f"""{{"x": {term}}}""" for term in terms)}]}}}}'.encode()
    with serving(Endpoint(lambda handler, _query: send(handler, body))) as endpoint:
        yield endpoint


def test_a_bad_term_costs_its_row_and_not_the_query(federated: FlaskClient, odd: Endpoint) -> None:
    answer = ask(federated, f"SELECT ?x {{ SERVICE <{odd.address}> {{ ?x ?p ?o }} }}")
    assert [row["x"]["value"] for row in answer.json["results"]["bindings"]] == ["urn:good"]
    assert answer.headers["Akb-Hint"] == "The peer Odd: 1 row is left out, since the value of ?x, 'bad' is no IRI."


def test_neither_the_host_nor_the_base_is_sent(federated: FlaskClient, good: Endpoint) -> None:
    good.asked.clear()
    query = f"SELECT * {{ SERVICE <{good.address}> {{ ?s <http://example.org/seen> ?o }} }}"
    assert ask(federated, query, Host="localhost:8000").status_code == 200
    (sent,) = good.asked
    assert "localhost" not in sent
    assert "BASE" not in sent
    relative = ask(federated, query.replace("http://example.org/seen", "seen"), Host="localhost:8000")
    assert (relative.status_code, "relative to the address of this server" in relative.json["detail"]) == (400, True)


def test_labels_of_wikidata_are_asked_for_in_another_way(federated: FlaskClient, good: Endpoint) -> None:
    labels = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en" }'
    answer = ask(federated, f"SELECT ?s ?sLabel {{ SERVICE <{good.address}> {{ ?s ?p ?o {labels} }} }}")
    assert answer.status_code == 403
    assert "OPTIONAL { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?sLabel" in answer.json["mend"]


def test_the_limit_of_the_request_holds_while_a_peer_is_waited_for(federated: FlaskClient, slow: Endpoint) -> None:
    query = f"SELECT * {{ SERVICE <{slow.address}> {{ ?s ?p ?o }} }}"
    answer = federated.get("/sparql", query_string={"query": query, "timeout": "0.3"})
    assert answer.status_code in {503, 504}, "the time of the query, or of the peer"


def test_silent_shows_what_it_passed_over(federated: FlaskClient, bad: Endpoint) -> None:
    query = f"SELECT * {{ ?q a akb:Question SERVICE SILENT <{bad.address}> {{ ?q ?p ?o }} }}"
    answer = ask(federated, query)
    assert answer.json["results"]["bindings"]
    assert "SERVICE SILENT ignored" in answer.headers["Akb-Hint"]
    assert "\n" not in answer.headers["Akb-Hint"]
    assert "Set-Cookie" not in answer.headers
    page = ask(federated, query, Accept="text/html")
    assert "SERVICE SILENT ignored this: The peer Bad" in page.text


def test_who_is_no_peer_is_not_called(client: FlaskClient, federated: FlaskClient, good: Endpoint) -> None:
    query = f"SELECT * {{ SERVICE <{good.address}> {{ ?s ?p ?o }} }}"
    good.asked.clear()
    answer = ask(client, query)
    assert answer.status_code == 403
    assert "not one of its peers" in answer.json["detail"]
    assert good.asked == []
    metadata = ask(federated, "SELECT * { SERVICE <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o } }")
    assert metadata.status_code == 403
    assert good.address in metadata.json["mend"]


def test_an_error_in_the_query_has_its_line_and_column(federated: FlaskClient, good: Endpoint) -> None:
    answer = ask(federated, f"SELECT * {{\n  SERVICE <{good.address}> {{ ?s foaff:name ?o }}\n}}")
    assert answer.status_code == 400
    assert "Line 2" in answer.json["detail"]
    assert "foaff:name is not declared" in answer.json["detail"]


def test_the_policy_is_published(client: FlaskClient, federated: FlaskClient, good: Endpoint) -> None:
    """SPARQL 1.1 Service Description, section 3.2.7 (sd:feature), 3.3.10 (sd:BasicFederatedQuery)."""
    ask_policy = """
      PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
      SELECT ?title ?budget {
        ?service sd:feature sd:BasicFederatedQuery ; dcterms:requires ?peer .
        ?peer a sd:Service ; sd:endpoint ?peer ; dcterms:title ?title ; dcterms:accessRights ?budget
      }"""
    described = Graph().parse(data=federated.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")
    rows = {str(row.title): str(row.budget) for row in described.query(ask_policy)}
    assert rows.keys() == {"Good", "Bad", "Slow", "Busy", "Odd"}
    assert rows["Good"] == "at most 10 s and 7 rows for each query, 10 MB for each answer"
    without = Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")
    assert list(without.query(ask_policy)) == []
    assert (
        "SERVICE calls nobody. akb:search and akb:near are answered here."
        in client.get("/sparql", headers={"Accept": "text/turtle"}).text
    )
    assert good.address in federated.get("/.well-known/void", headers={"Accept": "text/html"}).text


def test_the_example_of_the_page_runs(
    federated: FlaskClient, good: Endpoint, repository: Path, client: FlaskClient
) -> None:
    page = (repository / "docs" / "federation.md").read_text()
    (query,) = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    answer = ask(federated, query.replace("https://query.wikidata.org/sparql", good.address))
    assert [row["author"]["value"] for row in answer.json["results"]["bindings"]] == ["urn:author"]
    assert ask(client, query).status_code == 403, "as it stands it calls Wikidata, which nobody has switched on"


def test_the_peers_of_the_page_can_be_read(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "federation.md").read_text()
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "peers.toml").write_text(text)
    (peer,) = read_peers(tmp_path / "peers.toml").enabled
    documented = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert documented == {field.name for field in dataclasses.fields(peer)}
