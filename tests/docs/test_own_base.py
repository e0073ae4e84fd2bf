"""`docs/your-own-base.md` and `docs/any-data.md` are true: their commands are run as they are, in their order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, address_of

pytestmark = pytest.mark.slow

SITE = "http://127.0.0.1:8000/"
AS_TYPED_LATER = "curl --fail --max-time 30 --retry 60 --retry-delay 1 --retry-all-errors "
"""A server opens what was built a moment ago; nobody types as quickly as this test."""


class Reader:
    """One who types what a page says, in one shell after another, and leaves the server running."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.server = ""
        self.output: list[str] = []
        self._stack = stack
        programs = folder / "programs"
        programs.mkdir()
        akb = programs / "akb"
        akb.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m server.cli.main "$@"\n')
        akb.chmod(0o755)
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("AKB_")} | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "XDG_CACHE_HOME": str(folder / "cache"),
            # No host but this one is asked for anything, and no model is loaded.
            "AKB_EMBEDDING": "none",
            "AKB_SPARE_WORKER": "no",
        }

    def type(self, block: str) -> str:
        """Run a block of commands; a server goes on running."""
        if block.startswith("akb serve"):
            self.server = self._stack.enter_context(self._serving(block.split()[1:]))
            return ""
        text = block.replace(SITE, self.server or SITE).replace("curl ", AS_TYPED_LATER)
        script = f'set -e\n{text}\npwd > "{self.folder}/place"\n'
        result = subprocess.run(
            ["bash", "-c", script],
            cwd=self._place(),
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{block}\n{result.stdout}{result.stderr}"
        self.output.append(result.stdout)
        return result.stdout

    def _place(self) -> Path:
        place = self.folder / "place"
        return Path(place.read_text().strip()) if place.exists() else self.folder

    @contextmanager
    def _serving(self, words: list[str]) -> Iterator[str]:
        log = self.folder / f"serve-{threading.get_ident()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "server.cli.main", *words, "--port", "0"],
                cwd=self._place(), env=self._environment, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            yield address_of(process, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Someone in an empty folder."""
    with ExitStack() as stack:
        yield Reader(tmp_path, stack)


def blocks(name: str) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", (REPOSITORY / "docs" / name).read_text(encoding="utf-8"), re.DOTALL)


def test_from_an_empty_folder_to_a_served_site(reader: Reader) -> None:
    said = [reader.type(block) for block in blocks("your-own-base.md")]
    assert len(said) == 7
    assert reader.server
    checks = [line for text in said for line in text.splitlines() if " files, " in line and "entities" in line]
    assert checks == [f"{n} files, {n} entities, {edges} edges: no findings." for n, edges in ((3, 2), (4, 3), (5, 4))]
    assert "voc:growsIn place:east-beach" in said[2]
    list_, page, search = said[5].split("\n}\n")[:3]
    assert "collector:dune-club" in list_
    assert '"name": "collecting since"' in page
    assert '"value": "1987"' in page
    assert "plant:thrift" in page
    assert "collector:dune-club" in search


def test_any_rdf_is_published(reader: Reader) -> None:
    shutil.copytree(REPOSITORY / "tests/bases/plain", reader.folder / "harbours")
    before = {path: path.stat().st_mtime_ns for path in (reader.folder / "harbours").rglob("*")}
    first, *rest = blocks("any-data.md")
    check, serve = first.splitlines()
    assert "entities" in reader.type(check)
    reader.type(serve)
    [answers] = [reader.type(block) for block in rest]
    assert answers.count("kittiwake") >= 3
    assert "Fog bell" in answers
    assert {path: path.stat().st_mtime_ns for path in (reader.folder / "harbours").rglob("*")} == before
