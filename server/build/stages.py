"""The derived files of a build: made if their inputs have changed, else shared with the previous release."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

FILE: Final = "inputs.json"
"""The file of a release with the hash of the inputs of each stage, as SHA-256."""


class Stages:
    """The stages of one build, which writes into `folder` and may share with the release in `before`."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        self._folder = folder
        self._before = before
        self._known: dict[str, str] = {}
        if before is not None and (before / FILE).is_file():
            self._known = json.loads((before / FILE).read_text(encoding="utf-8"))
        self._digests: dict[str, str] = {}

    def run(self, name: str, inputs: Iterable[object], files: Sequence[str], make: Callable[[], object]) -> bool:
        """Make the files of a stage by `make`, unless those of the release before were made from equal inputs.

        Inputs are compared by their `repr`, which must cover all that `make` reads. The files (or folders) are
        optional. Return whether they were made now.
        """
        digest = self.digest(name, inputs)
        if self._before is not None and self._known.get(name) == digest:
            for file in files:
                share(self._before / file, self._folder / file)
            return False
        make()
        return True

    def digest(self, name: str, inputs: Iterable[object]) -> str:
        """Record the inputs of a stage, and return their hash."""
        hashed = hashlib.sha256()
        for one in inputs:
            hashed.update(repr(one).encode("utf-8", "surrogatepass") + b"\0")
        self._digests[name] = hashed.hexdigest()
        return self._digests[name]

    def write(self) -> None:
        """Write the hashes of the inputs of all stages, for the next build."""
        (self._folder / FILE).write_text(json.dumps(self._digests, indent=2) + "\n", encoding="utf-8")


def share(source: Path, target: Path) -> None:
    """Share a file or a folder of the previous release; neither is ever written again."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link)
    elif source.exists():
        _link(source, target)


def _link(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)
