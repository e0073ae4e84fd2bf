"""What a report means for those who run the check: what is new, known or waived, and whether that is a failure.

A finding is known again by its fingerprint, which is made from its identity: no line, no message. Of findings that are
alike in it, as many are known as there were.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ..records.findings import Finding, Report, Severity
from ..records.policy import Judged, Known, Standing, Verdict


def fingerprints(findings: tuple[Finding, ...]) -> Iterator[tuple[Finding, str]]:
    """Yield findings with their fingerprints: 20 hex digits of SHA-256."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in sorted(findings):
        alike = finding.identity
        seen[alike] += 1
        yield finding, hashlib.sha256("\0".join((*alike, str(seen[alike]))).encode("utf-8", "replace")).hexdigest()[:20]


def judge(
    report: Report,
    *,
    baseline: Collection[Known] | None = None,
    fail_on: Severity = Severity.VIOLATION,
    is_whole: bool = True,
    prefixes: Mapping[str, str] | None = None,
    folder: str = "",
    root: Path = Path(),
    repository: Path | None = None,
) -> Verdict:
    """Judge a report by a baseline.

    `is_whole` is false for a check that left something out: what it did not find may still be there, so nothing
    counts as mended.
    """
    known = {one.fingerprint: one for one in baseline or ()}
    judged = []
    for finding, fingerprint in fingerprints(report.findings):
        reason = report.waived.get(finding, "")
        standing = Standing.WAIVED if reason else Standing.KNOWN if fingerprint in known else Standing.NEW
        judged.append(Judged(finding, fingerprint, standing, reason))
    found = {one.fingerprint for one in judged}
    mended = [one for one in known.values() if one.fingerprint not in found] if is_whole else []
    return Verdict(
        report=report,
        judged=tuple(judged),
        mended=tuple(mended),
        has_baseline=baseline is not None,
        fail_on=fail_on,
        prefixes=prefixes or {},
        folder=folder,
        root=root,
        repository=repository,
    )
