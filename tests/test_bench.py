"""The benchmarks are run by hand, so nothing else would tell that they do not even start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HANG = 120


@pytest.mark.parametrize("command", [["bench/siege.py"], ["-m", "bench.siege"]], ids=["file", "module"])
def test_the_siege_is_run_as_a_file_and_as_a_module(command: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, *command, "--help"], cwd=ROOT, timeout=HANG, capture_output=True, text=True, check=True
    )
    assert "--stalled" in said.stdout
