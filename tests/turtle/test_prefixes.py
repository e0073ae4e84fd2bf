"""The prefixes of a text: declared, and used (RDF 1.1 Turtle, section 2.4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.turtle.base import Base
from server.turtle.prefixes import declared_prefixes, used_prefixes

A = "@prefix a: <http://a.org/> .\n"


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("a:x a:y a:z .", {"a"}),
        ("<http://b.org/x> <http://b.org/y> 'a:z' .", set()),
        ('<http://b.org/x> <http://b.org/y> "\\"a:z" .', set()),
        ('<http://b.org/x> <http://b.org/y> """a:z\n"a:z" """ .', set()),
        ("<http://b.org/x> <http://b.org/y> 1 . # a:z", set()),
        ('<http://b.org/x> <http://b.org/y> "1"^^a:z .', {"a"}),
        ('<http://b.org/x> <http://b.org/y> "1"@en, (a:z), [b:c 2] .', {"a", "b"}),
        ("_:b <http://b.org/y> _:c .", set()),
        (":x <http://b.org/y> 1 .", {""}),
        ("a:x%3Ay a:b:c 1.5e3 ; a.b:x true .", {"a", "a.b"}),
    ],
)
def test_prefixes_are_used(text: str, used: set[str]) -> None:
    assert used_prefixes(A + text) == used


def test_prefixes_are_declared_in_both_ways_and_not_in_strings() -> None:
    text = A + 'PREFIX b: <http://b.org/>\nprefix : <http://c.org/>\na:x a:y "@prefix d: <http://d.org/> ." .\n'
    found = list(declared_prefixes(text))
    assert [(one.prefix, one.namespace) for one in found] == [
        ("a", "http://a.org/"),
        ("b", "http://b.org/"),
        ("", "http://c.org/"),
    ]
    assert text[found[0].start : found[0].end] == A.rstrip("\n")


def test_every_file_of_the_repository_uses_what_it_declares(base: Base, repository: Path) -> None:
    assert len(base.files) >= 63
    for file in base.files:
        assert used_prefixes(file.text) == {one.prefix for one in declared_prefixes(file.text)}, file.path
