"""Findings as JUnit XML, which CI servers show among their test results.

There is no standard; this keeps to the schema of Jenkins (junit-10.xsd of its xUnit plugin), which GitLab reads too: a
suite for each rule, a case for each finding, whose class is its file. What does not fail the check is a skipped case.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from ...records.policy import Judged, Standing, Verdict
from .wording import looked_at, place, with_reasons

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (production 2, Char)."""


def render(verdict: Verdict) -> str:
    """Return a suite for each rule that found something, or one passed case when none did."""
    root = ET.Element("testsuites", name="akb check")
    rules: dict[str, list[Judged]] = {}
    for judged in verdict.judged:
        rules.setdefault(judged.finding.rule, []).append(judged)
    for rule, group in sorted(rules.items()):
        suite = ET.SubElement(root, "testsuite", name=_xml(rule))
        for judged in group:
            _case(suite, verdict, judged)
        _count(suite)
        suite.set("skipped", str(len(list(suite.iter("skipped")))))
    if not rules:
        suite = ET.SubElement(root, "testsuite", name="akb check")
        ET.SubElement(suite, "testcase", classname="akb check", name=f"{looked_at(verdict)}: no findings")
        _count(suite)
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, verdict: Verdict, judged: Judged) -> None:
    finding, path = judged.finding, verdict.path_for_hosts(judged.finding.file)
    name = " ".join(filter(None, (finding.focus, place(finding)))) or finding.rule
    case = ET.SubElement(suite, "testcase", classname=_xml(path or "the whole base"), name=_xml(name))
    message = _xml(finding.message)
    if verdict.fails(judged):
        failure = ET.SubElement(case, "failure", type=finding.severity.value, message=message)
        failure.text = _xml(
            f"{path}:{finding.line}:{finding.column}\n{finding.focus} {finding.label}\n"
            f"{with_reasons(finding)}\nmend: {finding.mend}"
        )
    else:
        why = {Standing.NEW: finding.severity.value, Standing.KNOWN: "known", Standing.WAIVED: "waived"}
        reason = f" ({judged.reason})" if judged.reason else ""
        ET.SubElement(case, "skipped", message=f"{why[judged.standing]}{_xml(reason)}: {message}")


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", "0")


def _xml(text: str) -> str:
    return _NOT_XML.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
