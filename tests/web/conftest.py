"""Says at the end of a run how many cases of the matrix were held."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the number of cases, over all test processes."""
    counts = {
        outcome: sum("test_matrix.py::" in report.nodeid for report in terminalreporter.stats.get(outcome, ()))
        for outcome in ("passed", "failed")
    }
    if any(counts.values()):
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        terminalreporter.write_line(f"The matrix of headers and addresses: {sum(counts.values())} cases, {told}.")
