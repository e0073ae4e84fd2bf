"""The engine itself: its version, its files, and the base that it comes with."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from .extensions import packages

DISTRIBUTION: Final = "alignment-kb"
"""The name under which the engine is installed."""
PACKAGED_BASE: Final = Path(__file__).parent / "base"
"""The folder of the base in an installed wheel; absent in a checkout."""

_MANUALS: Final = (Path(__file__).parent / "manual", Path(__file__).parent.parent / "docs")
"""The folder of the manual in an installed wheel, and in a checkout."""


def manual_folder() -> Path | None:
    """Return the folder of the manual; None where the engine was installed without it."""
    return next((folder for folder in _MANUALS if (folder / "addresses.md").is_file()), None)


def engine_version() -> str:
    """Return the version of the installed engine, or `0` where it runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - it brings the parser of e-mail

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


@cache
def engine_fingerprint() -> str:
    """Return a SHA-256 over the files of the engine, and the versions of packages that add to it.

    What it makes of the same data may differ where this does.
    """
    digest = hashlib.sha256("\n".join(packages()).encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if (
            path.is_file()
            and path.suffix in {".py", ".rq", ".ttl", ".html", ".css", ".js"}
            and PACKAGED_BASE not in path.parents
        ):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
