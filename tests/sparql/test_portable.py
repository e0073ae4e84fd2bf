"""What another endpoint is sent means there what it means here, and says nothing of this server."""

from __future__ import annotations

import pytest

from server.errors import QueryError
from server.sparql.portable import portable
from server.sparql.prologue import read_prologue

OURS = {"class": "http://10.0.0.7:8000/class/", "skos": "http://www.w3.org/2004/02/skos/core#", "": "urn:x:"}


def sent(query: str) -> str:
    """Return what is sent of the braces of a query."""
    prologue = read_prologue(query, OURS, None)
    return "".join(portable(query[query.index("{") :], prologue))


def test_only_the_prefixes_that_are_used_go_along() -> None:
    text = sent("PREFIX a: <urn:a:> PREFIX b: <urn:b:> { ?s a:p 'b:x' ; skos:note <b:y> ; :q 1 # class:x\n }")
    assert text == (
        f"PREFIX a: <urn:a:>\nPREFIX skos: <{OURS['skos']}>\nPREFIX : <urn:x:>\n"
        "{ ?s a:p 'b:x' ; skos:note <b:y> ; :q 1  \n }"
    )


def test_iris_are_whole_by_the_base_of_the_query() -> None:
    assert sent("BASE <http://a.example/b/> { ?s <../c#d> <urn:e>, <> }") == (
        "{ ?s <http://a.example/c#d> <urn:e>, <http://a.example/b/> }"
    )
    assert sent("BASE <http://a.example/> BASE <b/> PREFIX c: <#> { ?s c:d 1 }") == (
        "PREFIX c: <http://a.example/b/#>\n{ ?s c:d 1 }"
    )
    assert sent("BASE <http://a.example/> PREFIX owl: <http://www.w3.org/2002/07/owl#> { ?s a owl:Class }") == (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n{ ?s a owl:Class }"
    )


def test_the_base_goes_along_where_a_function_may_need_it() -> None:
    query = "{ BIND(IRI('x') AS ?x) }"
    assert sent(f"BASE <http://a.example/> {query}") == f"BASE <http://a.example/>\n{query}"
    assert sent(query) == query


@pytest.mark.parametrize(
    "query", ["{ ?s <p> 1 }", "{ ?s <#p> 1 }", "BASE <b/> { ?s <p> 1 }", "PREFIX c: <#> { ?s c:p 1 }"]
)
def test_what_is_relative_to_this_server_is_refused_by_name(query: str) -> None:
    with pytest.raises(QueryError, match="relative to the address of this server") as caught:
        sent(query)
    assert "BASE" in caught.value.mend
