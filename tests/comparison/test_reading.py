"""Only what differs is read, and what cannot be read is reported."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from server.comparison.reading import difference
from server.comparison.records import Change
from server.history.snapshots import Folder
from server.turtle import source_files
from tests.comparison.samples import NAMESPACES, PREFIXES, entity
from tests.history.repositories import write

A, B = PREFIXES + entity("concept:a", "Alpha", "The first."), PREFIXES + entity("concept:b", "Beta", "The second.")


def folders(tmp_path: Path, old: dict[str, str], new: dict[str, str]) -> tuple[Folder, Folder]:
    for name, files in (("old", old), ("new", new)):
        write(tmp_path / name, files)
    return Folder(tmp_path / "old", "old"), Folder(tmp_path / "new", "new")


def test_only_files_that_differ_are_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = {f"kb/concept/{name}.ttl": A.replace("concept:a", f"concept:{name}") for name in "cdefg"}
    old, new = folders(tmp_path, {**same, "kb/concept/a.ttl": A}, {**same, "kb/concept/b.ttl": B})
    parsed: list[str] = []
    real = source_files.read_text
    monkeypatch.setattr(source_files, "read_text", lambda name, text: parsed.append(name) or real(name, text))
    found = difference(old, new, NAMESPACES)
    assert sorted(parsed) == ["kb/concept/a.ttl", "kb/concept/b.ttl"]
    assert {node.name: node.change for node in found.entities} == {
        "concept:a": Change.REMOVED,
        "concept:b": Change.ADDED,
    }


@pytest.mark.parametrize("spoil", ["old", "new"])
def test_a_file_that_is_not_turtle_at_one_moment_is_left_out_at_both(tmp_path: Path, spoil: str) -> None:
    """Else all that it holds at the other moment would seem to have come or gone."""
    files = {"old": {"kb/concept/a.ttl": A}, "new": {"kb/concept/a.ttl": A + "\n"}}
    files[spoil]["kb/concept/a.ttl"] += "\nbroken"
    files["new"]["kb/concept/b.ttl"] = B
    found = difference(*folders(tmp_path, files["old"], files["new"]), NAMESPACES)
    assert [node.name for node in found.entities] == ["concept:b"]
    [unread] = found.unread
    assert (unread.at, unread.path) == (spoil, "kb/concept/a.ttl")
    assert files[spoil]["kb/concept/a.ttl"].split("\n")[unread.line - 1] == "broken"
    assert "Not Turtle" in unread.message


def test_a_file_that_is_not_utf_8_or_of_another_kind_is_reported(tmp_path: Path) -> None:
    old, new = folders(tmp_path, {"kb/x": ""}, {"kb/notes.md": "# Notes"})
    (tmp_path / "new/kb/latin.ttl").write_bytes(b"# \xe9")
    assert sorted((one.path, one.at) for one in difference(old, new, NAMESPACES).unread) == [
        ("kb/latin.ttl", "new"),
        ("kb/notes.md", "new"),
        ("kb/x", "old"),
    ]


def test_a_file_that_may_not_be_opened_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = folders(tmp_path, {"kb/concept/a.ttl": A}, {"kb/concept/a.ttl": B})
    real = Folder.read

    def refuse(self: Folder, paths: Iterable[str]) -> dict[str, bytes]:
        return {} if self.name == "new" else real(self, paths)

    monkeypatch.setattr(Folder, "read", refuse)
    found = difference(old, new, NAMESPACES)
    assert [(one.path, one.at) for one in found.unread] == [("kb/concept/a.ttl", "new")]
    assert not found.entities


def test_rules_and_other_files_are_compared_as_bytes(tmp_path: Path) -> None:
    old, new = folders(
        tmp_path, {"shapes/rules/r.rq": "1"}, {"shapes/rules/r.rq": "\udce9".encode("utf-8", "ignore").decode()}
    )
    found = difference(old, new, NAMESPACES)
    assert [(one.path, one.change) for one in found.files] == [("shapes/rules/r.rq", Change.CHANGED)]


def test_a_review_tells_nothing_of_its_members(tmp_path: Path) -> None:
    """Their own files are not compared, so that they would seem to be new."""
    review = PREFIXES + (
        "<https://w3id.org/alignment-kb/review/0a1b2c3d4e> a akb:Review ; akb:member concept:a , concept:b .\n"
        "concept:a <http://www.w3.org/2002/07/owl#differentFrom> concept:b .\n"
    )
    same = {"kb/concept/a.ttl": A, "kb/concept/b.ttl": B}
    found = difference(*folders(tmp_path, same, {**same, "kb/review/0a1b2c3d4e.ttl": review}), NAMESPACES)
    assert [node.name for node in found.entities] == ["review:0a1b2c3d4e"]
