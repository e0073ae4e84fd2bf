"""Verdicts to write reports of: one that has a bit of everything, and any that can be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import strategies as st
from rdflib import SH, SKOS, Literal

from server.records.findings import Constraint, Finding, Report, Severity
from server.records.policy import Known, Verdict
from server.validation.policy import fingerprints, judge
from tests.made import NAMESPACES

AF = "kb/concept/alignment-faking.ttl"
FINDINGS = (
    Finding("", 0, 0, "", "", "contradiction", "All of it is at odds.", "take one back."),
    Finding(
        AF, 3, 5, "concept:alignment-faking", "Alignment Faking", "entity-label", "No label.", "add one: `akb new`."
    ),
    Finding(AF, 9, 0, "edge:8c1f20aa31", "", "edge-note", "The note | is <b>odd</b>.", 'end it "..."@en.'),
    Finding(AF, 9, 7, "edge:8c1f20aa31", "", "note-short", "Short.", "say more.", Severity.WARNING),
    Finding("kb/paper/a b,c:d%.ttl", 1, 1, "", "", "syntax", "Not Turtle:\nno dot.", "add a dot."),
    Finding("kb/paper/x.ttl", 2, 1, "paper:x", "X", "no-doi", "No DOI.", "look it up.", Severity.INFO),
)
GONE = Known("0" * 20, "entity-label", "concept:gone", "kb/concept/gone.ttl", "The label is missing.")


@pytest.fixture(scope="session")
def verdict() -> Verdict:
    """Six findings of every severity, of which one is known and one is waived, and one that was mended."""
    report = Report(FINDINGS, files=4, entities=3, edges=1, waived={FINDINGS[2]: "The note is a quote."})
    prints = dict(fingerprints(FINDINGS))
    known = Known(prints[FINDINGS[1]], "entity-label", "concept:alignment-faking", AF, "No label.")
    return judge(report, baseline=[known, GONE], prefixes=NAMESPACES.prefixes())


@pytest.fixture(scope="session")
def clean() -> Verdict:
    """Nothing found."""
    return judge(Report((), files=4, entities=3, edges=1))


@pytest.fixture(scope="session")
def verdicts() -> st.SearchStrategy[Verdict]:
    """Any verdict: every text is any text, also what a file or a label should not hold."""
    texts = st.text(max_size=30)
    constraints = st.builds(
        Constraint,
        component=st.just(str(SH.MinCountConstraintComponent)),
        shape=texts | st.just("https://example.com/shape"),
        path=st.sampled_from(["", str(SKOS.prefLabel)]),
        value=st.just("") | st.builds(Literal, texts).map(Literal.n3) | st.just("<https://example.com/a>"),
    )
    findings = st.builds(
        Finding,
        file=texts,
        line=st.integers(0, 10**6),
        column=st.integers(0, 10**4),
        focus=texts | texts.map("concept:{}".format),
        label=texts,
        rule=st.text(min_size=1, max_size=30),
        message=texts,
        mend=texts,
        severity=st.sampled_from(Severity),
        constraint=st.none() | constraints,
    )

    def build(found: list[Finding], waived: list[bool], known: list[bool], fail_on: Severity, folder: str) -> Verdict:
        report = Report(tuple(sorted(set(found))), 1, 1, 1)
        marks = zip(report.findings, waived, strict=False)
        report = replace(report, waived={finding: "Because." for finding, is_waived in marks if is_waived})
        prints = [fingerprint for _, fingerprint in fingerprints(report.findings)]
        baseline = [replace(GONE, fingerprint=p) for p, is_known in zip(prints, known, strict=False) if is_known]
        return judge(report, baseline=[*baseline, GONE], fail_on=fail_on, folder=folder)

    flags = st.lists(st.booleans(), max_size=8)
    folders = st.sampled_from(["", "data/kb/", "a b/"])
    return st.builds(build, st.lists(findings, max_size=8), flags, flags, st.sampled_from(Severity), folders)
