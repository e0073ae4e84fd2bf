"""`akb peers`, and SERVICE in `akb query`."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.federation.endpoints import Endpoint, StoreEndpoint, send, serving

DATA = '<https://w3id.org/alignment-kb/concept/alignment-faking> <http://example.org/seen> "elsewhere" .'


def run(root: Path, *words: str) -> Result:
    return CliRunner(env={"AKB_ROOT": str(root), "AKB_STATE": str(root / ".akb")}).invoke(main, list(words))


def configure(root: Path, **endpoints: tuple[str, bool]) -> None:
    (root / "peers.toml").write_text(
        "".join(
            f'[[peer]]\nname = "{name}"\nendpoint = "{address}"\nseconds = 60\n'
            f"enabled = {str(enabled).lower()}\nprivate = true\n"
            for name, (address, enabled) in endpoints.items()
        )
    )


def test_each_peer_that_is_enabled_is_asked(root: Path) -> None:
    redirect = Endpoint(lambda handler, _query: send(handler, b"", 302, Location="http://127.0.0.1:1/"))
    with serving(StoreEndpoint(DATA)) as good, serving(redirect) as moved:
        configure(root, Good=(good.address, True), Moved=(moved.address, False))
        result = run(root, "peers")
        assert result.exit_code == 0, result.output
        assert "Good <" in result.output
        assert "answers in 0." in result.output
        assert f"Moved <{moved.address}> not enabled" in result.output
        assert len(good.asked) == 1
        assert moved.asked == []
        result = run(root, "peers", "--all", "--format", "json")
        assert result.exit_code == 1
        one, other = json.loads(result.output)
        assert (one["name"], one["answers"], one["fault"]) == ("Good", True, "")
        assert (other["name"], other["answers"], other["enabled"]) == ("Moved", False, False)
        assert other["fault"]


def test_a_peer_that_is_down_exits_with_1(root: Path) -> None:
    configure(root, Down=("http://127.0.0.1:1/sparql", True))
    result = run(root, "peers")
    assert result.exit_code == 1
    assert "fails: The peer Down gave no answer" in result.output


def test_without_peers_it_says_so(root: Path) -> None:
    result = run(root, "peers")
    assert (result.exit_code, result.output) == (0, "No peers.\n")


def test_a_file_of_peers_that_is_wrong_exits_with_2(root: Path) -> None:
    (root / "peers.toml").write_text("[[peer]]\nname = 3\n")
    result = run(root, "peers")
    assert result.exit_code == 2
    assert "peer 1: name is 3." in result.output
    assert "mend:" in result.output


@pytest.mark.parametrize(("query", "exit_code"), [("SERVICE", 3), ("SERVICE SILENT", 0)])
def test_a_query_calls_peers_and_no_others(query: str, exit_code: int, root: Path) -> None:
    text = "SELECT ?v {{ concept:alignment-faking a akb:Concept {} <{}> {{ concept:alignment-faking ?p ?v }} }}"
    with serving(StoreEndpoint(DATA)) as good:
        configure(root, Good=(good.address, True), Down=("http://127.0.0.1:1/", True))
        result = run(root, "query", text.format(query, good.address))
        assert (result.exit_code, result.stdout.split()) == (0, ["v", "elsewhere"])
        result = run(root, "query", text.format(query, "http://127.0.0.1:1/"))
        assert result.exit_code == exit_code
        assert "The peer Down gave no answer" in result.stderr
        result = run(root, "query", text.format("SERVICE", "http://127.0.0.1:2/"))
        assert result.exit_code == 2
        assert "not one of its peers" in result.stderr


PUBLIC = '[[peer]]\nname = "Public"\nendpoint = "https://nowhere.invalid/sparql"\nseconds = 2\nenabled = {}\n'


@pytest.mark.parametrize("command", [["peers"], ["serve"], ["query", "SELECT * { SERVICE <urn:x> { ?s ?p ?o } }"]])
def test_a_public_peer_is_enabled_only_by_who_says_how_to_be_reached(root: Path, command: list[str]) -> None:
    (root / "peers.toml").write_text(PUBLIC.format("true"))
    result = run(root, *command)
    assert result.exit_code == 2
    assert "enables Public, and public endpoints are not asked without a contact" in result.output
    assert "set AKB_CONTACT" in result.output


def test_with_a_contact_a_public_peer_is_asked(root: Path) -> None:
    (root / "peers.toml").write_text(PUBLIC.format("true"))
    (root / "akb.toml").write_text('contact = "kb@example.org"\n')
    result = run(root, "peers")
    assert (result.exit_code, "the name nowhere.invalid is not known" in result.output) == (1, True)


def test_a_public_peer_that_is_off_is_not_asked_without_a_contact(root: Path) -> None:
    (root / "peers.toml").write_text(PUBLIC.format("false"))
    assert run(root, "peers").exit_code == 0
    result = run(root, "peers", "--all")
    assert (result.exit_code, "fails: public endpoints are not asked without" in result.output) == (1, True)


def test_who_calls_nobody_needs_no_contact(root: Path) -> None:
    (root / "peers.toml").write_text(PUBLIC.format("true"))
    assert run(root, "query", "ASK { }").exit_code == 0


def test_a_peer_that_wants_to_be_left_alone_is_left_alone_by_every_command(root: Path) -> None:
    busy = Endpoint(lambda handler, _query: send(handler, b"later", 429, "text/plain", Retry_After="70"))
    with serving(busy) as endpoint:
        configure(root, Busy=(endpoint.address, True))
        for command in (["query", f"ASK {{ SERVICE <{endpoint.address}> {{ ?s ?p ?o }} }}"], ["peers"]):
            result = run(root, *command)
            assert result.exit_code in {1, 3}
            assert "The peer Busy is too busy" in result.output
    assert len(endpoint.asked) == 1


def test_another_endpoint_is_told_the_contact(root: Path) -> None:
    names: list[str] = []

    def answer(handler: BaseHTTPRequestHandler, _query: str) -> None:
        names.append(handler.headers["User-Agent"])
        send(handler, b'{"head": {}, "boolean": true}')

    with serving(Endpoint(answer)) as endpoint:
        (root / "akb.toml").write_text('contact = "mailto:kb@example.org"\n')
        assert run(root, "query", "--endpoint", endpoint.address, "ASK { }").exit_code == 0
    assert [name.partition(" ")[2] for name in names] == ["(kb@example.org)"]
