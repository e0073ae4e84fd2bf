"""What a build leaves for the next one, which then computes only what has changed.

Each part is a file in the folder of state, named after the release that was built. A part that belongs to another
release, or is damaged, is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from ..leftovers import sweep_files, temporary_prefix

_TEXT: Final = 1 << 24
_ROWS: Final = 10_000
"""How many characters, or rows, are written at a time."""


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
            _write(self._path(part, release), value)

    def _path(self, part: Part, release: str) -> Path:
        return self._state / f"{part}-{release}"


def _write(path: Path, value: str | Mapping[str, Any]) -> None:
    """Write a part with its hash before it. Of a large one no second copy is in memory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep_files(path.parent)
    with NamedTemporaryFile("wb", dir=path.parent, prefix=temporary_prefix(), delete=False) as file:
        temporary = Path(file.name)
        try:
            mark = sha256()
            file.write(f"{mark.hexdigest()}\n".encode())  # in its place comes that of all pieces
            for piece in _pieces(value):
                content = piece.encode()
                mark.update(content)
                file.write(content)
            file.seek(0)
            file.write(mark.hexdigest().encode())
            file.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _pieces(value: str | Mapping[str, Any]) -> Iterator[str]:
    """Yield a text, or an object as JSON, in pieces."""
    if isinstance(value, str):
        yield from (value[start : start + _TEXT] for start in range(0, len(value), _TEXT))
        return
    yield "{"
    for place, (name, one) in enumerate(value.items()):
        yield f"{', ' if place else ''}{json.dumps(name, ensure_ascii=False)}: "
        if isinstance(one, Sequence) and not isinstance(one, str):
            yield "["
            for start in range(0, len(one), _ROWS):
                rows = json.dumps(list(one[start : start + _ROWS]), ensure_ascii=False)
                yield f"{', ' if start else ''}{rows[1:-1]}"
            yield "]"
        else:
            yield json.dumps(one, ensure_ascii=False)
    yield "}"


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()
