"""The downloads of the release of the small base, as the build made them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.build.dumps.manifest import FOLDER, read_downloads
from server.build.dumps.tables import read_tables
from server.build.releases import Releases
from server.records.downloads import Downloads
from server.settings import Settings


@pytest.fixture(scope="session")
def release(settings: Settings) -> Path:
    found = Releases(settings.releases).current()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def folder(release: Path) -> Path:
    return release / FOLDER


@pytest.fixture(scope="session")
def downloads(release: Path) -> Downloads:
    return read_downloads(release)


@pytest.fixture
def tables(folder: Path) -> Iterator[sqlite3.Connection]:
    with read_tables(folder / "base.sqlite") as opened:
        yield opened


@pytest.fixture
def own_tables(folder: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the tables with a few entities, which a test may spoil."""
    path = tmp_path / "own.sqlite"
    path.write_bytes((folder / "base.sqlite").read_bytes())
    opened = sqlite3.connect(path)
    opened.row_factory = sqlite3.Row
    opened.executescript(
        """DELETE FROM evidence; DELETE FROM claim; DELETE FROM edge_fact;
        DELETE FROM edge WHERE id NOT IN (SELECT id FROM edge ORDER BY id LIMIT 2);
        DELETE FROM entity WHERE id NOT IN
          (SELECT subject FROM edge UNION SELECT object FROM edge UNION SELECT source FROM edge);
        DELETE FROM fact WHERE entity NOT IN (SELECT id FROM entity);
        DELETE FROM name WHERE entity NOT IN (SELECT id FROM entity);"""
    )
    yield opened
    opened.close()
