"""The corpus of faults, `tests/faults/`: each is found where it is, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.schema.schema import Schema
from server.turtle.base import Base
from server.validation.catalogue import catalogue
from tests.faults.corpus import Fault, checked, faults, lay_out, telling
from tests.thorough import NIGHTLY

FAULTS = faults()


def test_the_clean_base_has_no_finding(tmp_path: Path) -> None:
    lay_out(tmp_path / "base", None)
    assert checked(tmp_path / "base") == (0, [])


@pytest.mark.parametrize("fault", FAULTS if NIGHTLY else telling(FAULTS), ids=lambda fault: fault.name)
def test_a_fault_is_found_in_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    """Where others break the same rules, a fault in `kb/` is left to tests/validation/changes/test_checking.py."""
    lay_out(tmp_path / "base", fault)
    assert fault.findings
    assert checked(tmp_path / "base") == (fault.expected["exit"], fault.findings)


def test_every_rule_has_a_fault_that_breaks_it(base: Base) -> None:
    rules = {entry.name for entry in catalogue(base) if not _is_generated(entry.source)}
    assert len(rules) >= 100
    assert rules - {finding["rule"] for fault in FAULTS for finding in fault.findings} == set()


def _is_generated(source: str) -> bool:
    return source == "shapes/predicates.ttl"


def test_each_predicate_is_held_to_its_ends(schema: Schema, base: Base, tmp_path: Path) -> None:
    """The shapes of predicates are generated: one base breaks all of them."""
    root = tmp_path / "base"
    lay_out(root, None)
    path = root / "kb/concept/goal-drift.ttl"
    text = path.read_text()
    [edge] = re.findall(r"^(edge:\w+) a akb:Edge", text, re.MULTILINE)
    path.write_text(text + "".join(f"{edge} {term.curie} {edge} .\n" for term in schema.predicates.values()))
    _, findings = checked(root, "--only", "shapes")
    generated = {entry.name for entry in catalogue(base) if _is_generated(entry.source)}
    assert len(generated) == 2 * len(schema.predicates)
    assert {finding["rule"] for finding in findings} == generated
    lines = path.read_text().splitlines()
    for finding in findings:
        predicate, _, end = finding["rule"].partition("-")
        assert finding["focus"] == edge
        # A subject stands before its predicate, an object behind it.
        here = lines[finding["line"] - 1][finding["column"] - 1 :]
        assert here == (f"akb:{predicate} {edge} ." if end == "subject" else f"{edge} .")
        assert f"{edge} akb:{predicate} " in lines[finding["line"] - 1]


def test_messages_and_mends_are_whole_sentences() -> None:
    for fault in FAULTS:
        for finding in fault.findings:
            message, mend = finding["message"], finding["mend"]
            assert re.search(r"[.?]\Z", message), message
            assert mend.endswith((".", "it")), mend
            assert not re.search(r"\{\w*\}", message + mend), "every placeholder is filled"
            assert finding["line"] >= 1
            assert finding["column"] >= 1
