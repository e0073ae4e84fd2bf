"""Texts that a process of its own reads: it ends with the one that started it."""

from __future__ import annotations

import subprocess
import sys

CODE = """
from server.serialization import TURTLE
from server.store.apart import read_apart
from server.store.reading import Budget

print(read_apart("<urn:s> <urn:p> <urn:o> .", TURTLE, "", Budget(1 << 30, 10)), end="")
"""


def test_it_is_waited_for_at_the_end() -> None:
    """Else the interpreter says as it ends that a process is still running."""
    done = subprocess.run([sys.executable, "-W", "always", "-c", CODE], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("<urn:s> <urn:p> <urn:o> .\n", "")
