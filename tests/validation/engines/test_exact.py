"""What the quick engine is not trusted with is left to the reference, and a note says so (SHACL, sections 2 to 6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main
from server.errors import UnreadableError
from server.records.engines import Engine
from server.turtle.parsing import parse
from server.validation.engines import fast, running
from server.validation.engines.exact import beyond
from server.validation.engines.results import Request, Result
from server.validation.engines.running import DifferenceError, validate

from .generating import HEAD

DATA = "<urn:x:n> <urn:x:p> <urn:x:n> .\n"
TRUE = '<urn:x:n> <urn:x:p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n'
TOO_BIG = ":s sh:targetNode :n ; sh:property [ sh:path :p ; sh:maxExclusive 2 ] ."
"""Of a value that cannot be compared with it, which pyshacl does all the same."""


def shaped(text: str) -> Request:
    return Request(DATA, parse(""), parse(HEAD + text))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (':s sh:sparql [ sh:select "SELECT $this WHERE {}" ] .', "the term sh:select"),
        (":s sh:target [ a sh:SPARQLTarget ] .", "sh:"),
        (":s sh:rule [ sh:subject sh:this ] .", "sh:"),
        (':s sh:js [ sh:jsFunctionName "f" ] .', "sh:js"),
        (":s sh:expression true .", "sh:expression"),
        (":c a sh:ConstraintComponent .", "sh:ConstraintComponent"),
        (":s sh:targetNode :n ; sh:minLenght 3 .", "sh:minLenght"),
        (':s sh:property [ sh:path :p ; sh:pattern "a" ; sh:flags "i" ] .', "sh:flags"),
        (':s sh:targetNode :n ; sh:pattern "(?=a)" .', "sh:pattern at <urn:x:s>"),
        (":s sh:property [ sh:path :p ; sh:closed true ] .", "sh:closed"),
        (':s sh:targetNode :n ; sh:minInclusive "2024-01-01"^^xsd:date .', "sh:minInclusive"),
        (":s sh:targetNode :n ; sh:datatype xsd:hexBinary .", "sh:datatype"),
        (":s sh:targetNode :n ; sh:datatype rdf:HTML .", "sh:datatype"),
        (":s sh:targetNode :n ; sh:class ( :A :B ) .", "sh:class"),
        (":s sh:targetNode _:n ; sh:class :A .", "sh:targetNode"),
        (":s sh:targetNode :n ; sh:minCount 1 .", "no sh:path"),
        (":s sh:property [ sh:path :p ; sh:minCount 1, 2 ] .", "sh:minCount"),
        (":s sh:property [ sh:path [ sh:inversePath :p ; sh:zeroOrMorePath :q ] ] .", "sh:path"),
        (":s sh:property [ sh:path ( :p ) ] .", "sh:path"),
        (":s sh:targetNode :n ; sh:or () .", "sh:or"),
        (":s sh:targetNode :n ; sh:node :t . :t sh:not :s .", "refers to itself"),
        (":s a sh:NodeShape ; sh:path :p .", "kind of <urn:x:s>"),
        (":s sh:property [ sh:minLength 1 ] .", "no sh:path"),
        (":s sh:property [ sh:path :p ; sh:qualifiedValueShape [ sh:class :A ] ] .", "no count"),
        (":Kind rdfs:subClassOf rdfs:Class .", "class of classes"),
    ],
)
def test_what_is_beyond_the_quick_engine(shape: str, reason: str) -> None:
    assert reason in beyond(parse(HEAD + shape))


def test_the_reference_takes_over_and_a_note_says_why() -> None:
    notes: list[str] = []
    asked = shaped(':s sh:targetNode :n ; sh:property [ sh:path :p ; sh:pattern "^URN:Y" ; sh:flags "i" ] .')
    assert [result.component.rpartition("#")[2] for result in validate(asked, note=notes.append)] == [
        "PatternConstraintComponent"
    ]
    assert len(notes) == 1
    assert "sh:flags" in notes[0]


def test_without_the_package_the_reference_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "is_installed", lambda: False)
    notes: list[str] = []
    assert len(validate(shaped(":s sh:targetNode :n ; sh:class :A ."), note=notes.append)) == 1
    assert "not installed" in notes[0]


@pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_panic_of_the_quick_engine_is_not_the_end() -> None:
    """It panics at a date with a year that no machine integer holds."""
    data = '<urn:x:n> <urn:x:p> "99999999999999999999-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    asked = Request(
        data, parse(""), parse(HEAD + ":s sh:targetNode :n ; sh:property [ sh:path :p ; sh:datatype xsd:date ] .")
    )
    notes: list[str] = []
    assert len(validate(asked, note=notes.append)) == 1
    assert "failed" in notes[0]


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("shape", [":s a sh:PropertyShape .", ':s sh:targetNode :n ; sh:pattern "(" .'])
def test_ill_formed_shapes_are_an_error_with_a_mend(engine: Engine, shape: str) -> None:
    with pytest.raises(UnreadableError, match="The engine stopped") as caught:
        validate(shaped(shape), engine)
    assert caught.value.mend


@pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform")
def test_both_fails_on_a_difference_and_names_it() -> None:
    asked = Request(TRUE, parse(""), parse(HEAD + TOO_BIG))
    with pytest.raises(DifferenceError, match="only the quick engine: <urn:x:n>"):
        validate(asked, Engine.BOTH)
    agreed = shaped(":s sh:targetNode :n ; sh:class :A .")
    assert list(map(running.key, validate(agreed, Engine.BOTH))) == list(map(running.key, validate(agreed)))
    assert isinstance(validate(agreed, Engine.REFERENCE)[0], Result)


@pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform")
def test_the_command_line_says_the_note_once_and_exits_with_4_on_a_difference(tmp_path: Path) -> None:
    (tmp_path / "data.nt").write_text(DATA)
    shapes = tmp_path / "shapes"
    shapes.mkdir()
    (shapes / "s.ttl").write_text(HEAD + ':s sh:targetNode :n ; sh:sparql [ sh:select "SELECT $this WHERE {}" ] .')
    words = ["check", "--data", str(tmp_path / "data.nt"), "--shapes", str(shapes), "--only", "shapes"]
    result = CliRunner().invoke(main, words)
    assert result.stderr.count("note:") == 1
    assert "note:" not in result.stdout
    (tmp_path / "data.nt").write_text(TRUE)
    (shapes / "s.ttl").write_text(HEAD + TOO_BIG)
    result = CliRunner().invoke(main, [*words, "--engine", "both"])
    assert result.exit_code == 4
    assert "differ in 1 result" in result.stderr
