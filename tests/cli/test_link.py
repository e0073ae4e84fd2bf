"""`akb link wikidata`: a second instance of our own is asked over HTTP; what is decided passes the check."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result

from server.build.build import build
from server.cli.main import main
from server.namespaces import Namespaces
from server.records.candidates import candidate_id
from server.review.matches import Proposal, write_proposals
from server.settings import read_settings
from server.turtle.edges import VOCAB, edge_iri, edges_in
from server.turtle.reader import read_base
from tests.conftest import KNOWLEDGE, copy_base, running_server
from tests.federation.endpoints import Endpoint, send
from tests.history.repositories import commit, repository

OTHER = "https://w3id.org/other-kb/"
STRANGER = "concept:unheard-of-idea"


def akb(root: Path, *args: str) -> Result:
    return CliRunner(env={"AKB_ROOT": str(root), "AKB_EMBEDDING": "none"}).invoke(main, args)


def allow(root: Path, address: str, *lines: str) -> None:
    """Let a base ask a service on the loopback."""
    keys = ['name = "Wikidata"', f'endpoint = "{address}"', "seconds = 20", *lines]
    (root / "peers.toml").write_text("\n".join(["[[reconciliation]]", *keys, ""]), encoding="utf-8")


def waiting(root: Path) -> list[dict[str, str]]:
    result = akb(root, "link", "matches", "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, str]] = json.loads(result.output)
    return found


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the reconciliation service of a second instance, with a base of its own."""
    folder = tmp_path_factory.mktemp("other")
    root = copy_base(folder / "base", KNOWLEDGE)
    for path in (root / "kb").rglob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        for name in (
            "artifact",
            "claim",
            "concept",
            "edge",
            "framework",
            "method",
            "paper",
            "question",
            "quote",
            "thinker",
        ):
            text = text.replace(f"<https://w3id.org/alignment-kb/{name}/", f"<{OTHER}{name}/")
        path.write_text(text, encoding="utf-8")
    shutil.rmtree(root / "kb/review", ignore_errors=True)
    (root / "akb.toml").write_text(f'base = "{OTHER}"\nembedding = "none"\n', encoding="utf-8")
    # Edges are named after their ends, which have other IRIs here; a build does not look at the names of files.
    rename_edges(root)
    with running_server(root, folder / "state") as address:
        yield f"{address}reconcile"


def rename_edges(root: Path) -> None:
    """Give the edges of a base that has moved the names that its IRIs make."""
    namespaces = Namespaces(OTHER)
    base = read_base(root, namespaces)
    names = {}
    for edge in edges_in(base.asserted):
        source = base.asserted.value(edge.iri, VOCAB.assertedIn)
        names[namespaces.compact(str(edge.iri))] = namespaces.compact(
            str(edge_iri(namespaces, *edge.ends, source or ""))
        )
    for path in (root / "kb").rglob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        for old, new in names.items():
            text = text.replace(f"{old} ", f"{new} ")
        path.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_the_whole_way_from_a_service_to_a_patch_that_passes_the_check(root: Path, other: str) -> None:
    allow(root, other, "enabled = true", "private = true")
    commit(repository(root))
    result = akb(root, "link", "wikidata")
    assert result.exit_code == 0, result.output
    found = {one["entity"]: one for one in waiting(root)}
    entity = "https://w3id.org/alignment-kb/concept/situational-awareness"
    proposal = found[entity]
    assert proposal["item"] == f"{OTHER}concept/situational-awareness"
    assert (proposal["decision"], proposal["score"]) == ("exact", 100)
    assert not any("/claim/" in one or "/quote/" in one or "/question/" in one for one in found)
    assert len(found) >= 30
    assert f"{len(found)} matches" in result.output
    # A paper is known by its DOI or arXiv id as well.
    assert found["https://w3id.org/alignment-kb/paper/alignment-faking-in-llms"]["decision"] == "exact"

    kept = (root / "kb/concept/situational-awareness.ttl").read_text(encoding="utf-8")
    patch = akb(root, "link", "decide", proposal["id"], "exact")
    assert patch.exit_code == 0, patch.output
    assert (root / "kb/concept/situational-awareness.ttl").read_text(encoding="utf-8") == kept, "nothing was written"
    added = [line for line in patch.output.splitlines() if line.startswith("+") and "+++" not in line]
    assert any(f"skos:exactMatch <{OTHER}concept/situational-awareness>" in line for line in added)
    subprocess.run(["git", "apply", "-"], cwd=root, input=patch.output, text=True, check=True)

    people = found["https://w3id.org/alignment-kb/thinker/evan-hubinger"]
    paper = found["https://w3id.org/alignment-kb/paper/scheming-ais"]
    concept = found["https://w3id.org/alignment-kb/concept/preference-locking"]
    assert akb(root, "link", "decide", people["id"], "different", "--write").exit_code == 0
    assert akb(root, "link", "decide", paper["id"], "close", "--write").exit_code == 0
    refused = akb(root, "link", "decide", concept["id"], "same", "--write")
    assert (refused.exit_code, "--confirm" in refused.output) == (2, True)
    assert akb(root, "link", "decide", concept["id"], "same", "--confirm", "--write").exit_code == 0

    checked = akb(root, "check")
    assert checked.exit_code == 0, checked.output
    assert "no findings" in checked.output
    settled = {one["id"] for one in (proposal, people, paper, concept)}
    assert not settled & {one["id"] for one in waiting(root)}, "what is decided waits no more"
    gone = akb(root, "link", "decide", proposal["id"], "exact")
    assert (gone.exit_code, "akb link matches" in gone.output) == (2, True)

    again = akb(root, "link", "wikidata")
    assert again.exit_code == 0, again.output
    assert not settled & {one["id"] for one in waiting(root)}, "and is not proposed again"
    # Of a person that is another one here, somebody else may be found; of what has a match, nothing is asked.
    assert "situational-awareness" not in again.output

    info, _ = build(read_settings({"AKB_ROOT": str(root), "AKB_EMBEDDING": "none"}))
    assert info.entities["concept"] == 14, "what is the same elsewhere adds nothing here"


@pytest.mark.slow
def test_only_some_are_asked_about(root: Path, other: str) -> None:
    allow(root, other, "enabled = true", "private = true")
    result = akb(root, "link", "wikidata", "--class", "method")
    assert result.exit_code == 0, result.output
    assert {one["entity"].split("/")[-2] for one in waiting(root)} == {"method"}
    assert akb(root, "link", "wikidata", "concept:sycophancy-in-llms").exit_code == 0
    assert len(waiting(root)) == 2, "what waited before waits on"
    limited = akb(root, "link", "wikidata", "--limit", "1", "--class", "thinker")
    assert "was asked about 1 entity " in limited.output
    assert "raise --limit" in limited.output
    for args in (["claim:an-8b-model-shows-it"], ["concept:no-such-thing"], ["nonsense"], ["--class", "claim"]):
        failed = akb(root, "link", "wikidata", *args)
        assert failed.exit_code == 2, failed.output


def test_nothing_is_sent_to_a_service_that_is_not_allowed(root: Path) -> None:
    """The policy of peers: only what peers.toml enables is called."""
    none = akb(root, "link", "wikidata")
    assert (none.exit_code, "no reconciliation service" in none.output) == (2, True)
    with service(lambda handler, form: pytest.fail("it was called")) as one:
        allow(root, one.address)
        off = akb(root, "link", "wikidata")
        assert (off.exit_code, "enabled = true" in off.output) == (2, True)
        allow(root, one.address, "enabled = true")
        nameless = akb(root, "link", "wikidata")
        assert (nameless.exit_code, "set AKB_CONTACT" in nameless.output) == (2, True)
        (root / "akb.toml").write_text('contact = "kb@example.org"\n')
        private = akb(root, "link", "wikidata")
        assert (private.exit_code, "not public" in private.output) == (2, True), "an address inside the network"
        unknown = akb(root, "link", "wikidata", "--service", "Elsewhere")
        assert (unknown.exit_code, "'Elsewhere'" in unknown.output) == (2, True)


MANIFEST = {"name": "x", "identifierSpace": "http://www.wikidata.org/entity/", "schemaSpace": "http://x.test/"}


class Service(Endpoint):
    """A service that answers as it is told to."""


def service(answer: Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]) -> AbstractContextManager[Endpoint]:
    """Serve a reconciliation service on a free port of the loopback."""
    endpoint = Service(lambda handler, _: None)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, {})

        def do_POST(self) -> None:
            answer(self, parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    @contextmanager
    def run() -> Iterator[Endpoint]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that leaves early is tested
        endpoint.address = f"http://127.0.0.1:{server.server_address[1]}/api"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            server.server_close()

    return run()


def reply(handler: BaseHTTPRequestHandler, value: object) -> None:
    send(handler, json.dumps(value).encode(), kind="application/json")


def test_wikidata_is_asked_by_name_and_by_the_identifiers_that_it_knows(root: Path) -> None:
    asked: dict[str, dict[str, object]] = {}

    def answer(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        if not form:
            return reply(handler, MANIFEST)
        batch = json.loads(form["queries"][0])
        assert len(batch) <= 10
        asked.update({one["query"]: one for one in batch.values()})
        sure = {"id": "Q1", "name": "One\x1b[31m\n", "score": 100, "match": True, "description": "first"}
        others = [
            {"id": "Q2", "name": "Two", "score": 95.5, "match": False},
            {"id": "Q3", "name": "Three", "score": 12, "match": False},
            {"id": "Q 4>", "name": "no IRI", "score": 99},
            {"id": "Q5", "score": 99},
            {"id": 6, "name": "six", "score": 99},
            "nonsense",
        ]
        return reply(
            handler, {key: {"result": [sure, *others][:3] if n == 0 else others[2:]} for n, key in enumerate(batch)}
        )

    with service(answer) as one:
        allow(root, one.address, "enabled = true", "private = true")
        result = akb(root, "link", "wikidata", "paper:alignment-faking-in-llms")
    assert result.exit_code == 0, result.output
    assert "\x1b[31m" not in result.output
    [question] = asked.values()
    assert {one["pid"]: one["v"] for one in question["properties"]}["P818"] == "2412.14093"
    found = sorted(waiting(root), key=lambda one: one["item"])
    assert [(one["item"], one["decision"]) for one in found] == [
        ("http://www.wikidata.org/entity/Q1", "exact"),
        ("http://www.wikidata.org/entity/Q2", "close"),
    ]
    assert akb(root, "link", "decide", found[0]["id"], "exact", "--write").exit_code == 0
    assert akb(root, "check").exit_code == 0


WRONG: dict[str, Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], object]] = {
    "no JSON": lambda handler, form: send(handler, b"<html>", kind="application/json"),
    "no object": lambda handler, form: reply(handler, []),
    "no spaces": lambda handler, form: reply(handler, {"name": "x"}),
    "another type": lambda handler, form: send(handler, b"{}", kind="text/html"),
    "an error": lambda handler, form: send(handler, b"{}", status=500, kind="application/json"),
    "a redirect": lambda handler, form: send(handler, b"", status=302, Location="http://127.0.0.1/"),
    "too much": lambda handler, form: send(handler, b'"' + b"x" * (2 << 20) + b'"', kind="application/json"),
    "deep": lambda handler, form: send(handler, b"[" * 200_000, kind="application/json"),
    "an answer that lacks queries": lambda handler, form: reply(handler, {} if form else MANIFEST),
    "an answer of another form": lambda handler, form: reply(handler, {"q0": {"result": {}}} if form else MANIFEST),
    "nothing in its time": lambda handler, form: time.sleep(3),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_service_that_is_wrong_is_an_error_and_never_a_traceback(name: str, root: Path) -> None:
    with service(WRONG[name]) as one:
        allow(root, one.address, "enabled = true", "private = true", "megabytes = 1")
        if name == "nothing in its time":
            text = (root / "peers.toml").read_text(encoding="utf-8")
            (root / "peers.toml").write_text(text.replace("seconds = 20", "seconds = 1"), encoding="utf-8")
        result = akb(root, "link", "wikidata", "concept:situational-awareness")
    assert result.exit_code == 3, result.output
    assert "error: " in result.output
    assert "mend: " in result.output
    assert "fault" not in result.output
    assert waiting(root) == []


def test_what_was_answered_before_a_service_fails_is_kept(root: Path) -> None:
    calls = []

    def answer(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> object:
        calls.append(form)
        if not form:
            return reply(handler, MANIFEST)
        if len(calls) > 2:
            return send(handler, b"{}", status=503, kind="application/json")
        batch = json.loads(form["queries"][0])
        items = {key: {"id": f"Q{10 + n}", "name": "x", "score": 100, "match": True} for n, key in enumerate(batch)}
        return reply(handler, {key: {"result": [item]} for key, item in items.items()})

    with service(answer) as one:
        allow(root, one.address, "enabled = true", "private = true")
        result = akb(root, "link", "wikidata")
    assert result.exit_code == 3
    assert len(waiting(root)) == 10


def test_a_damaged_file_of_proposals_is_an_error_that_says_so(root: Path) -> None:
    state = read_settings({"AKB_ROOT": str(root)}).state
    state.mkdir(parents=True, exist_ok=True)
    for text in ("{", "[1]", '[{"id": 1}]', "null"):
        (state / "matches.json").write_text(text, encoding="utf-8")
        result = akb(root, "link", "matches")
        assert (result.exit_code, "matches.json" in result.output) == (3, True), text


def test_an_edge_needs_no_word_before_its_ends(root: Path) -> None:
    options = ("--status", "active", "--note", "They go together.")
    for args in (("link", *options), ("link", "edge", *options)):
        ends = ("concept:sycophancy-in-llms", "associated_with", "concept:preference-locking")
        result = akb(root, *args, *ends)
        assert ("Wrote the edge" in result.output) or "says this already" in result.output, result.output
    assert akb(root, "link").exit_code in {0, 2}
    assert "SUBJECT PREDICATE OBJECT" in akb(root, "link", "--help").output


def test_a_decision_that_would_not_pass_the_check_is_refused(root: Path) -> None:
    """An identifier stands for one thing (shapes/rules/shared-identifier.rq)."""
    item = "http://www.wikidata.org/entity/Q1"
    entities = [f"https://w3id.org/alignment-kb/concept/{name}" for name in ("compliance-gap", "preference-locking")]
    proposals = [
        Proposal(candidate_id(one, item), one, item, "One", "", 100, "exact", "http://x.test/") for one in entities
    ]
    write_proposals(read_settings({"AKB_ROOT": str(root)}).state, proposals)
    first, second = (akb(root, "link", "decide", one.id, "exact", "--write") for one in proposals)
    assert first.exit_code == 0, first.output
    assert (second.exit_code, "shared-identifier" in second.output) == (2, True), second.output
    assert item not in (root / "kb/concept/preference-locking.ttl").read_text(encoding="utf-8")
    assert akb(root, "link", "decide", proposals[1].id, "different", "--write").exit_code == 0
    assert akb(root, "check").exit_code == 0
