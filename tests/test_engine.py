"""What tells one state of the engine from another."""

from __future__ import annotations

import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from server import engine


def fingerprint_in(folder: Path) -> str:
    """Return the fingerprint of an engine that stands in another folder."""
    spec = spec_from_file_location("another", folder / "engine.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.engine_fingerprint())


def test_the_fingerprint_is_another_when_a_file_of_the_engine_is(tmp_path: Path) -> None:
    shutil.copy(engine.__file__, tmp_path)
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
