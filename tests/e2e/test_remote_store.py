"""Another engine underneath: a real Virtuoso answers as the embedded store does, and `akb publish` fills it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from server.build.build import build
from server.build.publish import Target, publish, release_graph
from server.build.releases import Releases
from server.cli.main import main
from server.errors import ForbiddenQueryError, QueryError, RemoteError
from server.knowledge import dataset, entity, listing, overviews
from server.knowledge.citations import citations
from server.knowledge.gaps import gap_page
from server.schema.schema import Schema
from server.settings import Settings, read_settings
from server.sparql.queries import question
from server.sparql.terms import Iri
from server.store.embedded import Store
from server.store.remote_store import RemoteStore, remote_store
from server.store.remote_writer import UpdateWriter
from server.web import current
from tests.made import CLASSES, GAPS, NAMESPACES, OUR_SCHEMA
from tests.thorough import NIGHTLY, part

from .conftest import Virtuoso

pytestmark = pytest.mark.slow

QUESTIONS = sorted((Path(__file__).parent.parent / "questions").rglob("*.rq"))
DBA = ("dba", "dba")
OTHER = "urn:x-test:other"


def target(virtuoso: Virtuoso, way: str, chunk: int = 1000) -> Target:
    return Target(
        virtuoso.endpoint,
        update=virtuoso.update if "update" in way else "",
        graph_store=virtuoso.graph_store if "graph-store" in way else "",
        chunk=chunk,
    )


@pytest.fixture
def remote_settings(settings: Settings, virtuoso: Virtuoso) -> Settings:
    """The settings of the small base, with its release in Virtuoso, beside data that are none of ours."""
    writer = UpdateWriter(virtuoso.update, DBA, 60)
    writer.replace(
        OTHER,
        "<urn:x-test:s> a <https://w3id.org/alignment-kb/ontology#Claim> .\n".replace(
            " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        ),
    )
    found = replace(settings, store=virtuoso.endpoint, credentials=DBA)
    publish(found, target(virtuoso, "update"))
    return found


@pytest.fixture
def remote(remote_settings: Settings) -> RemoteStore:
    """The release in Virtuoso."""
    found = remote_store(remote_settings, NAMESPACES)
    assert found is not None
    return found


def rows(store: Store | RemoteStore, query: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(store.answer(query).serialize("csv").decode())))


def canonical(ntriples: str) -> list[str]:
    """Return triples in order, with blank nodes named by RDFC-1.0: in another store they have other names."""
    found = Dataset(parse(ntriples.encode(), format=RdfFormat.N_TRIPLES))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, found))


def entities(store: Store) -> list[Iri]:
    return [Iri(row["entity"]) for row in store.select("SELECT ?entity { ?entity dcterms:identifier ?id }")]


# ---- the same answers ------------------------------------------------------------------------------------


def test_every_competency_question_has_the_same_answer(remote: RemoteStore, store: Store) -> None:
    assert len(QUESTIONS) >= 20
    for path in QUESTIONS:
        query = path.read_text(encoding="utf-8")
        assert rows(remote, query) == rows(store, query), path.stem


def test_every_record_of_a_page_is_the_same(
    remote: RemoteStore, store: Store, settings: Settings, schema: Schema
) -> None:
    iris = entities(store)
    assert len(iris) >= 60
    for iri in part(sorted(iris), 8):
        ours, theirs = ((one, entity.stated(one, iri)) for one in (store, remote))
        pages = (entity.entity_page(one, schema, settings.namespaces, known) for one, known in (ours, theirs))
        assert next(pages) == next(pages)
        assert entity.retired(*theirs) == entity.retired(*ours)
        assert entity.describe(remote, iri) == entity.describe(store, iri)
    for ask, given in ((overviews.debates, (schema, NAMESPACES)), (overviews.open_questions, (NAMESPACES,))):
        for limits in ((None, 0), (2, 1)):
            assert ask(remote, *given, *limits) == ask(store, *given, *limits) != ()
    assert overviews.timeline(remote, OUR_SCHEMA, 3, 2) == overviews.timeline(store, OUR_SCHEMA)[2:5]
    for name in ("count_debates", "count_dated_works", "count_open_questions"):
        assert overviews.count(remote, OUR_SCHEMA, name) == overviews.count(store, OUR_SCHEMA, name)
    for gap in GAPS:
        assert gap_page(remote, settings.namespaces, gap, 5) == gap_page(store, settings.namespaces, gap, 5)
    for name in CLASSES:
        assert listing.describe_class(remote, name) == listing.describe_class(store, name)
    assert citations(remote, OUR_SCHEMA, "paper") == citations(store, OUR_SCHEMA, "paper") != {}
    for wrong in ("concept:alignment-fakin", "paper:faking", "claude"):
        assert listing.near_names(remote, wrong) == listing.near_names(store, wrong)
    assert dataset.dataset_summary(remote, OUR_SCHEMA) == dataset.dataset_summary(store, OUR_SCHEMA)
    used, ours = (one.select(question("vocabulary_used")) for one in (remote, store))
    assert sorted(map(str, used)) == sorted(map(str, ours)), "in no order"
    assert remote.select(question("schemes")) == store.select(question("schemes"))
    edges = sorted(str(row["edge"]) for row in store.select("SELECT ?edge { ?edge a akb:Edge }"))
    for edge in part(edges, 10):
        assert entity.edge_subject(remote, edge) == entity.edge_subject(store, edge)


def test_the_ontology_comes_back_with_its_lists(remote: RemoteStore, store: Store) -> None:
    theirs, ours = (canonical(one.construct(question("ontology"))) for one in (remote, store))
    assert any("#rest> _:" in line for line in theirs)
    assert theirs == ours


def test_every_page_and_document_is_the_same(
    make_app: Callable[[Settings], Flask], remote_settings: Settings, client: FlaskClient, store: Store
) -> None:
    theirs = make_app(remote_settings).test_client()
    base = remote_settings.namespaces.base
    paths = ["/", "/concept/nowhere.html"]
    paths += [f"/{name}.{ext}" for name in CLASSES for ext in ("html", "ttl")]
    # The records behind the pages of all entities are compared above.
    of_class = itertools.groupby(
        sorted(iri.removeprefix(base) for iri in entities(store)), lambda path: path.split("/")[0]
    )
    paths += [f"/{path}.html" for _, some in of_class for path in itertools.islice(some, 2 if NIGHTLY else 1)]
    paths += ["/concept/alignment-faking.jsonld", "/paper/alignment-faking-in-llms.rdf"]
    assert len(paths) > 30
    for path in paths:
        ours, other = client.get(path), theirs.get(path)
        assert (other.status_code, other.text) == (ours.status_code, ours.text), path
    assert theirs.get("/ontology.html").text == client.get("/ontology.html").text


QUERIES = (
    "SELECT ?c ?label { ?c a akb:Claim ; skos:prefLabel ?label } ORDER BY ?c",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX x: <https://w3id.org/alignment-kb/graph/>\n"
    "SELECT (COUNT(*) AS ?n) FROM NAMED x:asserted { GRAPH ?g { ?s ?p ?o } }",
    "ASK { concept:alignment-faking a akb:Concept }",
    "ASK { concept:alignment-faking a akb:Paper }",
    "CONSTRUCT { ?c a akb:Claim } { ?c a akb:Claim }",
    "SELECT ?r { ?r owl:deprecated true }",
    "SELECT * { BIND(<here> AS ?x) }",
    "# a comment\nSELECT (1 + 1 AS ?two) {}",
)


def test_the_endpoint_answers_the_same(
    make_app: Callable[[Settings], Flask], remote_settings: Settings, client: FlaskClient
) -> None:
    theirs = make_app(remote_settings).test_client()
    for query in QUERIES:
        for accept in ("application/json", "text/csv", "application/n-triples", "text/html"):
            ours, other = (
                one.post("/sparql", data={"query": query}, headers={"Accept": accept}) for one in (client, theirs)
            )
            assert other.status_code == ours.status_code, (query, accept)
            if ours.mimetype == "application/sparql-results+json":
                # Order in an object is free, and a page of rows is compared row by row below.
                assert other.json == ours.json, query
            elif ours.mimetype == "application/ld+json":
                assert sorted(map(str, other.json)) == sorted(map(str, ours.json)), query
            else:
                assert sorted(other.text.splitlines()) == sorted(ours.text.splitlines()), (query, accept)


def test_akb_query_asks_the_store_that_is_set(remote_settings: Settings, virtuoso: Virtuoso, tmp_path: Path) -> None:
    runner = CliRunner(
        env={"AKB_ROOT": str(remote_settings.root), "AKB_STATE": str(tmp_path), "AKB_STORE": virtuoso.endpoint}
    )
    result = runner.invoke(main, ["query", "SELECT (COUNT(?c) AS ?n) { ?c a akb:Claim }"])
    assert (result.exit_code, result.output.split()) == (0, ["n", "12"])
    assert not (tmp_path / "releases").exists(), "nothing had to be built"


# ---- what stays out --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s a akb:Claim . FILTER(STRSTARTS(STR(?s), 'urn:x-test')) }",
        f"SELECT ?s {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }}",
        f"SELECT ?s FROM <{OTHER}> {{ ?s ?p ?o }}",
        f"SELECT ?s FROM NAMED <{OTHER}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"PREFIX o: <{OTHER}> SELECT ?s FROM o: {{ ?s ?p ?o }}",
        "BASE <urn:x-test:> SELECT ?s FROM NAMED <urn:x-test:other> { GRAPH ?g { ?s ?p ?o } }",
        f"SELECT ?s {{ VALUES ?g {{ <{OTHER}> }} GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT ?s { GRAPH graph:release { ?s ?p ?o } }",
        "SELECT ?s { ?s ?p <http://www.openlinksw.com/schemas/virtrdf#QuadMap> }",
    ],
)
def test_other_data_in_the_same_store_stay_out(remote: RemoteStore, query: str) -> None:
    assert rows(remote, query) == [["s"]]


def test_a_dataset_of_the_protocol_cannot_reach_them_either(
    remote: RemoteStore, store: Store, settings: Settings
) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def found(**dataset: list[str]) -> int:
        return json.loads(remote.answer(count, **dataset).serialize("json"))["results"]["bindings"][0]["n"]["value"]

    assert found(default_graphs=[OTHER]) == found(named_graphs=[OTHER]) == "0"
    ours = f"{settings.namespaces.graph}statistics"
    assert found(default_graphs=[OTHER, ours]) == str(store.count(ours)) != "0"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", QueryError),
        ("DROP GRAPH graph:asserted", QueryError),
        ('define get:soft "replace" SELECT * { ?s ?p ?o }', QueryError),
        ("SELECT * { ?s ?p ?o ", QueryError),
        ("ASK {} ; DROP GRAPH graph:asserted", QueryError),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", ForbiddenQueryError),
        ("PREFIX b: <bif:> SELECT (b:upper('x') AS ?x) {}", ForbiddenQueryError),
        ("SELECT (<\\u0073ql:user>() AS ?x) {}", ForbiddenQueryError),
        ("SELECT * { ?s <bif:contains> 'x' }", ForbiddenQueryError),
        # A store that resolves escapes before it reads would see the string end here.
        ("SELECT ('\\u0027) SERVICE <http://127.0.0.1:9/> {} #' AS ?x) {}", ForbiddenQueryError),
        (f"SELECT * FROMNAMED<{OTHER}> {{ ?s ?p ?o }}", ForbiddenQueryError),
    ],
)
def test_what_is_no_plain_query_never_reaches_the_store(
    remote: RemoteStore, query: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        remote.answer(query)


NASTY = (
    '"} ; DROP GRAPH <urn:x-test:other> #',
    "' OR 1=1 --",
    '""" } UNION { ?s ?p ?o } """',
    "\\",
    '\\" }',
    "a\nb\rc\td",
    "<http://example.org/> ?x $y {}",
    "\\u0022 }",
    "é ✓ 🗎",
)


def test_a_value_cannot_end_its_own_literal(virtuoso: Virtuoso) -> None:
    local = Store.in_memory({})
    graph = "urn:x-test:nasty"
    for number, text in enumerate(NASTY):
        local.load(f"<urn:s{number}> <urn:p> {json.dumps(text, ensure_ascii=False)} .", graph)
    writer = UpdateWriter(virtuoso.update, DBA, 60)
    writer.replace(graph, "".join(line for line, _ in local.statements(graph)))
    remote = RemoteStore(virtuoso.endpoint, {}, [graph])
    query = "SELECT ?s ?text { { ?s <urn:p> ?text } UNION { ?s <urn:q> ?text } FILTER(STR(?text) != '?text') }"
    for number, text in enumerate(NASTY):
        expected = [{"s": f"urn:s{number}", "text": text}]
        assert local.select(query, {"text": text}) == remote.select(query, {"text": text}) == expected
    for iri in ("urn:a> } #", "urn:a b", "urn:a\n", "x"):
        with pytest.raises(ValueError, match="IRI"):
            remote.select(query, {"s": Iri(iri)})


# ---- publishing ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built_second(
    make_base: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> Settings:
    """Another release, with one more entity, and another name of one; built once."""
    folder = tmp_path_factory.mktemp("second")
    root = make_base(folder / "base")
    (root / "kb/concept/alignment-faking.ttl").write_text(
        (root / "kb/concept/alignment-faking.ttl").read_text().replace('"Alignment Faking"@en', '"Faking"@en')
    )
    environment = {"AKB_ROOT": str(root), "AKB_STATE": str(folder / "state")}
    runner = CliRunner(env=environment)
    assert runner.invoke(main, ["new", "concept", "Zeal", "--definition", "An example."]).exit_code == 0
    found = replace(read_settings(environment, root=root), credentials=DBA)
    build(found)
    return found


@pytest.fixture
def second(built_second: Settings, tmp_path: Path) -> Settings:
    """That release, with a state that a test may spoil."""
    shutil.copytree(built_second.state, tmp_path / "state")
    return replace(built_second, state=tmp_path / "state")


def contents(virtuoso: Virtuoso, settings: Settings) -> dict[str, list[str]]:
    """Return what the store holds in each of our graphs, and any graph beside them that is left over."""
    everything = RemoteStore(
        virtuoso.endpoint, {}, [*settings.namespaces.graphs, *(f"{g}/next" for g in settings.namespaces.graphs)]
    )
    names = [str(row["g"]) for row in everything.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")]
    return {
        name: canonical(everything.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"))
        for name in names
    }


def assert_holds(virtuoso: Virtuoso, settings: Settings) -> None:
    """Assert that the store holds the current release of a base, and nothing of another."""
    _, _, local = Releases(settings.releases).open_current(settings.namespaces, 0)
    found = contents(virtuoso, settings)
    assert set(found) == set(local.graphs())
    for name, lines in found.items():
        assert lines == canonical("".join(line for line, _ in local.statements(name))), name


@pytest.mark.parametrize("way", ["update", "graph-store", "update graph-store"])
def test_a_release_takes_the_place_of_an_older_one(
    way: str, remote_settings: Settings, second: Settings, virtuoso: Virtuoso
) -> None:
    assert_holds(virtuoso, remote_settings)
    done = publish(second, target(virtuoso, way, 400))
    assert done.sent == done.triples
    assert_holds(virtuoso, second)
    again = publish(second, target(virtuoso, way, 400))
    assert (again.sent, again.before) == (0, 0)
    forced = publish(second, target(virtuoso, way, 400), force=True)
    assert forced.sent == done.triples
    assert_holds(virtuoso, second)


@pytest.mark.parametrize("way", ["update", "graph-store"])
def test_a_killed_publish_goes_on_where_it_stopped(
    way: str, remote_settings: Settings, second: Settings, virtuoso: Virtuoso, store: Store
) -> None:
    environment = os.environ | {"AKB_STATE": str(second.state), "AKB_STORE_USER": "dba", "AKB_STORE_PASSWORD": "dba"}
    address = virtuoso.update if way == "update" else virtuoso.graph_store
    words = [
        "publish",
        "--root",
        str(second.root),
        "--endpoint",
        virtuoso.endpoint,
        f"--{way}",
        address,
        "--chunk",
        "60",
    ]
    command = [sys.executable, "-m", "server.cli.main", *words]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        # Within the ontology: past its first chunk, which has the blank nodes.
        if any('"done": 5' in path.read_text() for path in (second.state / "publish").glob("*.json")):
            break
        time.sleep(0.001)
    process.kill()
    process.wait(timeout=20)
    [path] = (second.state / "publish").glob("*.json")
    done = json.loads(path.read_text())["done"]
    assert done >= 5
    if way == "update":
        # Readers of the store saw nothing of it.
        kept = {
            name: graph for name, graph in contents(virtuoso, remote_settings).items() if not name.endswith("/next")
        }
        assert {name: len(graph) for name, graph in kept.items()}[f"{second.namespaces.graph}asserted"] == store.count(
            f"{second.namespaces.graph}asserted"
        )
    # What a killed run had sent and not written down is sent once more.
    path.write_text(path.read_text().replace(f'"done": {done}', f'"done": {done - 1}'))
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "of them in the run before" in result.stdout
    assert not list((second.state / "publish").glob("*.json"))
    assert_holds(virtuoso, second)


def test_a_publish_that_lost_what_it_had_sent_says_so_and_starts_anew(
    remote_settings: Settings, second: Settings, virtuoso: Virtuoso, store: Store
) -> None:
    whole = target(virtuoso, "update", 500)

    def stop(_stage: str, done: int, _total: int) -> None:
        if done >= 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(second, whole, progress=stop)
    UpdateWriter(virtuoso.update, DBA, 60).replace(f"{second.namespaces.graph}asserted/next", "")
    with pytest.raises(RemoteError, match="triples in"):
        publish(second, whole)
    assert_holds_counts = remote_store(remote_settings, NAMESPACES)
    assert assert_holds_counts is not None
    asserted = f"{second.namespaces.graph}asserted"
    assert assert_holds_counts.count(asserted) == store.count(asserted), "the old one still answers"
    assert publish(second, whole).before == 0
    assert_holds(virtuoso, second)


def test_progress_is_told_and_ends_at_the_whole(remote_settings: Settings, virtuoso: Virtuoso) -> None:
    told: list[tuple[int, int]] = []
    done = publish(
        remote_settings,
        target(virtuoso, "graph-store update", 500),
        force=True,
        progress=lambda _stage, n, of: told.append((n, of)),
    )
    assert told[0] == (0, done.triples)
    assert told[-1] == (done.triples, done.triples)
    assert told == sorted(told)
    assert len(told) > 8


def test_what_keeps_it_from_publishing_is_said_plainly(settings: Settings, virtuoso: Virtuoso) -> None:
    def akb(*words: str, password: str = "dba") -> Result:
        environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state), "AKB_STORE": ""}
        runner = CliRunner(env=environment | {"AKB_STORE_USER": "dba", "AKB_STORE_PASSWORD": password})
        return runner.invoke(main, ["publish", "--force", *words])

    here = ["--endpoint", virtuoso.endpoint]
    for way in (["--update", virtuoso.update], ["--graph-store", virtuoso.graph_store]):
        result = akb(*here, *way, password="wrong")
        assert result.exit_code == 3
        assert "does not let us write: 401.\n mend: set AKB_STORE_USER" in result.output
    result = akb(*here, "--update", virtuoso.endpoint)
    assert (result.exit_code, "No permission" in result.output) == (3, True)
    result = akb(*here, "--update", "http://127.0.0.1:9/")
    assert (result.exit_code, "gave no answer: [Errno" in result.output) == (3, True)
    result = akb(*here, "--update", f"{virtuoso.address}/nowhere")
    assert (result.exit_code, "refused with 404" in result.output, "<html" in result.output) == (3, True, False)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        result = akb(*here, "--update", address, "--timeout", "1")
        assert (result.exit_code, "did not answer in time" in result.output) == (3, True)
        result = akb("--endpoint", address, "--graph-store", virtuoso.graph_store, "--timeout", "1")
        assert result.exit_code == 3
    for words in (
        here,
        ["--update", virtuoso.update],
        [*here, "--update", "ftp://x"],
        ["--endpoint", "x", "--update", "y"],
    ):
        assert akb(*words).exit_code == 2, words
    result = akb(*here, "--update", virtuoso.update, password="")
    assert (result.exit_code, "only one is set" in result.output) == (2, True)


# ---- serving ---------------------------------------------------------------------------------------------


def test_the_server_sees_that_another_release_was_published(
    make_app: Callable[[Settings], Flask],
    remote_settings: Settings,
    second: Settings,
    virtuoso: Virtuoso,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(current, "_REMOTE_LOOK", 0.0)
    client = make_app(replace(second, store=virtuoso.endpoint)).test_client()
    assert client.get("/concept/zeal.html").status_code == 404
    publish(second, target(virtuoso, "update"))
    assert "Zeal" in client.get("/concept/zeal.html").text


def test_a_store_that_does_not_answer_is_a_bad_gateway(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    client = make_app(replace(settings, store="http://127.0.0.1:9/sparql")).test_client()
    for path in ("/concept.html", "/concept/alignment-faking.ttl", "/sparql?" + urlencode({"query": "ASK {}"})):
        response = client.get(path)
        assert response.status_code == 502
        assert "127.0.0.1:9" not in response.text


def test_the_mark_of_a_release_stands_in_a_graph_that_queries_do_not_see(
    remote: RemoteStore, settings: Settings
) -> None:
    info, _, _ = Releases(settings.releases).open_current(settings.namespaces, 0)
    assert remote.release(release_graph(settings.namespaces)) == info.name


def test_virtuoso_is_installed_in_ci(repository: Path) -> None:
    assert "virtuoso-opensource-7" in (repository / ".ci/run").read_text()
    assert shutil.which("virtuoso-t") or not os.environ.get("CI")
