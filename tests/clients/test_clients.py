"""Programs that others wrote ask our endpoint, given its address and no more."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from filelock import FileLock
from flask import Flask
from flask.testing import FlaskClient
from platformdirs import user_cache_path
from rdflib import RDF, SKOS, Graph, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

from server.settings import Settings
from server.store.embedded import Store
from server.web.data import event_stream
from server.web.data.example_queries import example_queries
from tests import replica
from tests.listening import listening

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PATIENCE = 120
AKB = Namespace("https://w3id.org/alignment-kb/ontology#")
BASE = "https://w3id.org/alignment-kb/"
ENTITY = f"{BASE}concept/alignment-faking"
CLAIMS = f"SELECT ?claim ?label {{ ?claim a <{AKB.Claim}> ; <{SKOS.prefLabel}> ?label }}"
EXTENDED = f"""
SELECT DISTINCT ?other ?edges {{
  <https://w3id.org/alignment-kb/concept/alignment-faking> <{AKB.extends}> ?other .
  ?other <{SKOS.prefLabel}> ?label ; <{AKB.edgeCount}> ?edges .
}}
"""


@pytest.fixture(scope="session")
def endpoint(server: str) -> str:
    """The address of the endpoint."""
    return f"{server}sparql"


@pytest.fixture(scope="session")
def claims(store: Store) -> set[tuple[str, str]]:
    """The claims with their labels, as the store itself says."""
    rows = {(str(row["claim"]), str(row["label"])) for row in store.select(CLAIMS)}
    assert len(rows) >= 12
    return rows


# ---- SPARQLWrapper ---------------------------------------------------------------------------------------


def test_sparqlwrapper_runs_every_example(client: FlaskClient, endpoint: str, store: Store) -> None:
    examples = example_queries(client.application.extensions["akb"].release())
    assert len(examples) >= 9
    for example in examples:
        wrapper = SPARQLWrapper(endpoint)
        wrapper.setTimeout(PATIENCE)
        wrapper.setMethod(POST)
        wrapper.setQuery(example.text)
        expected = store.answer(example.text)
        if example.form == "ASK":
            wrapper.setReturnFormat(JSON)
            assert wrapper.queryAndConvert()["boolean"] is True, example.name
        elif example.form == "SELECT":
            wrapper.setReturnFormat(CSV)
            assert wrapper.queryAndConvert() == expected.serialize("csv"), example.name
        else:
            wrapper.setReturnFormat(TURTLE)
            graph = Graph().parse(data=wrapper.queryAndConvert(), format="turtle")
            assert set(graph) == set(Graph().parse(data=expected.serialize("nt"), format="nt")), example.name


# ---- rdflib ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_rdflibs_store_answers_a_query(method: str, form: str, endpoint: str, claims: set[tuple[str, str]]) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=form))
    assert {(str(row.claim), str(row.label)) for row in graph.query(CLAIMS)} == claims
    assert bool(graph.query(f"ASK {{ ?claim a <{AKB.Claim}> }}"))
    if form == "xml":  # asking for JSON, rdflib accepts no triples at all
        constructed = graph.query(f"CONSTRUCT {{ ?c a <{AKB.Claim}> }} {{ ?c a <{AKB.Claim}> }}").graph
        assert len(constructed) == len(claims)


def test_rdflibs_store_is_a_graph_to_go_through(endpoint: str, store: Store, claims: set[tuple[str, str]]) -> None:
    graph = Graph(SPARQLStore(endpoint))
    assert {str(claim) for claim in graph.subjects(RDF.type, AKB.Claim)} == {claim for claim, _ in claims}
    concept = URIRef("https://w3id.org/alignment-kb/concept/alignment-faking")
    assert str(graph.value(concept, SKOS.prefLabel)) == "Alignment Faking"
    assert (concept, RDF.type, AKB.Entity) in graph, "what is inferred counts too"
    assert len(graph) == len(store)


def test_rdflib_reads_a_graph_by_its_address(server: str, store: Store) -> None:
    graph = Graph().parse(f"{server}graph/inferred")
    assert len(graph) == store.count("https://w3id.org/alignment-kb/graph/inferred")


# ---- a second instance of our own ------------------------------------------------------------------------


def test_another_base_of_our_own_asks_this_one(
    endpoint: str, root: Path, tmp_path: Path, claims: set[tuple[str, str]]
) -> None:
    environment = os.environ | {
        "AKB_ROOT": str(root),
        "AKB_STATE": str(tmp_path),
        "AKB_BASE": "https://example.org/kb/",
    }
    command = [sys.executable, "-m", "server.cli.main", "query", "--endpoint", endpoint, CLAIMS, "--format", "json"]
    asked = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)
    assert (asked.returncode, asked.stderr) == (0, b"")
    rows = json.loads(asked.stdout)["results"]["bindings"]
    assert {(row["claim"]["value"], row["label"]["value"]) for row in rows} == claims


def test_another_instance_of_our_own_joins_this_one_with_its_data(
    endpoint: str,
    root: Path,
    tmp_path: Path,
    start_server: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
    claims: set[tuple[str, str]],
) -> None:
    """SPARQL 1.1 Federated Query, section 2: the second instance calls a claim by another name than the first."""
    path = root / "kb" / "claim" / "alignment-faking-emerges-with-scale.ttl"
    path.write_text(re.sub(r'skos:prefLabel ".*?"', 'skos:prefLabel "Another name"', path.read_text()))
    peers = tmp_path / "peers.toml"
    peers.write_text(f'[[peer]]\nname = "First"\nendpoint = "{endpoint}"\nenabled = true\nprivate = true\n')
    monkeypatch.setenv("AKB_PEERS", str(peers))
    query = f"""SELECT ?claim ?label {{
      ?claim <{SKOS.prefLabel}> "Another name"@en SERVICE <{endpoint}> {{ ?claim <{SKOS.prefLabel}> ?label }}
    }}"""
    with start_server(root, tmp_path / "state") as second:
        wrapper = SPARQLWrapper(f"{second}sparql")
        wrapper.setTimeout(PATIENCE)
        wrapper.setReturnFormat(JSON)
        wrapper.setQuery(query)
        rows = wrapper.queryAndConvert()["results"]["bindings"]
        wrapper.setQuery(query.replace(endpoint, f"{second}sparql"))
        with pytest.raises(HTTPError, match="403"):
            wrapper.query()
    found = {(row["claim"]["value"], row["label"]["value"]) for row in rows}
    assert len(found) == 1
    assert found < claims


# ---- Comunica and rdf-dereference --------------------------------------------------------------------------


def absent(reason: str) -> None:
    """Skip on a desk; in CI, where everything has to be there, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} CI must have it.")
    pytest.skip(f"{reason} The tests of Comunica did not run.")


@pytest.fixture(scope="session")
def comunica() -> Path:
    """The folder in which Comunica is installed, as the lock says and once for every lock."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        absent("Node.js or npm is missing (Debian: apt install nodejs npm).")
    parts = [(HERE / name).read_bytes() for name in ("package.json", "package-lock.json")]
    folder = user_cache_path("alignment-kb-tests") / hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    done = folder / "done"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not done.exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder / name)
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
            if run.returncode != 0:
                absent(f"npm cannot install Comunica: {run.stderr.strip()[-500:]}")
            done.touch()
    return folder


Ask = Callable[..., Counter[tuple[str, ...]]]


def node(folder: Path, *arguments: str) -> Any:
    """Run `ask.cjs`, and return what it prints."""
    command = ["node", str(HERE / "ask.cjs"), str(folder), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="session")
def ask(comunica: Path) -> Ask:
    """Ask Comunica, and count its rows."""

    def asked(*arguments: str) -> Counter[tuple[str, ...]]:
        return Counter(tuple(row[name] for name in sorted(row)) for row in node(comunica, *arguments))

    return asked


def test_comunica_asks_the_endpoint_by_its_address(ask: Ask, endpoint: str, claims: set[tuple[str, str]]) -> None:
    assert ask(CLAIMS, endpoint) == Counter(claims)


def test_comunica_knows_the_endpoint_by_its_description(ask: Ask, endpoint: str, claims: set[tuple[str, str]]) -> None:
    """Nothing in the address says that it is an endpoint: only the description does."""
    assert ask("--by-description", CLAIMS, endpoint) == Counter(claims)


def test_comunica_joins_two_endpoints(
    ask: Ask, endpoint: str, settings: Settings, start_server: Callable[..., object], store: Store
) -> None:
    expected = {(str(row["edges"]), str(row["other"])) for row in store.select(EXTENDED)}
    assert expected
    with start_server(settings.root, settings.state) as second:
        assert ask(EXTENDED, endpoint, f"{second}sparql") == Counter(expected)


def test_comunica_reads_a_whole_graph(ask: Ask, server: str, claims: set[tuple[str, str]]) -> None:
    assert ask(CLAIMS, f"{server}graph/asserted.nt") == Counter(claims)


def test_comunica_finds_in_the_document_of_an_entity_what_it_says(ask: Ask, server: str, store: Store) -> None:
    """It prefers N-Quads, and looks into the default graph."""
    query = f"SELECT ?p ?o {{ <{ENTITY}> ?p ?o }}"
    in_store = {(row["o"], row["p"]) for row in store.select(f"SELECT ?p ?o {{ GRAPH ?g {{ <{ENTITY}> ?p ?o }} }}")}
    found = ask("--base", BASE, "--at", server, query, ENTITY)
    assert len(found) > 20
    labels = {(o, p) for o, p in found if p == str(SKOS.prefLabel)}
    assert labels == {(o, p) for o, p in in_store if p == str(SKOS.prefLabel)}


def test_comunica_follows_links_from_entity_to_entity(ask: Ask, server: str, store: Store) -> None:
    """What an entity is by definition is in its own document, and not in that of one that extends it."""
    query = f"SELECT DISTINCT ?other ?text {{ <{ENTITY}> <{AKB.extends}> ?other . ?other <{SKOS.definition}> ?text }}"
    expected = {(str(row["other"]), str(row["text"])) for row in store.select(query)}
    assert expected
    options = ("--base", BASE, "--at", server)
    assert not ask(*options, query, ENTITY), "it is not there without following"
    assert ask("--follow", *options, query, ENTITY).keys() == expected


def test_a_dereferencer_reads_documents_and_graphs_in_the_default_graph(comunica: Path, server: str) -> None:
    addresses = (ENTITY, f"{BASE}concept", f"{BASE}ontology", f"{BASE}graph/statistics")
    options = ("--base", BASE, "--at", server, "--dereference")
    *documents, named = node(comunica, *options, *addresses, f"{BASE}graph/statistics.nq")
    for address, counts in zip(addresses, documents, strict=True):
        assert counts.keys() == {""}, address
        assert counts[""] > 20, address
    assert named.keys() == {f"{BASE}graph/statistics"}


# ---- the LDES client ---------------------------------------------------------------------------------------


def test_the_ldes_client_replicates_every_state_of_the_base(
    comunica: Path,
    travelled: Settings,
    make_app: Callable[[Settings], Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Replayed in the order of the stream, the members are isomorphic to the base after each of its commits."""
    # So that there are nodes which lead to nodes.
    monkeypatch.setattr(event_stream, "SIZE", 4)
    monkeypatch.setattr(event_stream, "NODES", 3)
    app = make_app(travelled)
    with listening(app) as address:
        command = ["node", str(HERE / "replicate.mjs"), str(comunica), f"{address}ldes", "ascending"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    members = {iri: replica.member(iri, nquads) for iri, nquads in json.loads(run.stdout)}
    history = app.extensions["akb"].release().history
    assert sorted(one.position for one in members.values()) == list(range(1, history.total + 1))
    times = [one.at for one in members.values()]
    assert times == sorted(times)
    assert history.count >= 25
    replica.must_be_the_same_at_each_commit(members.values(), history)
