"""Tasks that a worker does for the tests."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.errors import TooLargeError
from server.store.interface import Queryable


class OwnError(TooLargeError):
    """An error of a class that the web process need not know."""

    def __init__(self) -> None:
        super().__init__("It is not so.", "do this.")


def echo(store: Queryable, folder: Path, around: Mapping[str, Any], given: Any) -> object:
    holds = bool(store.select("SELECT ?s { ?s ?p ?o } LIMIT 1"))
    return {"given": given, "known": around["known"], "holds": holds, "folder": (folder / "release.json").is_file()}


def sleep(_store: Queryable, _folder: Path, _around: Mapping[str, Any], given: float) -> object:
    time.sleep(given)
    return None


def grow(_store: Queryable, _folder: Path, _around: Mapping[str, Any], given: int) -> object:
    return len(bytearray(given))


def fill(_store: Queryable, _folder: Path, _around: Mapping[str, Any], given: int) -> object:
    return "x" * given


def refuse(_store: Queryable, _folder: Path, _around: Mapping[str, Any], _given: object) -> object:
    raise OwnError


def fail(_store: Queryable, _folder: Path, _around: Mapping[str, Any], given: str) -> object:
    raise KeyError(given)


LOADED_BY = os.getpid()
"""The process that has loaded this module."""


def loaded(*_: object) -> bool:
    """Tell whether this module was there when the worker began."""
    return os.getpid() != LOADED_BY
