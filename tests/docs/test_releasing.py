"""The version is said in one place, and what names it follows; a release has its notes from the changelog."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.changelog import cited_version, notes, project_version, sections
from server.engine import engine_version
from tests.test_action import valid

REPOSITORY = Path(__file__).parent.parent.parent
CHANGELOG = """# Changelog

## [Unreleased]

### Added

- Something.

## [0.2.0] - 2027-01-31

### Fixed

- A thing.

## [0.1.0] - 2026-12-01

- The first.
"""


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def workflow(name: str) -> Any:
    return yaml.safe_load(read(f".github/workflows/{name}.yml"))


def test_the_version_is_a_semantic_one_and_said_once() -> None:
    """Semantic Versioning 2.0.0, item 2; a version that is to be tried first is written as PEP 440 has it."""
    assert re.fullmatch(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(rc\d+)?", project_version())
    assert cited_version() == project_version() == engine_version()


def test_the_changelog_is_as_its_readers_know_it() -> None:
    """Keep a Changelog 1.1.0: what is unreleased first, then versions, the newest first, with days and kinds."""
    text = read("CHANGELOG.md")
    found = sections(text)
    assert len(found) == len(re.findall(r"^## ", text, re.MULTILINE))
    names = list(found)
    assert names[0] == "Unreleased"
    assert found["Unreleased"][0] == ""
    released = [tuple(map(int, name.split("."))) for name in names[1:]]
    assert released == sorted(released, reverse=True)
    assert all(date for date, _ in list(found.values())[1:])
    kinds = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_a_release_has_the_text_of_its_version() -> None:
    assert notes("v0.2.0", "0.2.0", "0.2.0", CHANGELOG) == "### Fixed\n\n- A thing."
    assert notes("v0.1.0", "0.1.0", "0.1.0", CHANGELOG) == "- The first."


@pytest.mark.parametrize(
    ("tag", "version", "cited", "said"),
    [
        ("v0.2.1", "0.2.0", "0.2.0", "the tag v0.2.1 is not v0.2.0"),
        ("0.2.0", "0.2.0", "0.2.0", "the tag 0.2.0 is not v0.2.0"),
        ("v0.2.0", "0.2.0", "0.1.0", "CITATION.cff has 0.1.0"),
        ("v0.3.0", "0.3.0", "0.3.0", "no text under `## [0.3.0]"),
        ("vUnreleased", "Unreleased", "Unreleased", "no text under"),
    ],
)
def test_what_does_not_agree_is_not_released(tag: str, version: str, cited: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        notes(tag, version, cited, CHANGELOG)


def test_what_is_cited_is_valid_by_the_schema_of_the_format() -> None:
    """Citation File Format 1.2.0. Code and data have licences of their own, thus there are two entries."""
    valid("vendor.citation-file-format", REPOSITORY / "CITATION.cff")
    cited = yaml.safe_load(read("CITATION.cff"))
    assert (cited["type"], cited["license"]) == ("software", "MIT")
    [data] = cited["references"]
    assert (data["type"], data["license"]) == ("data", "CC-BY-4.0")


def test_the_versions_of_python_that_are_declared_are_those_that_are_tried() -> None:
    declared = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', read("pyproject.toml"))
    job = workflow("check")["jobs"]["install"]
    assert job["strategy"]["matrix"]["python"] == declared
    assert job["steps"][-1]["run"] == ".ci/install python"
    assert f'requires-python = ">={declared[0]}"' in read("pyproject.toml")


def test_nothing_is_published_before_all_has_passed_and_everything_has_its_provenance() -> None:
    jobs = workflow("release")["jobs"]
    needed = {
        name: {needs} if isinstance(needs := job.get("needs", []), str) else set(needs) for name, job in jobs.items()
    }
    assert needed == {"packages": set(), "images": {"packages"}, "pypi": {"packages", "images"}, "release": {"pypi"}}
    commands = [step.get("run", "") for step in jobs["packages"]["steps"]]
    steps = ('docs.changelog "$GITHUB_REF_NAME"', "make audit", "make dist", ".ci/install python dist", "sha256sum")
    order = [next(i for i, run in enumerate(commands) if part in run) for part in steps]
    assert order == sorted(order)
    attested = [
        sorted(step["with"])
        for job in ("packages", "images")
        for step in jobs[job]["steps"]
        if step.get("uses", "").startswith("actions/attest@")
    ]
    assert attested == [
        ["subject-checksums"],
        ["sbom-path", "subject-path"],
        ["push-to-registry", "subject-digest", "subject-name"],
    ]
    # Trusted publishing: by a token that is made for this run, and no password.
    assert jobs["pypi"]["permissions"] == {"id-token": "write"}
    assert jobs["pypi"]["environment"] == "pypi"
    assert "secrets." not in read(".github/workflows/release.yml")
