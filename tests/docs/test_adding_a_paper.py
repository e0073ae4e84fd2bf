"""`docs/adding-a-paper.md` is true: its commands are run as they are, and its keys are pressed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KNOWLEDGE, REPOSITORY, copy_base
from tests.terminals import Terminal

pytestmark = pytest.mark.slow

PAGE = (REPOSITORY / "docs" / "adding-a-paper.md").read_text(encoding="utf-8")
NAMED = {"Ctrl-A": "\x01", "Ctrl-K": "\x0b", "Enter": "\r", "Space": " "}


def test_from_a_record_and_a_text_to_merged_claims(tmp_path: Path) -> None:
    root, state = copy_base(tmp_path / "base", KNOWLEDGE), tmp_path / "state"
    for command in (
        *(["init", "-q"], ["config", "user.name", "Ada Lind"], ["config", "user.email", "ada@example.org"]),
        *(["add", "."], ["commit", "-qm", "Begin"]),
    ):
        subprocess.run(["git", *command], cwd=root, check=True)
    programs = tmp_path / "programs"
    programs.mkdir()
    akb = programs / "akb"
    akb.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m server.cli.main "$@"\n')
    akb.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "AKB_STATE": str(state),
    }

    def typed(block: str) -> str:
        run = subprocess.run(
            ["bash", "-ec", block], cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, f"{block}\n{run.stdout}{run.stderr}"
        return run.stdout + run.stderr

    found = typed("akb check").rpartition(" edges: ")[2]
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    record, _, checked, extracted, proposed, listed = map(typed, blocks[:6])
    assert "1 work is new, 1 author joined" in record
    assert checked.endswith(f" edges: {found}"), "the check finds what it found before, and nothing else"
    assert "3 new in the queue" in extracted
    assert proposed.count("waits for a decision") == 2
    assert "score 0.82" in listed
    assert "5 proposals wait" in listed

    words = re.search(r"```text\nakb (review .*)\n```", PAGE)
    assert words is not None
    rows = re.findall(r"^\| .* \| (`.*`) \| .* \|$", PAGE, re.MULTILINE)
    keys = [NAMED.get(key, key) for row in rows for key in re.findall(r"`([^`]+)`", row)]
    terminal = Terminal(*words[1].split(), "--root", str(root), cwd=root, state=state)
    shown = {"e": "ends it.", "2": "1.definition: ", "4": "1.note: ", "\r": "ends it."}
    screen = terminal.expect("q quit")
    assert "score: 0.82" in screen
    for place, key in enumerate(keys, 1):
        if key in {"\x01", "\x0b", "\r"} or len(key) > 1:
            terminal.type(key)
        else:
            terminal.press(key)
        if key == "\r" or (len(key) == 1 and key.isprintable()):
            terminal.expect(shown.get(key, "q quit") if place < len(keys) else "No more proposals wait.")
    terminal.expect("1 proposal rejected")
    terminal.expect("4 proposals accepted: commit ")
    assert terminal.end() == 0

    in_files, left = map(typed, blocks[6:])
    assert in_files.count('akb:reviewer "Ada Lind"') == 4
    assert "It asks what models do when they know." in in_files
    assert "In 36 of 400 transcripts the plan" in in_files
    assert f" edges: {found}" in in_files
    assert "accepted with changes by Ada Lind" in in_files
    claims = "".join(path.read_text(encoding="utf-8") for path in (root / "kb" / "claim").glob("*.ttl"))
    assert "That a model which knows its situation hides its plan more often." in claims
    assert "reading by hand may find more" not in claims
    assert "0 new in the queue" in left
    assert "0 proposals wait" in left
