"""What the tests of lints share: a base of one text, and its findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Graph

from server.namespaces import Namespaces
from server.turtle.parsing import parse
from server.turtle.reader import Base, SourceFile
from server.validation.locating import Locator

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in Namespaces().prefixes().items())

BaseMaker = Callable[[str], tuple[Graph, Locator]]


@pytest.fixture
def read(base: Base) -> BaseMaker:
    """A function that makes a graph and a locator of Turtle; all prefixes are declared."""

    def read(turtle: str) -> tuple[Graph, Locator]:
        file = SourceFile("kb/concept/a.ttl", PREFIXES + turtle, parse(PREFIXES + turtle))
        return file.graph, Locator(Base(base.root, base.namespaces, (file,), (), base.ontology_files))

    return read
