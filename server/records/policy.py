"""What is to be made of what a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from .findings import Finding, Report, Severity


class Standing(StrEnum):
    """The status of a finding with respect to the baseline and the waivers."""

    NEW = "new"
    KNOWN = "known"
    """It is in the baseline."""
    WAIVED = "waived"
    """A waiver that has not expired speaks of it."""


@dataclass(frozen=True)
class Judged:
    """A finding, its fingerprint (the same when lines move), and its status; `reason` is that of its waiver."""

    finding: Finding
    fingerprint: str
    standing: Standing = Standing.NEW
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """A finding as a baseline remembers it: without a place, since places move."""

    fingerprint: str
    rule: str
    focus: str
    file: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """A report as policy sees it: what is new, known, waived and mended, and whether that is a failure."""

    report: Report
    judged: tuple[Judged, ...]
    """Every finding of the report, in its order."""
    mended: tuple[Known, ...] = ()
    """What the baseline knows and the check no longer finds."""
    has_baseline: bool = False
    fail_on: Severity = Severity.VIOLATION
    """The least severity at which a new finding is a failure."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """The prefixes of the CURIEs in the findings."""
    folder: str = ""
    """The path from the working directory of the reader to the root, with a slash at its end; else empty."""
    root: Path = Path()
    """The folder from which the paths of findings start."""
    repository: Path | None = None
    """The root of the repository that it is in, if it is in one."""

    def fails(self, judged: Judged) -> bool:
        """Tell whether a finding is a failure: new, and at least as bad as `fail_on`."""
        return judged.standing is Standing.NEW and judged.finding.severity.rank >= self.fail_on.rank

    @property
    def failed(self) -> bool:
        """Whether any finding is a failure."""
        return any(self.fails(judged) for judged in self.judged)

    @property
    def blocked(self) -> bool:
        """Whether a part of the check could not be done, because of something that is not known."""
        return any(judged.finding.blocks and judged.standing is Standing.NEW for judged in self.judged)

    def standing(self, *standings: Standing) -> tuple[Judged, ...]:
        """Return the findings with one of these statuses."""
        return tuple(judged for judged in self.judged if judged.standing in standings)

    def path_for_hosts(self, file: str) -> str:
        """Return the path of a file as code hosts have it, from the root of the repository; empty for no file.

        Outside of a repository it is that from the working directory.
        """
        if not file or self.repository is None or not (path := self.root / file).is_relative_to(self.repository):
            return self.path_of(file)
        return path.relative_to(self.repository).as_posix()

    def path_of(self, file: str) -> str:
        """Return the path of a file from the reader's working directory; empty for no file."""
        return self.folder + file if file and not Path(file).is_absolute() else file

    def path(self, finding: Finding) -> str:
        """Return the path of a finding's file from the reader's working directory; empty when it has no file."""
        return self.path_of(finding.file)
