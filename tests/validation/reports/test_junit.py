"""JUnit XML: well-formed whatever a text holds, with counts that add up."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from server.records.policy import Verdict
from server.validation.reports.junit import render


def test_any_verdict_is_well_formed_and_its_counts_are_true(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        root = ET.fromstring(render(verdict).encode())
        failing = sum(verdict.fails(judged) for judged in verdict.judged)
        assert root.get("failures") == str(failing) == str(len(root.findall(".//failure")))
        assert root.get("tests") == str(max(1, len(verdict.judged)))
        for suite in root:
            assert suite.get("tests") == str(len(suite))
            assert suite.get("skipped", "0") == str(len(suite.findall("testcase/skipped")))

    holds()


def test_a_finding_that_fails_is_a_failed_case_with_place_and_mend(verdict: Verdict) -> None:
    root = ET.fromstring(render(verdict))
    [case] = root.findall("testsuite[@name='syntax']/testcase")
    assert (case.get("classname"), case.get("name")) == ("kb/paper/a b,c:d%.ttl", "line 1, column 1")
    assert case.find("failure").get("message") == "Not Turtle:\nno dot."
    assert case.find("failure").text.endswith("mend: add a dot.")


def test_what_does_not_fail_is_skipped_and_says_why(verdict: Verdict) -> None:
    root = ET.fromstring(render(verdict))
    skipped = {suite.get("name"): case.get("message") for suite in root for case in suite.findall("testcase/skipped")}
    assert skipped == {
        "edge-note": "waived (The note is a quote.): The note | is <b>odd</b>.",
        "entity-label": "known: No label.",
        "no-doi": "info: No DOI.",
        "note-short": "warning: Short.",
    }


ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "disabled", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package"},
    "testcase": {"name", "time", "classname", "group"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
}
"""What the schema of Jenkins' xUnit plugin (junit-10.xsd), which refuses a file that has more, allows of these."""


def test_every_element_and_attribute_is_one_of_the_schema(verdicts: st.SearchStrategy[Verdict]) -> None:
    @given(verdicts)
    def holds(verdict: Verdict) -> None:
        for element in ET.fromstring(render(verdict).encode()).iter():
            assert set(element.keys()) <= ATTRIBUTES[element.tag], element.tag

    holds()


def test_a_clean_check_is_one_passed_case(clean: Verdict) -> None:
    [suite] = ET.fromstring(render(clean))
    [case] = suite
    assert len(case) == 0
    assert case.get("name") == "4 files, 3 entities, 1 edge: no findings"
