"""Reading a base, bad files included."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from server.errors import UnreadableError
from server.turtle.files import fingerprint
from server.turtle.parsing import parse
from server.turtle.reader import read_base
from tests.made import NAMESPACES


@pytest.mark.parametrize(
    ("name", "content", "line", "words"),
    [
        ("bad.ttl", b"@prefix a: <urn:a/> .\na:b a:c\n", 2, "Not Turtle"),
        ("latin.ttl", "# one\n# Stra\xdfe\n".encode("latin-1"), 2, "Not UTF-8"),
        ("notes.txt", b"hello", 1, "Not a Turtle file"),
        ("iri.ttl", b"<a b> <urn:p> 1 .", 1, "Not Turtle"),
    ],
)
def test_a_bad_file_is_one_finding_and_the_others_are_read(
    root: Path, name: str, content: bytes, line: int, words: str
) -> None:
    (root / "kb" / "concept" / name).write_bytes(content)
    base = read_base(root, NAMESPACES)
    [finding] = base.unreadable
    assert (finding.file, finding.line, finding.rule) == (f"kb/concept/{name}", line, "syntax")
    assert words in finding.message
    assert finding.mend
    assert len(base.files) == 63


def test_hidden_files_and_back_ups_are_passed_over(root: Path) -> None:
    (root / "kb" / ".DS_Store").write_bytes(b"\0")
    (root / "kb" / "concept" / "x.ttl~").write_text("old")
    (root / "kb" / ".git").mkdir()
    (root / "kb" / ".git" / "x.ttl").write_text("no")
    assert read_base(root, NAMESPACES).unreadable == ()


def test_a_bad_ontology_stops_everything_with_its_place(root: Path) -> None:
    path = root / "ontology" / "schemes.ttl"
    path.write_text(path.read_text() + "\nakbv:x a")
    with pytest.raises(UnreadableError, match=r"ontology/schemes\.ttl:\d+"):
        read_base(root, NAMESPACES)


def test_every_turtle_file_in_the_folder_of_the_ontology_is_read(root: Path) -> None:
    for name in ("more.ttl", ".hidden.ttl", "notes.txt"):
        (root / "ontology" / name).write_text("<urn:a> <urn:b> <urn:c> .\n")
    paths = [file.path for file in read_base(root, NAMESPACES).ontology_files]
    own = [path for path in paths if path.startswith("ontology/")]
    assert own == [f"ontology/{name}.ttl" for name in ("akb", "alignments", "more", "schemes", "sections")]


def test_an_ontology_is_read_again_only_where_it_changed(root: Path) -> None:
    one, same = read_base(root, NAMESPACES), read_base(root, NAMESPACES)
    assert one.ontology is same.ontology
    path = root / "ontology" / "schemes.ttl"
    path.write_text(path.read_text() + "\n<urn:a> <urn:b> <urn:c> .\n")
    other = read_base(root, NAMESPACES)
    assert len(other.ontology) == len(one.ontology) + 1
    pairs = zip(one.ontology_files, other.ontology_files, strict=True)
    assert [after.path for before, after in pairs if before is not after] == ["ontology/schemes.ttl"]


def test_progress_is_told_up_to_the_end(root: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read_base(root, NAMESPACES, lambda *step: told.append(step))
    assert told[0] == ("read", 0, 63)
    assert told[-1] == ("read", 63, 63)


def test_the_fingerprint_changes_with_any_file_and_with_nothing_else(root: Path) -> None:
    first = fingerprint(root, "salt")
    assert fingerprint(root, "salt") == first
    assert fingerprint(root, "other") != first
    path = root / "shapes" / "rules" / "edge-name.rq"
    path.write_text(path.read_text() + "\n")
    second = fingerprint(root, "salt")
    assert second != first
    (root / "kb" / "concept" / "alignment-faking.ttl").rename(root / "kb" / "concept" / "renamed.ttl")
    assert fingerprint(root, "salt") not in {first, second}


def test_literals_keep_the_form_in_which_they_are_written(root: Path) -> None:
    base = read_base(root, NAMESPACES)
    assert any(str(term).endswith("Z") for term in base.asserted.objects(None, None) if "T02:00:00" in str(term))
    assert not any(str(term).endswith("+00:00") for term in base.asserted.objects(None, None))


def test_literals_keep_their_form_after_a_check_too(root: Path) -> None:
    """pyshacl switches rdflib's rewriting of literals back on when it ends."""
    rdflib.NORMALIZE_LITERALS = True
    text = '<urn:a> <urn:b> "2026-11-21T02:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .'
    assert [str(term) for term in parse(text).objects()] == ["2026-11-21T02:00:00Z"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<urn:a> <urn:p> <<( <urn:a> <urn:p> 1 )>> .", (1, 17)),
        ('<urn:a> <urn:p>\n  "x"@en--ltr .', (2, 9)),
        ('VERSION "1.2"\n<urn:a> <urn:p> 1 .', (1, 1)),
        ("<urn:a> <urn:p> 1 ~ <urn:r> .", (1, 19)),
        ("<urn:a> <urn:p> 1 {| <urn:q> 2 |} .", (1, 19)),
    ],
)
def test_what_only_rdf_1_2_allows_is_a_finding(text: str, place: tuple[int, int], root: Path) -> None:
    (root / "kb/concept/x.ttl").write_text(text)
    [finding] = read_base(root, NAMESPACES).unreadable
    assert (finding.line, finding.column) == place
    assert "RDF 1.2" in finding.message


def test_what_only_looks_like_rdf_1_2_is_read() -> None:
    text = '<urn:a--b> <urn:version> "~ << -- {|"@en . # version ~'
    assert len(parse(text)) == 1


def test_a_statement_without_an_end_is_shown_at_the_end_of_the_text(root: Path) -> None:
    (root / "kb/concept/x.ttl").write_text("<urn:a> <urn:p> 1\n\n\n")
    [finding] = read_base(root, NAMESPACES).unreadable
    assert (finding.line, finding.column, finding.focus) == (1, 17, "concept:x")
