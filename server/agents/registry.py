"""The tools that a base offers to agents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from . import asking, changing, finding, joining, keeping, reading, weighing
from .base import AgentBase
from .tools import Tool

MAKERS: Final[tuple[Callable[[AgentBase], Iterable[Tool]], ...]] = (
    finding.tools,
    reading.tools,
    weighing.tools,
    joining.tools,
    asking.tools,
    keeping.tools,
    changing.tools,
)
"""What makes tools: one function for each group of them, which may return none for a base that lacks what they need."""


def tools_of(base: AgentBase) -> list[Tool]:
    """Return the tools of a base, in the order in which they are listed."""
    return [tool for maker in MAKERS for tool in maker(base)]
