"""`akb fmt` as it is run: on a base, and on any folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main
from tests.history.repositories import repository, write

AF = "kb/concept/alignment-faking.ttl"
BOM = b"\xef\xbb\xbf"


def fmt(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["fmt", *map(str, words)])


def test_a_byte_order_mark_is_read_everywhere_and_taken_out_of_kb(root: Path) -> None:
    files = [AF, "ontology/akb.ttl", "shapes/entity.ttl", "shapes/rules/several-types.rq", "akb.toml"]
    (root / "akb.toml").write_text("port = 8123\n")
    for name in files:
        (root / name).write_bytes(BOM + (root / name).read_bytes())
    whole = (root / AF).read_bytes()
    result = CliRunner().invoke(main, ["check", "--root", str(root)])
    assert (result.exit_code, "no findings" in result.output) == (0, True), result.output
    assert (
        fmt("--root", root, "--check").output
        == f"would change {AF}\n{_count(root)} files: 1 would change, 0 refused.\n"
    )
    assert (root / AF).read_bytes() == whole
    assert fmt("--root", root).exit_code == 0
    assert (root / AF).read_bytes() == whole.removeprefix(BOM)
    assert fmt("--root", root, "--check").exit_code == 0


def _count(root: Path) -> int:
    return sum(1 for path in (root / "kb").rglob("*.ttl") if path.is_file())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = repository(tmp_path / "project")
    write(
        top,
        {
            "a.ttl": "@prefix ex: <http://ex.org/> .\nex:b ex:p 1 .\nex:a ex:p [ ex:q 2 ] . # kept\n",
            "deep/b.turtle": "<urn:b> <urn:p> <urn:c> .\n<urn:a> <urn:p> <urn:c> .\n",
            "refused.ttl": "<urn:b> <urn:p> ( # lost\n1 ) .\n",
            "bad.ttl": "junk",
            "c.nt": "<urn:b> <urn:p> <urn:c> .\n<urn:a> <urn:p> <urn:c> .\n",
            ".gitignore": "target/\n",
            "target/t.ttl": "<urn:b> <urn:p> <urn:c> .\n<urn:a> <urn:p> <urn:c> .\n",
        },
    )
    monkeypatch.chdir(top)
    return top


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git/" not in str(path))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_turtle_of_any_folder_is_formatted_or_left_whole(project: Path) -> None:
    before = contents(project)
    assert fmt("--data", ".", "--check").exit_code == 1
    assert contents(project) == before
    result = fmt("--data", ".")
    assert result.exit_code == 1, "two were refused"
    assert result.stdout == (
        "formatted a.ttl\nformatted deep/b.turtle\n"
        "4 files: 2 changed, 2 refused. 1 file that is not Turtle, left as it is.\n"
    )
    assert "bad.ttl:1:1" in result.stderr
    assert "refused.ttl: The comment at line 1" in result.stderr
    after = contents(project)
    assert {name for name in after if after[name] != before[name]} == {"a.ttl", "deep/b.turtle"}
    assert after["a.ttl"].decode() == (
        "@prefix ex: <http://ex.org/> .\n\nex:a ex:p [\n        ex:q 2\n    ] . # kept\n\nex:b ex:p 1 .\n"
    )
    assert "2 files: 0 changed, 0 refused." in fmt("--data", ".", "a.ttl", "deep/b.turtle").output


def test_lines_end_as_they_did_and_a_byte_order_mark_goes(project: Path) -> None:
    (project / "a.ttl").write_bytes(BOM + b"<urn:b> <urn:p> 1 .\r\n<urn:a> <urn:p> 1 .\r\n")
    fmt("--data", ".", "a.ttl")
    assert (project / "a.ttl").read_bytes() == b"<urn:a> <urn:p> 1 .\r\n\r\n<urn:b> <urn:p> 1 .\r\n"


def test_nothing_outside_the_folder_is_written(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.ttl"
    outside.write_text("<urn:b> <urn:p> 1 .\n<urn:a> <urn:p> 1 .\n")
    whole = outside.read_text()
    result = fmt("--data", ".", outside)
    assert (result.exit_code, "nothing outside is written" in result.output) == (2, True)
    (project / "link.ttl").symlink_to(outside)
    result = fmt("--data", ".")
    assert "link.ttl: the file is a link to one outside" in result.stderr
    assert outside.read_text() == whole


def test_a_base_is_no_place_for_files_of_others(root: Path, project: Path) -> None:
    result = fmt("--root", root, project / "a.ttl")
    assert (result.exit_code, "nothing outside is written" in result.output) == (2, True)


@pytest.mark.parametrize("words", [["--data", ".", "--root", "."], ["--data", "nowhere"], []])
def test_wrong_use_exits_with_2(words: list[str], project: Path) -> None:
    assert fmt(*words).exit_code == 2
