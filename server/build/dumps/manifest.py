"""The description of the downloads of a release, in the folder that has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from ...errors import UnreadableError
from ...records.downloads import Downloads, as_json, from_json

FOLDER: Final = "downloads"
"""The folder of a release that has the downloads."""
_MANIFEST: Final = "manifest.json"
"""The file in it that describes them."""


def write_downloads(release: Path, downloads: Downloads) -> None:
    """Write the description of the downloads of a release."""
    text = json.dumps(as_json(downloads), indent=1, ensure_ascii=False)
    (release / FOLDER / _MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def read_downloads(release: Path) -> Downloads:
    """Return the downloads of a release: none for one of an older engine.

    Raises UnreadableError when their description is damaged.
    """
    path = release / FOLDER / _MANIFEST
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Downloads()
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnreadableError(f"{path} is damaged: {error}", "run `akb build --force`.") from error
