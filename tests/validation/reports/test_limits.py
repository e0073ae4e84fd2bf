"""Reports of thousands of findings: what hosts take, and nothing that is left out without a word."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rdflib import RDF, SH, Graph

from server.cli.check import repository_of
from server.records.findings import Finding, Report, Severity
from server.records.policy import Known, Verdict
from server.turtle.parsing import parse_turtle
from server.validation.policy import judge
from server.validation.reports.formats import FORMATS
from server.validation.reports.sarif import MOST, render

COUNT = 30_000
FEW = 3_000
"""More than a comment has room for; each other format has them all, however many."""
SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.VIOLATION)


@pytest.fixture(scope="module")
def many() -> Verdict:
    """30,000 findings, of which every third is an info, and one is about no file."""
    return judged(COUNT)


def judged(count: int) -> Verdict:
    found = [
        Finding(
            f"data/{n % 50}.ttl", n, 1, f"ex:n{n}", "", f"rule-{n % 7}", f"Wrong {n}.", "mend it.", SEVERITIES[n % 3]
        )
        for n in range(count - 1)
    ]
    report = Report((*found, Finding("", 0, 0, "", "", "whole", "All of it.", "mend it.")), count, 1, 1)
    return judge(report, baseline=[Known("f" * 20, "rule-1", "ex:gone", "data/1.ttl", "It was wrong.")])


def test_sarif_has_as_many_results_as_github_takes_the_worst_first_and_says_what_it_leaves_out(many: Verdict) -> None:
    """docs.github.com, "SARIF support for code scanning": 25,000 results a run, each with a location."""
    [run] = json.loads(render(many))["runs"]
    results = run["results"]
    assert len(results) == MOST == 25_000
    levels = [one["level"] for one in results]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert (levels.count("error"), levels.count("note")) == (10_000, 5_000)
    assert all(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results)
    assert len({one["partialFingerprints"]["primaryLocationLineHash"] for one in results}) == MOST
    [notification] = run["invocations"][0]["toolExecutionNotifications"]
    assert "5,001 results are left out" in notification["message"]["text"]


def test_what_is_mended_is_left_out_before_what_is_not(many: Verdict) -> None:
    few = Report(many.report.findings[: MOST - 1], 1, 1, 1)
    gone = [Known(f"{n:020}", "r", f"ex:{n}", "data/1.ttl", "Gone.") for n in range(3)]
    [run] = json.loads(render(judge(few, baseline=gone)))["runs"]
    assert len(run["results"]) == MOST
    assert [one["baselineState"] for one in run["results"]].count("absent") == 1
    [run] = json.loads(render(judge(Report(few.findings[:9], 1, 1, 1), baseline=gone)))["runs"]
    assert "toolExecutionNotifications" not in run["invocations"][0]


def test_a_validation_report_has_them_all(many: Verdict) -> None:
    """With fewer, since rdflib takes half a millisecond for each."""
    some = judge(Report(many.report.findings[:500], 1, 1, 1))
    graph = parse_turtle(FORMATS["turtle"].render(some))
    assert isinstance(graph, Graph)
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == 500


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in {"sarif", "turtle"}])
def test_the_other_formats_have_them_all_or_say_how_many_more_there_are(name: str) -> None:
    written = FORMATS[name].render(judged(FEW))
    match name:
        case "json":
            assert len(json.loads(written)["findings"]) == FEW
        case "gitlab":
            assert len({one["fingerprint"] for one in json.loads(written)}) == FEW
        case "junit":
            root = ET.fromstring(written)
            assert (root.get("tests"), len(root.findall(".//testcase"))) == (str(FEW), FEW)
        case "markdown":
            assert len(written) < 65_536, "what a comment on GitHub may have"
            assert "more: `akb check` shows all of them" in written
        case _:
            assert written.count("mend it.") == FEW


def test_paths_start_at_the_root_of_the_repository_from_whatever_folder(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    base = tmp_path / "a" / "base"
    base.mkdir(parents=True)
    finding = Finding("kb/concept/x y.ttl", 1, 1, "", "", "syntax", "m", "x")
    outside = Finding("/elsewhere/x.ttl", 1, 1, "", "", "syntax", "m", "x")
    for folder in ("", "base/", "a/base/"):
        assert repository_of(base) == tmp_path
        verdict = judge(Report((finding, outside), 1, 1, 1), folder=folder, root=base, repository=repository_of(base))
        [run] = json.loads(render(verdict))["runs"]
        places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in run["results"]]
        assert {"uri": "a/base/kb/concept/x%20y.ttl", "uriBaseId": "%SRCROOT%"} in places
        assert {"uri": "file:///elsewhere/x.ttl"} in places
        assert "a/base/kb/concept/x y.ttl" in {
            one["location"]["path"] for one in json.loads(FORMATS["gitlab"].render(verdict))
        }
        assert "file=a/base/kb/concept/x y.ttl," in FORMATS["github"].render(verdict)
        assert (
            ET.fromstring(FORMATS["junit"].render(verdict)).find(".//testcase[@classname='a/base/kb/concept/x y.ttl']")
            is not None
        )
        assert f"{folder}kb/concept/x y.ttl:1:1" in FORMATS["text"].render(verdict), "a path to click on"
