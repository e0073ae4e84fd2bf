"""What tells one state of the engine from another."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from server import engine


def fingerprint_in(folder: Path) -> str:
    """Return the fingerprint of an engine that stands in another folder."""
    code = f"from {folder.name} import engine; print(engine.engine_fingerprint())"
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder.parent)
    return done.stdout.strip()


def test_the_fingerprint_is_another_when_a_file_of_the_engine_is(tmp_path: Path) -> None:
    tmp_path /= "another"
    tmp_path.mkdir()
    for name in ("engine", "extensions", "errors"):
        shutil.copy(Path(engine.__file__).parent / f"{name}.py", tmp_path)
    (tmp_path / "queries").mkdir()
    found = [fingerprint_in(tmp_path)]
    for name, text in (("a.html", "<p>"), ("queries/a.rq", "ASK {}"), ("queries/a.rq", "ASK { ?a ?b ?c }")):
        (tmp_path / name).write_text(text)
        found.append(fingerprint_in(tmp_path))
    (tmp_path / "queries" / "a.rq").rename(tmp_path / "a.rq")
    found.append(fingerprint_in(tmp_path))
    assert len(set(found)) == 5
    (tmp_path / "notes.txt").write_text("no part of the engine")
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "page.html").write_text("of the base that it carries")
    assert fingerprint_in(tmp_path) == found[-1]
    (tmp_path / "a.rq").unlink()
    (tmp_path / "a.html").unlink()
    assert fingerprint_in(tmp_path) == found[0]


def test_the_version_is_a_number() -> None:
    assert engine.engine_version()[0].isdigit()
