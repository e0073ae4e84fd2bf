"""The walk through the review queue at a real terminal: decided with single keys, taken back, and left."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.build.build import build
from server.settings import read_settings
from tests.terminals import Terminal

pytestmark = pytest.mark.slow

KEYS = "q quit"


def test_pairs_are_decided_taken_back_and_left(root: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    build(read_settings({"AKB_STATE": str(state)}, root=root))
    reviews = root / "kb" / "review"
    before = {file.name: file.read_bytes() for file in reviews.iterdir()}
    terminal = Terminal("review", "--who", "Ada Example", "--root", str(root), cwd=root, state=state)
    assert "you decide as Ada Example" in terminal.expect(KEYS)

    terminal.press("n")
    terminal.expect("Why (Enter for none)")
    terminal.type("Not the same thing.\r")
    terminal.expect("Decided: unrelated.")
    terminal.expect(KEYS)
    [made] = [file for file in reviews.iterdir() if file.name not in before]
    text = made.read_text(encoding="utf-8")
    assert '"Not the same thing."@en' in text
    assert "Ada Example" in text

    terminal.press("u")
    terminal.expect("Undone: unrelated.")
    terminal.expect(KEYS)
    assert {file.name: file.read_bytes() for file in reviews.iterdir()} == before
    terminal.press("u")
    terminal.expect("There is nothing to undo.")
    terminal.expect(KEYS)

    # A merger that one thinks better of changes nothing; a key that means nothing shows the keys again.
    terminal.press("m")
    terminal.expect("2 ")
    terminal.expect("keeps its IRI")
    terminal.press("x")
    terminal.expect(KEYS)
    terminal.press("z")
    terminal.expect(KEYS)
    assert {file.name: file.read_bytes() for file in reviews.iterdir()} == before

    terminal.press("e")
    terminal.expect("Which (0 for none)")
    terminal.type("1\r")
    terminal.expect("How are they joined")
    terminal.type("Both were seen in one study.\r")
    terminal.expect("says so (Enter for none)")
    terminal.type("\r")
    terminal.expect("Status")
    terminal.type("\r")
    terminal.expect("Decided: edge.")
    terminal.expect(KEYS)
    terminal.press("q")
    assert terminal.end() == 0
    notes = [file for file in (root / "kb").rglob("*.ttl") if "Both were seen in one study." in file.read_text("utf-8")]
    assert len(notes) == 1
