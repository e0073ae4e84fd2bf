"""Records in files of a release, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from ..errors import UnreadableError

R = TypeVar("R")


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Write dataclasses whose fields are texts and numbers."""
    texts = [asdict(record) for record in records]
    path.write_text(json.dumps(texts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_records(path: Path, kind: type[R]) -> tuple[R, ...]:
    """Return the records of a file. Raises UnreadableError when it is damaged, or not there."""
    try:
        return tuple(kind(**fields) for fields in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UnreadableError(f"{path} is damaged: {error}", "run `akb build --force`.") from error
