"""Look-ups in the SQLite files of a release are stopped when they take unreasonably long."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.errors import TimeLimitError
from server.store import tables
from server.store.tables import Tables

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.commit()
    return tmp_path / "a.sqlite"


def test_a_look_up_is_stopped_and_the_next_is_not(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Tables(file)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "_SECONDS", 0)
        with pytest.raises(TimeLimitError, match="and was stopped") as caught, opened.connection() as connection:
            connection.execute(ENDLESS).fetchall()
    assert caught.value.mend
    with opened.connection() as connection:
        assert connection.execute("SELECT COUNT(*) AS n FROM a").fetchone()["n"] == 0


def test_another_error_stays_what_it_is(file: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), Tables(file).connection() as connection:
        connection.execute("SELECT * FROM absent")
