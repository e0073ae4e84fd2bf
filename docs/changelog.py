"""Print what CHANGELOG.md says of a version: `python -m docs.changelog v0.1.0`, the notes of the release of that tag.

It fails where the tag is not the version of pyproject.toml or CITATION.cff, or where the changelog has no such version.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent


def project_version() -> str:
    """Return the version of the engine, from the one place that says it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def cited_version() -> str:
    """Return the version under which the engine is to be cited."""
    found = re.search(r"^version: (\S+)$", (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def sections(changelog: str) -> dict[str, tuple[str, str]]:
    """Return the date and the text of each version, the newest first; the date of what is not released is empty."""
    parts = re.split(r"^## \[([^\]]+)\](?: - (\d{4}-\d\d-\d\d))?$", changelog, flags=re.MULTILINE)[1:]
    return {
        name: (date or "", text.strip())
        for name, date, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }  # fmt: skip


def notes(tag: str, version: str, cited: str, changelog: str) -> str:
    """Return the text of the version that a tag names. Raises ValueError, with what to mend."""
    if tag != f"v{version}":
        raise ValueError(f"the tag {tag} is not v{version}: set `version` in pyproject.toml, or take another tag")
    if cited != version:
        raise ValueError(f"CITATION.cff has {cited}: set its `version` to {version}")
    date, text = sections(changelog).get(version, ("", ""))
    if not date or not text:
        raise ValueError(f"CHANGELOG.md has no text under `## [{version}] - YYYY-MM-DD`: move there what is unreleased")
    return text


if __name__ == "__main__":
    try:
        print(
            notes(
                sys.argv[1], project_version(), cited_version(),
                (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"),
            )
        )  # fmt: skip
    except ValueError as error:
        sys.exit(f"docs.changelog: {error}")
