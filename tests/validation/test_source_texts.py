"""Quotes, locators and numbers are held against the texts of works, and nothing is found where all is right.

The faults are in `tests/faults/`; here is what one base can show of several sources, of changes and of absent texts.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main as akb
from server.records.findings import Finding, Report, Stage
from server.schema.reading import schema_of
from server.settings import Settings, read_settings
from server.texts.reading import read_text
from server.texts.shelf import Shelf, TextRecord
from server.turtle.reader import read_base
from server.validation.changes.trying import tried
from server.validation.check import check
from tests.faults.corpus import CORPUS, lay_out

PAPER = "paper:boats-in-circles"
TEXT = """# Boats in circles

## Abstract

We train an agent. In 20 runs it circles around three targets.

## 1 Introduction

A race is won by whoever is first. The score is made of the targets that a boat hits on its way.

## 2 Results

The boat collects points while it is on fire, and it never crosses the line in 14.2% of the time.
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small base, whose kb/ each test may spoil."""
    folder = tmp_path_factory.mktemp("texts") / "base"
    lay_out(folder, None)
    return folder


@pytest.fixture
def settings(base: Path, tmp_path: Path) -> Settings:
    """Settings for that base as it was, with the text of its paper."""
    shutil.rmtree(base / "kb")
    shutil.copytree(CORPUS / "clean/kb", base / "kb")
    found = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=base)
    file = tmp_path / "boats.md"
    file.write_text(TEXT, encoding="utf-8")
    read = read_text(file)
    Shelf(found).add(TextRecord(PAPER, read.form, read.sha256), read)
    return found


def edit(settings: Settings, name: str, old: str, new: str) -> None:
    path = settings.root / "kb" / f"{name}.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def quoted(settings: Settings, words: str, locator: str = "Section 2") -> None:
    new = f'akb:locator "{locator}" ;\n    akb:quotedText "{words}"@en ;\n    akb:status'
    edit(settings, "quote/winning-by-losing", 'akb:locator "Section 2" ;\n    akb:status', new)


def checked(settings: Settings) -> Report:
    base = read_base(settings.root, settings.namespaces)
    return check(base, schema_of(base), stages={Stage.TEXTS}, shelf=Shelf(settings))


def found(settings: Settings) -> list[tuple[str, str]]:
    return [(one.rule, one.focus) for one in checked(settings).findings]


@pytest.mark.parametrize(
    "words", ["points while it is on fire", "The boat \u2026 never crosses the line", "in 14.2 percent of the time"]
)
def test_a_quote_that_is_there_is_no_finding(settings: Settings, words: str) -> None:
    quoted(settings, words)
    assert checked(settings).findings == ()
    assert checked(settings).notes == ()


def test_a_quote_that_is_not_there_names_the_nearest_words(settings: Settings) -> None:
    quoted(settings, "points while it is in flames, and it never crosses")
    [one] = checked(settings).findings
    assert (one.rule, one.severity, one.line) == ("quote-not-found", "violation", 16)
    assert "points while it is on fire" in one.mend


@pytest.mark.parametrize(
    ("locator", "rules"), [("Sections 1 and 2", 0), ("Section 1", 1), ("Section 7", 1), ("p. 3", 0), ("Abstract", 1)]
)
def test_a_locator_is_held_against_the_place(settings: Settings, locator: str, rules: int) -> None:
    quoted(settings, "points while it is on fire", locator)
    assert found(settings) == [("locator-wrong", "quote:winning-by-losing")] * rules


def test_the_numbers_of_a_claim_are_in_one_of_its_sources(settings: Settings) -> None:
    edit(
        settings,
        "claim/boat-never-finishes",
        "around three targets",
        "around 3 targets for 14% of the time in twenty runs",
    )
    assert found(settings) == []
    edit(settings, "claim/boat-never-finishes", "for 14% of", "for 41% of")
    assert found(settings) == [("number-not-in-source", "claim:boat-never-finishes")]


def test_a_number_is_looked_for_where_the_locator_says(settings: Settings) -> None:
    edit(
        settings,
        "paper/boats-in-circles",
        'akb:note "The main result."@en',
        'akb:note "Seen in 20 runs."@en ; akb:locator "Section 2"',
    )
    # The claim speaks of three targets, which are in the abstract too.
    assert found(settings)[0] == ("number-not-in-source", "claim:boat-never-finishes")
    [_, one] = checked(settings).findings
    assert (one.rule, one.focus) == ("number-not-in-source", "edge:0ed3822943")
    assert "it is in Abstract" in one.mend
    edit(settings, "paper/boats-in-circles", "Section 2", "Abstract")
    assert found(settings) == []


def test_a_retracted_edge_need_not_be_right(settings: Settings) -> None:
    edit(settings, "paper/boats-in-circles", "The main result.", "Seen in 99 runs.")
    assert len(found(settings)) == 1
    edit(
        settings,
        "paper/boats-in-circles",
        "akb:status akbv:active ;\n    akb:agentType",
        "akb:status akbv:retracted ;\n    akb:agentType",
    )
    assert found(settings) == []


def test_a_text_that_is_not_here_is_a_note(settings: Settings) -> None:
    quoted(settings, "words of nobody at all")
    for path in settings.texts_folder.rglob("*.json"):
        path.unlink()
    report = checked(settings)
    assert report.findings == ()
    assert PAPER in report.notes[0]


def test_a_change_is_held_against_the_texts_as_the_whole_base_is(settings: Settings) -> None:
    path = "kb/quote/winning-by-losing.ttl"
    before = (settings.root / path).read_text(encoding="utf-8")
    quoted(settings, "words of nobody at all")
    after = (settings.root / path).read_text(encoding="utf-8")
    whole = checked(settings).findings
    (settings.root / path).write_text(before, encoding="utf-8")
    paper = "kb/paper/boats-in-circles.ttl"
    claim = "kb/claim/boat-never-finishes.ttl"
    text = (settings.root / claim).read_text(encoding="utf-8").replace("three targets", "77 targets")

    def of(changes: dict[str, str | None]) -> list[Finding]:
        report = tried(settings, lambda trial: trial.check(changes))
        return [one for one in report.findings if one.rule in {"quote-not-found", "number-not-in-source"}]

    assert of({path: after}) == list(whole)
    [one] = of({claim: text})
    assert (one.rule, one.file) == ("number-not-in-source", claim)
    said = (settings.root / paper).read_text(encoding="utf-8").replace("The main result.", "Seen in 99 runs.")
    [other] = of({paper: said})
    assert other.focus == "edge:0ed3822943"


def test_texts_are_added_listed_shown_and_removed_by_commands(settings: Settings, tmp_path: Path) -> None:
    def run(*words: str, code: int = 0) -> str:
        environment = {"AKB_STATE": str(settings.state)}
        result = CliRunner().invoke(akb, ["text", words[0], "--root", str(settings.root), *words[1:]], env=environment)
        assert result.exit_code == code, result.output
        return result.output

    assert "deleted" in run("remove", PAPER)
    assert "There is no text" in run("show", PAPER, code=2)
    added = run("add", PAPER, str(tmp_path / "boats.md"), "--version", "v1", "--licence", "CC-BY-4.0")
    assert "texts/paper/boats-in-circles.toml" in added
    assert "markdown, v1, CC-BY-4.0" in run("list")
    assert "2-results" in run("show", PAPER)
    assert "on fire" in run("show", PAPER, "Results")
    assert "Section 2" in run("show", PAPER, "--find", "it is on fire")
    assert "Nearest" in run("show", PAPER, "--find", "it is in flames", code=1)
    assert "no place" in run("show", PAPER, "nowhere", code=2)
    assert "did you mean paper:boats-in-circles" in run("add", "paper:boats-in-circle", "x", code=2)
    assert "no work" in run("add", "concept:reward-hacking", "x", code=2)
    other = tmp_path / "other.md"
    other.write_text(TEXT.replace("Boats in circles", "A study of kites").replace("boat", "kite"), encoding="utf-8")
    assert "does not begin with the title" in run("add", PAPER, str(other), code=2)
    assert "added" not in run("add", PAPER, str(other), "--anyway")
    other.write_bytes(b"\x00\x01" * 500)
    assert "is no text" in run("add", PAPER, str(other), code=3)
