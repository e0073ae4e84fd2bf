"""What a build leaves for the next one, which then computes only what has changed.

Each part is a file in the folder of state, named after the release that was built. A part that belongs to another
release, or is damaged, is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..turtle.writer import write_atomically


class Part(StrEnum):
    """What is left, each by the name of its file."""

    ROWS = "rows"
    """The rows of the questions about all entities, by the names of the questions."""
    NAMES = "names"
    """The entities that each file names."""
    DOCUMENTS = "documents"
    """The hashes of what is searched of each entity."""
    CANDIDATES = "candidates"
    """The hashes of what is said of each candidate."""
    INFERRED = "inferred"
    """The inferred triples, as N-Triples."""


class Handover:
    """What the build before left, and what this one leaves."""

    def __init__(self, state: Path, before: str) -> None:
        """Take what was left for the release `before`; nothing, where that is empty."""
        self._state, self._before = state, before
        self._left: dict[Part, str | Mapping[str, Any]] = {}

    def known(self, part: Part) -> dict[str, Any]:
        """Return a part that is an object of JSON; empty when it is missing or damaged."""
        text = self.known_text(part)
        return {} if text is None else dict(json.loads(text))

    def known_text(self, part: Part) -> str | None:
        """Return a part that is a text; None when it is missing or damaged."""
        if not self._before:
            return None
        try:
            mark, _, text = self._path(part, self._before).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return text if mark == _mark(text) else None

    def leave(self, part: Part, value: str | Mapping[str, Any]) -> None:
        """Note what is to be left."""
        self._left[part] = value

    def save(self, release: str) -> None:
        """Write what is left for a release, in the place of what there was of others."""
        for part, value in self._left.items():
            for old in self._state.glob(f"{part}-*"):
                old.unlink(missing_ok=True)
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            write_atomically(self._path(part, release), f"{_mark(text)}\n{text}")

    def _path(self, part: Part, release: str) -> Path:
        return self._state / f"{part}-{release}"


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()
