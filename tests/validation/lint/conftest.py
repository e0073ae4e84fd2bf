"""What the tests of lints share: a base of one text, and its findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.turtle.base import Base, ByPredicate
from server.turtle.source_files import SourceFile, read_text
from server.validation.locating import Locator
from tests.made import NAMESPACES

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items())

BaseMaker = Callable[[str], tuple[ByPredicate, Locator]]


@pytest.fixture
def read(base: Base) -> BaseMaker:
    """A function that makes what a text says and a locator of Turtle; all prefixes are declared."""

    def read(turtle: str) -> tuple[ByPredicate, Locator]:
        file = read_text("kb/concept/a.ttl", PREFIXES + turtle)
        assert isinstance(file, SourceFile), file
        made = Base(base.root, base.namespaces, (file,), (), base.ontology_files)
        return made.by_predicate, Locator(made)

    return read
