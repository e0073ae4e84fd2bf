"""A base of two works and three people, small enough to be imported into again and again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.main import main

SEED = """class,slug,type,label,definition,status,sources,issued,doi,arxivId,authorList
paper,watched-boats,,Watched boats,A report on boats that are looked at.,active,DOI 10.5555/s,1990-05,10.5555/seed.1,,\
Ada Lind; Ben Oak; Sören Äng
paper,unseen-boats,,Unseen boats in the fog at night,On boats that nobody sees.,active,DOI 10.5555/s,1991,,9101.00001,\
Ada Lind; Ben Oak
thinker,ada-lind,Person,Ada Lind,Wrote the two reports on boats.,active,DOI 10.5555/s,,,,
thinker,soren-ang,Person,Sören Äng,Wrote one of them.,active,DOI 10.5555/s,,,,
thinker,boat-group,Group,The Boat Group,A circle of readers.,active,DOI 10.5555/s,,,,
"""
SEED_EDGES = """subject,predicate,object,note,assertedIn,status
paper:watched-boats,authored_by,thinker:ada-lind,First of three authors.,paper:watched-boats,active
paper:watched-boats,authored_by,thinker:soren-ang,Last of three authors.,paper:watched-boats,active
paper:unseen-boats,authored_by,thinker:ada-lind,First of two authors.,paper:unseen-boats,active
paper:unseen-boats,cites,paper:watched-boats,In its list of references.,paper:unseen-boats,active
thinker:boat-group,studies,paper:watched-boats,They read it.,,active
"""

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base, of which each test has a copy."""
    repository = Path(__file__).parent.parent.parent
    root = tmp_path_factory.mktemp("seeded") / "base"
    for part in ("ontology", "shapes"):
        shutil.copytree(repository / part, root / part)
    (root / "kb").mkdir()
    tables = [root.parent / "entities.csv", root.parent / "edges.csv"]
    for path, text in zip(tables, (SEED, SEED_EDGES), strict=True):
        path.write_text(text, encoding="utf-8")
    result = CliRunner(env={"AKB_ROOT": str(root)}).invoke(main, ["import", "table", *map(str, tables)])
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture
def library(seeded: Path, tmp_path: Path) -> Path:
    """A copy of the base that a test may change."""
    root = tmp_path / "library"
    shutil.copytree(seeded, root, ignore=shutil.ignore_patterns(".akb"))
    return root


@pytest.fixture
def akb(library: Path, tmp_path: Path) -> Run:
    """Run a command on the copy; nothing leaves the test's own folder."""

    def run(*words: object) -> Result:
        environment = {"AKB_ROOT": str(library), "AKB_STATE": str(tmp_path / "state")}
        result = CliRunner(env=environment).invoke(main, list(map(str, words)))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run
