"""`akb peers`, and SERVICE in `akb query`."""

from __future__ import annotations

import json
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
            f'[[peer]]\nname = "{name}"\nendpoint = "{address}"\nseconds = 2\n'
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
        assert len(good.asked) == 2, "by SPARQLWrapper, and as a query does"
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
    assert "fails: http://127.0.0.1:1/sparql gave no answer" in result.output


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
