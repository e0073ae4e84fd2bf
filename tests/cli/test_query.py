"""`akb query`: searches, explanations and questions in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from server.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Run the command on the small base, which is built."""

    def running(*arguments: str) -> Result:
        environment = {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state)}
        return CliRunner(env=environment).invoke(main, ["query", *arguments])

    return running


def test_a_query_searches(run: Run) -> None:
    result = run(
        'SELECT ?c { SERVICE akb:search { ?e akb:matches "fakign" } ?e a akb:Concept ; dcterms:identifier ?c }'
    )
    assert "concept:alignment-faking" in result.stdout
    assert "instead of 'fakign'" in result.stderr


def test_an_empty_answer_says_why_on_the_side(run: Run) -> None:
    result = run("SELECT ?s { ?s a akb:Clam }")
    assert (result.exit_code, result.stdout.split()) == (0, ["s"])
    assert "Write akb:Claim for akb:Clam" in result.stderr
    assert run("ASK { ?s a akb:Clam }").stderr == ""


def test_a_query_is_explained_in_place_of_its_answer(run: Run) -> None:
    result = run("--explain", "SELECT * { ?s a akb:Claim . ?s a akb:Clam }")
    assert "?s a akb:Claim" in result.stdout
    assert "Nothing was found." in result.stdout


def test_a_question_becomes_a_query_that_is_not_run(run: Run) -> None:
    result = run("--words", "how many claims are there")
    assert "COUNT(DISTINCT ?claim)" in result.stdout
    assert "claims: akb:Claim (class)" in result.stderr
    assert run("--words", "the").exit_code == 2
    assert run("--words", "papers", "--endpoint", "http://127.0.0.1:9/").exit_code == 2
