"""The error of a build whose base does not pass the check."""

from __future__ import annotations

from ..errors import BuildError
from ..records.findings import Report


class RejectedError(BuildError):
    """The base did not pass the check; `report` has the findings."""

    def __init__(self, report: Report) -> None:
        violations = sum(1 for finding in report.findings if finding.severity == "violation")
        super().__init__(
            f"The base has {violations} violation{'s' if violations != 1 else ''}; no release was made.",
            "fix the findings, then build again.",
        )
        self.report = report
