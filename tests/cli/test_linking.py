"""`akb link` takes what pages show and people say, and `akb new` what a work is known by."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from server.schema.schema import Schema
from server.turtle.base import Base
from server.turtle.naming import entities_named

FAKING, PAPER = "concept:alignment-faking", "paper:alignment-faking-in-llms"
OTHER = "concept:situational-awareness"


def akb(root: Path, *words: str, typed: str = "") -> Result:
    return CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, list(words), input=typed)


@pytest.mark.parametrize("wording", ["studied_by", "is_studied_by", "is studied by", "studiedBy", "akb:studiedBy"])
def test_a_predicate_is_known_by_the_wording_that_pages_show(wording: str, schema: Schema) -> None:
    assert schema.predicate_named(wording).notation == "studied_by"


def test_entities_are_known_by_their_names(base: Base) -> None:
    iri = "https://w3id.org/alignment-kb/concept/alignment-faking"
    for name in (FAKING, iri, "Alignment Faking", "faking ALIGNMENT"):
        assert entities_named(base, name) == (iri,)


def test_names_are_taken_and_what_is_left_out_is_asked_for(root: Path) -> None:
    result = akb(root, "link", "Alignment faking", typed="Situational awareness\nassociated with\nBoth are seen.\n")
    assert result.exit_code == 0, result.output
    assert "associated_with" in result.output, "what may join the two is offered"
    result = akb(root, "link", "associated_with", typed="compliance gap\nSituational awareness\nBoth are seen.\n")
    assert result.exit_code == 0, result.output
    assert "Both are seen." in (root / "kb/concept/compliance-gap.ttl").read_text(encoding="utf-8")
    assert akb(root, "check").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Alignment fakin", "extends", OTHER), "did you mean concept:alignment-faking, Alignment Faking?"),
        (("concept:alignment-fakin", "extends", OTHER), "did you mean concept:alignment-faking?"),
        ((FAKING, "extnds", OTHER), "did you mean extends?"),
        ((FAKING, "cites", PAPER), "akb:cites starts from akb:Work, and concept:alignment-faking is akb:Concept."),
        ((FAKING, "cites", PAPER), "studied_by"),
        ((FAKING, "extends", OTHER), "There is no note."),
        ((FAKING, "extends", "one", "two"), "'two' is a word too many."),
        ((FAKING,), "There is no object."),
    ],
)
def test_what_is_wrong_is_said_at_once_with_what_may_be_meant(words: tuple[str, ...], message: str, root: Path) -> None:
    before = {file: file.read_bytes() for file in root.rglob("*.ttl")}
    result = akb(root, "link", *words)
    assert result.exit_code == 2, result.output
    assert message in result.output
    assert {file: file.read_bytes() for file in root.rglob("*.ttl")} == before


def test_a_work_is_written_with_what_it_is_known_by(root: Path) -> None:
    result = akb(
        *(root, "new", "paper", "A title", "--arxiv", "arXiv:2401.00001v2", "--doi", "https://doi.org/10.1000/X.1"),
        *("--authors", "Ada Lovelace;Mary Somerville; "),
    )
    assert result.exit_code == 0, result.output
    text = (root / "kb/paper/a-title.ttl").read_text(encoding="utf-8")
    assert 'akb:arxivId "2401.00001"' in text
    assert "10.1000/" in text
    assert 'akb:authorList "Ada Lovelace; Mary Somerville"' in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("concept", "A thing", "--doi", "10.1000/x"), "A concept has no DOI"),
        (("paper", "A title", "--arxiv", "nonsense"), "'nonsense' is no number on arXiv."),
        (("paper", "A title", "--doi", "10.1000/x", "--fetch"), "leave out --fetch"),
        (("paper", "--authors", "Ada"), "Nothing says what the entity is called."),
    ],
)
def test_a_work_that_cannot_be_known_so_is_refused(words: tuple[str, ...], message: str, root: Path) -> None:
    result = akb(root, "new", *words)
    assert result.exit_code == 2, result.output
    assert message in result.output
