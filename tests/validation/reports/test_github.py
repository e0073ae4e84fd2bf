"""Workflow commands of GitHub Actions: one line each, with what would end a part of it escaped."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from server.records.policy import Standing, Verdict
from server.validation.reports.github import render

# As the runner reads it: properties end at "::", and each at a comma.
COMMAND = re.compile(r"::(error|warning|notice) ([^\n:]*(?::(?!:)[^\n:]*)*)::([^\n\r]*)")


def unescape(text: str) -> str:
    return text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def read(line: str) -> tuple[str, dict[str, str], str]:
    command, properties, message = COMMAND.fullmatch(line).groups()
    pairs = dict(one.split("=", 1) for one in properties.split(","))
    return command, {name: unescape(value) for name, value in pairs.items()}, unescape(message)


def test_what_the_runner_reads_is_what_was_found(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        lines = render(verdict).split("\n")[:-1]
        new = verdict.standing(Standing.NEW)
        assert len(lines) == len(new)
        said = {(properties.get("file", ""), message) for _, properties, message in map(read, lines)}
        assert said == {(verdict.path(one.finding), f"{one.finding.message}\nmend: {one.finding.mend}") for one in new}

    holds()


def test_a_command_has_the_place_and_the_worst_come_first(verdict: Verdict) -> None:
    commands = [read(line) for line in render(verdict).splitlines()]
    assert [command for command, _, _ in commands] == ["error", "error", "warning", "notice"]
    assert commands[1] == (
        "error",
        {"file": "kb/paper/a b,c:d%.ttl", "line": "1", "col": "1", "title": "syntax"},
        "Not Turtle:\nno dot.\nmend: add a dot.",
    )
    assert commands[2][1]["title"] == "note-short: edge:8c1f20aa31"


def test_nothing_found_says_nothing(clean: Verdict) -> None:
    assert render(clean) == ""
