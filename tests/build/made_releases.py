"""Releases that tests make of one that was built, without another build."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from server.build.releases import Releases


def copied(releases: Path, folder: Path) -> Releases:
    """Return a copy of the current release of a folder, in another one."""
    shutil.copytree(releases, folder)
    return Releases(folder)


def another(releases: Releases, name: str, files: Mapping[str, str] | None = None, like: Path | None = None) -> Path:
    """Publish a release like the current one or one that is given, by another name.

    `files` are added to it, or replaced in it.
    """
    current = like or releases.current()
    assert current is not None
    building = releases.begin()
    shutil.copytree(current, building, dirs_exist_ok=True)
    for path, text in (files or {}).items():
        (building / path).write_text(text)
    return releases.publish(building, replace(releases.info(current), name=name))
