"""The files that a build derives: made where their inputs have changed, else shared with the release before."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

FILE: Final = "inputs.json"
"""The file of a release that says from what each stage made its part, as SHA-256."""


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

        Inputs count by their `repr`, which must say all that `make` reads. The files (or folders) may also not be made
        at all. Return whether they were made now.
        """
        digest = self.digest(name, inputs)
        if self._before is not None and self._known.get(name) == digest:
            for file in files:
                _share(self._before / file, self._folder / file)
            return False
        make()
        return True

    def digest(self, name: str, inputs: Iterable[object]) -> str:
        """Note from what a stage makes its part, and return its hash."""
        hashed = hashlib.sha256()
        for one in inputs:
            hashed.update(repr(one).encode("utf-8", "surrogatepass") + b"\0")
        self._digests[name] = hashed.hexdigest()
        return self._digests[name]

    def write(self) -> None:
        """Write down from what each stage made its part, for the build after this one."""
        (self._folder / FILE).write_text(json.dumps(self._digests, indent=2) + "\n", encoding="utf-8")


def _share(source: Path, target: Path) -> None:
    """Let a release have a file or a folder of the one before it; both are never written again."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link)
    elif source.exists():
        _link(source, target)


def _link(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)
