"""`akb check --explain`: the statement in its file, the shape in words, what would meet it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.validation.asked import HEAD, LINES

Run = Callable[..., Result]
DATA = """:ds a :Dataset ;
    :bytes "many" .
"""
SHAPES = """:S sh:targetClass :Dataset ;
    sh:property [ sh:path :url ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path :bytes ; sh:datatype xsd:integer ] .
"""


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `akb check` on a small project."""
    (tmp_path / "data.ttl").write_text(HEAD + DATA)
    (tmp_path / "shapes.ttl").write_text(HEAD + SHAPES)
    monkeypatch.chdir(tmp_path)
    words = ("check", "--data", "data.ttl", "--shapes", "shapes.ttl", "--only", "shapes")
    return lambda *more: CliRunner().invoke(main, [*words, *more])


def test_a_finding_by_its_place_shows_statement_shape_and_what_is_not_met(check: Run) -> None:
    result = check("--explain", f"data.ttl:{LINES + 2}")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    [mark] = [number for number, line in enumerate(lines) if line.strip() == "| " + " " * 11 + "^"]
    assert lines[mark - 1].endswith('|     :bytes "many" .')
    assert lines[mark][: lines[mark].index("^")].count(" ") == lines[mark - 1].index('"many"') - 1
    assert f"The shape :S (shapes.ttl:{LINES + 3}) asks" in lines
    assert "  of each instance of :Dataset:" in lines
    assert "  - at least one :url, an IRI" in lines
    assert "What is not met (sh:Datatype): each :bytes, a literal of xsd:integer" in lines


def test_what_is_missing_comes_with_a_triple_that_would_help(check: Run) -> None:
    mark = next(
        one["fingerprint"]
        for one in json.loads(check("--format", "json").stdout)["findings"]
        if one["constraint"]["path"].endswith("url")
    )
    shown = check("--explain", mark[:8]).stdout
    assert "What is not met (sh:MinCount): at least one :url, an IRI" in shown
    assert "  :ds :url <...> ." in shown.splitlines()
    assert mark in shown


@pytest.mark.parametrize("name", ["S", ":ds", "urn:x:ds", "data.ttl"])
def test_a_finding_is_known_by_rule_entity_or_file(name: str, check: Run) -> None:
    assert check("--explain", name).stdout.count("What is not met") == 2


def test_a_rule_that_is_no_shape_is_explained_by_its_meaning(check: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text(":a")
    result = CliRunner().invoke(main, ["check", "--data", ".", "--only", "lint", "--explain", "unused-prefix"])
    assert "The rule: " in result.stdout


def test_a_name_that_no_finding_has_is_wrong_use(check: Run) -> None:
    result = check("--explain", "nothing")
    assert (result.exit_code, "No finding" in result.stderr) == (2, True)
    assert check("--explain", "S", "--format", "json").exit_code == 2
