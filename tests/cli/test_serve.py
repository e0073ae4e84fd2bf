"""What `akb serve` refuses before it listens."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.main import main


def test_pages_of_data_of_another_form_need_the_embedded_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data.ttl").write_text("<http://data.example/a> a <http://data.example/Bird> .")
    for name, value in {"AKB_STORE": "http://127.0.0.1:9/", "AKB_STATE": str(tmp_path / "state")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AKB_EMBEDDING", "none")
    result = CliRunner().invoke(main, ["serve", "--data", str(tmp_path / "data.ttl")])
    assert result.exit_code == 2
    assert "unset AKB_STORE" in result.output
