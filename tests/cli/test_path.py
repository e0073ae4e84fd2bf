"""`akb path`: in words, as JSON, and what it says where there is no answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys

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
        return CliRunner(env=environment).invoke(main, ["path", *arguments])

    return running


def test_the_steps_are_told_in_sentences(run) -> None:
    result = run("alignment faking", GM)
    assert result.exit_code == 0
    assert "Alignment Faking extends Goal Misgeneralization." in result.stdout
    assert "1 path of 1 step; 1 shown." in result.stderr


def test_as_json_it_is_what_the_server_answers(run, client) -> None:
    result = run(AF, GM, "--json")
    assert json.loads(result.stdout) == client.get(f"/path.json?from={AF}&to={GM}").json


def test_who_does_not_know_the_name_is_helped(run) -> None:
    result = run("alignmnt fakng", GM)
    assert result.exit_code == 2
    assert AF in result.stderr
    assert "Traceback" not in result.output


def test_the_same_twice_is_no_failure(run) -> None:
    assert run(AF, AF).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["path", "--help"],
        ["path", "--json", AF, GM],
        ["search", "--json", "faking"],
        ["explain", GM, "akb:extendedBy", AF, "--json"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_the_command_line_answers_without_the_web(run, settings: Settings, arguments: list[str]) -> None:
    run(AF, GM)  # builds the release, if no other test has
    code = (
        "import sys; from server.cli.main import main; main(sys.argv[1:], standalone_mode=False); "
        "sys.exit('flask' in sys.modules or 'werkzeug' in sys.modules)"
    )
    environment = os.environ | {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)}
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout
