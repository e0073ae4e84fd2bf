"""Looks at the shapes themselves."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Finding
from ..turtle.reader import Base, SourceFile
from .locating import Locator


def shapes_lint_findings(base: Base, shapes: tuple[SourceFile, ...], locator: Locator) -> Iterator[Finding]:  # noqa: ARG001 - the rules come next
    """Yield nothing yet."""
    yield from ()
