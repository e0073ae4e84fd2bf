"""Functions of one part, which the workers of a test import by their names."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def square(number: int) -> int:
    return number * number


def process(_part: int) -> int:
    return os.getpid()


def fail_at(part: tuple[int, int]) -> int:
    number, bad = part
    if number == bad:
        raise ValueError(f"part {number} is bad")
    return number


def slow_square(part: tuple[int, str]) -> int:
    """Square a number; says in a folder that it began, and waits there for a file called `go`."""
    number, folder = part
    _wait_in(folder, number)
    return number * number


def slowed(folder: str, function: Callable[[Part], Result], part: tuple[int, Part]) -> Result:
    """Run a function on a numbered part; says in a folder that it began, and waits there for a file called `go`."""
    number, given = part
    _wait_in(folder, number)
    return function(given)


def _wait_in(folder: str, number: int) -> None:
    (Path(folder) / f"{os.getpid()}-{number}").touch()
    deadline = time.monotonic() + 120
    while not (Path(folder) / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
