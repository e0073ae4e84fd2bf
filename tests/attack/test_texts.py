"""Texts of queries that are made to be dear: reading one takes time and memory in proportion to its length."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest

from server.errors import QueryError
from server.sparql.context import context, find_call
from server.sparql.guards import DEEPEST, calls_service, refuse_deep
from server.sparql.prologue import read_prologue
from server.sparql.rewriting import refuse_unclear, take_dataset
from server.sparql.structure import read_structure

SHAPES: dict[str, Callable[[int], str]] = {
    "dots": lambda n: "SELECT " + "a." * n,
    "hyphens": lambda n: "SELECT " + "a-" * n,
    "names": lambda n: "SELECT " + "a.b-c:d.e-f " * (n // 6),
    "colons": lambda n: ":" * n,
    "dots after a name": lambda n: "a:b" + "." * n,
    "digits": lambda n: "1." * n,
    "angles": lambda n: "<a" * n,
    "angles in brackets": lambda n: "(1 <#" * (n // 2),
    "quotes": lambda n: "'' " * n,
    "open quotes": lambda n: "'''" + "''a" * n,
    "escapes": lambda n: "<" + "\\u0041" * (n // 3) + ">",
    "percent": lambda n: "a:" + "%41" * n,
    "blank nodes": lambda n: "_:" + "a." * n,
    "tags": lambda n: "@a-" * n,
    "comments": lambda n: "#\n" * n,
    "prefixes": lambda n: "".join(f"PREFIX a{i}: <x> " for i in range(n // 8)) + "SELECT * {}",
    "relative bases": lambda n: "BASE <a/> " * (n // 5) + "SELECT * {}",
    "groups": lambda n: "SELECT * {" + "{?a ?b ?c}" * (n // 5) + "}",
    "unions": lambda n: "SELECT * {{}" + " UNION {?a :b ?c}" * (n // 8) + "}",
    "filters": lambda n: "SELECT * {" + "FILTER(?a)" * (n // 5) + "}",
    "deep": lambda n: "SELECT * " + "{?a ?b ?c " * DEEPEST + "{} " * n + "}" * DEEPEST,
    "datasets": lambda n: "SELECT * " + "FROM <a> " * (n // 4) + "{}",
}


def read(text: str) -> None:
    """Do all that is done with the text of a query."""
    for do in (
        lambda: calls_service(f"{text} service"),
        lambda: refuse_deep("{" * (DEEPEST + 1) + text),
        lambda: read_prologue(text, {}, "http://x/"),
        lambda: refuse_deep(text) or read_structure(text, 0),
        lambda: take_dataset(text, {}, "http://x/"),
        lambda: refuse_unclear(text),
    ):
        with suppress(QueryError):
            do()


def seconds(text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.usefixtures("in_linear_time")
def test_eight_times_the_text_is_about_eight_times_the_work(shape: Callable[[int], str]) -> None:
    # What grows with the square would take 64 times as long; 24 leaves room for a machine that does other things too.
    # The clock of the processor may go in steps of hundredths of a second.
    short = min(seconds(shape(5_000)) for _ in range(2))
    assert any(seconds(shape(40_000)) < 24 * short + 0.15 for _ in range(2))


GROUPS: dict[str, Callable[[int], str]] = {
    "joined": lambda n: "SELECT * { " + "?a :b ?c . " * n + "SERVICE <x> { ?a ?b ?c } }",
    "apart": lambda n: "SELECT * { " + "".join(f"?a{i} :b ?c{i} . " for i in range(n)) + "SERVICE <x> { ?a1 ?b ?c } }",
    "a chain": lambda n: (
        "SELECT * { " + "".join(f"?a{i} :b ?a{i + 1} . " for i in range(n)) + "SERVICE <x> { ?a0 ?b ?c } }"
    ),
    "filters": lambda n: "SELECT * { ?a :b ?c " + "FILTER(?a) " * n + "SERVICE <x> { ?a ?b ?c } }",
    "groups": lambda n: "SELECT * { " + "{ ?a :b ?c } " * n + "SERVICE <x> { ?a ?b ?c } }",
}


@pytest.mark.parametrize("groups", GROUPS.values(), ids=GROUPS)
@pytest.mark.usefixtures("in_linear_time")
def test_what_is_sent_along_with_a_call_is_found_in_proportion_to_the_query(groups: Callable[[int], str]) -> None:
    def work(count: int) -> float:
        text = groups(count)
        started = time.process_time()
        found = find_call(read_structure(text, 0).where)
        assert found is not None
        assert context(text, found[1], frozenset({"a", "a0", "a1"}))
        return time.process_time() - started

    short = min(work(500) for _ in range(2))
    assert any(work(4_000) < 24 * short + 0.15 for _ in range(2))


def test_a_base_that_grows_with_each_declaration_is_an_error() -> None:
    with pytest.raises(QueryError, match=r"base IRI .* over 2,000 characters"):
        read_prologue("BASE <http://x/> " + "BASE <a/> " * 2_000 + "ASK {}", {}, None)


def test_to_look_for_a_call_needs_no_more_memory_than_the_text() -> None:
    text = "service" + "." * 100_000
    tracemalloc.start()
    calls_service(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * len(text)
