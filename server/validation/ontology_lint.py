"""Looks at the ontology itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import Finding
from ..turtle.reader import Base
from ..vocabulary.reading import Vocabulary
from .locating import Locator


def ontology_findings(base: Base, vocabulary: Vocabulary, locator: Locator) -> Iterator[Finding]:  # noqa: ARG001 - the rules come next
    """Yield nothing yet."""
    yield from ()
