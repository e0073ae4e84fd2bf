"""A picture in SVG as PNG, drawn by resvg in a worker process, where it can be stopped.

`png` is a task of the pool of queries (`store/worker.py`). The picture is one of ours: resvg loads nothing that it
names, and runs nothing in it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import resvg_py

from ..store.interface import Queryable

TASKS: Final[Mapping[str, str]] = MappingProxyType({"png": f"{__name__}:png"})
"""The function of this module as a pool takes it."""


def given_to_draw(svg: str, fonts: Sequence[Path], family: str) -> dict[str, Any]:
    """Return what `png` is to work on: a picture, and the font that comes first, before those of the system."""
    return {"svg": svg, "fonts": [str(font) for font in fonts], "family": family}


def png(_store: Queryable, _folder: Path, _around: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the picture as PNG, in Base64."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=given["svg"],
        font_files=given["fonts"],
        font_family=given["family"],
        sans_serif_family=given["family"],
    )
    return base64.b64encode(bytes(drawn)).decode("ascii")


def png_of(drawn: str) -> bytes:
    """Return the PNG from what `png` returned."""
    return base64.b64decode(drawn)
