"""`akb explain`: in words, as JSON, and what it says of what does not hold."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from server.settings import Settings

AF, GM = "concept:alignment-faking", "concept:goal-misgeneralization"


@pytest.fixture
def run(settings: Settings):
    """Run the command on the small base, which is built."""

    def running(*arguments: str) -> Result:
        environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)}
        return CliRunner(env=environment).invoke(main, ["explain", *arguments])

    return running


def test_an_inferred_statement_is_proved_down_to_its_file(run) -> None:
    result = run(GM, "akb:extendedBy", AF)
    assert result.exit_code == 0
    assert f"from {AF} akb:extends {GM}." in result.stdout
    assert f"{AF} akb:extends {GM}. In kb/concept/alignment-faking.ttl." in result.stdout
    assert "edge:" in result.stdout


def test_an_asserted_statement_names_its_file(run) -> None:
    result = run(f"<https://w3id.org/alignment-kb/{AF.replace(':', '/')}>", "a", "akb:Concept")
    assert result.exit_code == 0
    assert "In kb/concept/alignment-faking.ttl." in result.stdout


def test_as_json_it_is_what_the_server_answers(run, client) -> None:
    query = {"subject": AF, "predicate": "a", "object": "akb:Entity"}
    assert (
        json.loads(run(AF, "a", "akb:Entity", "--json").stdout) == client.get("/explain.json", query_string=query).json
    )


def test_what_does_not_hold_has_exit_code_1(run) -> None:
    result = run(AF, "akb:extendedBy", GM)
    assert result.exit_code == 1
    assert "neither asserted nor inferred" in result.stderr


def test_what_is_no_name_is_refused(run) -> None:
    result = run("alignment faking", "a", "akb:Entity")
    assert result.exit_code == 2
    assert "neither a CURIE nor an IRI" in result.stderr
