"""Turtle of any project is written in canonical order, in its own words, and says the same; or the file is refused."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from server.errors import UsageError
from server.turtle import formatting
from server.turtle.formatting import format_any

HEAD = "@prefix ex: <http://ex.org/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"


def formatted(text: str) -> str:
    """Format a text, and hold the result against rdflib and against itself."""
    written = format_any(text, "a.ttl")
    assert canonical(text) == canonical(written)
    assert format_any(written, "a.ttl") == written, "what is formatted stays as it is"
    return written


def canonical(text: str) -> Dataset:
    """Return what a text says, with canonical names of its blank nodes (RDF Dataset Canonicalization)."""
    said = Dataset(parse(text, RdfFormat.TURTLE, base_iri="http://base.example/"))
    said.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return said


def body(text: str) -> str:
    return formatted(HEAD + text).removeprefix(HEAD).lstrip("\n")


def test_statements_are_sorted_one_a_line_and_the_ontology_is_first() -> None:
    assert body("ex:b ex:q 2 , 1 ; a ex:T .\nex:a ex:p ex:c .\nex:z a owl:Ontology .\nex:b ex:o true .\n") == (
        "ex:z a owl:Ontology .\n\nex:a ex:p ex:c .\n\nex:b a ex:T ;\n    ex:o true ;\n    ex:q 1 ;\n    ex:q 2 .\n"
    )


@pytest.mark.parametrize(
    "term",
    ['"a"@en-GB', "'a'", '"""a\n"b" """', "'''a\n'b' '''", "1.50", "-1e3", "+7", '"1"^^ex:T', '"1"^^<http://t/>',
     "true", "<#rel>", "<http://ex.org/full>", "ex:a\\,b", "ex:%20", "ex:a.b", "( 1 2 ( ) )", "ex:",
     '"\\u00e9"', '"#"'],
)  # fmt: skip
def test_terms_stay_as_they_are_written(term: str) -> None:
    written = body(f"ex:a ex:p {term} .")
    assert written == f"ex:a ex:p {term.replace('( )', '()')} .\n"


@pytest.mark.parametrize(
    "head", ["PREFIX x: <http://x/>\n", "@base <http://b/> .\n", "BASE <http://b/>\n@prefix : <#> .\n"]
)
def test_declarations_stay_as_they_are_written(head: str) -> None:
    assert formatted(f"{head}<a> <b> <c> .").startswith(f"{head}\n")


def test_blank_nodes_are_within_what_names_them() -> None:
    assert body("_:x ex:q 1 . ex:a ex:p _:x , _:none . _:x ex:o [ ex:p ( [ ] _:y ) ] . _:y ex:p 2 .") == (
        "ex:a ex:p [\n        ex:o [\n            ex:p (\n                []\n                [\n"
        "                    ex:p 2\n                ]\n            )\n        ] ;\n        ex:q 1\n    ] ;\n"
        "    ex:p [] .\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "_:x ex:p _:y . _:y ex:p _:x .",
        "_:x ex:p _:x .",
        "ex:a ex:p _:x . ex:b ex:p _:x . _:x ex:q 1 .",
        "[ ex:p 1 ] ex:q 2 . [ ] ex:p 3 . [ ex:p [ ex:p 1 ] ] .",
        "( 1 [ ex:p _:x ] ) ex:p 2 . _:x ex:q _:x .",
        "ex:a ex:p [ ex:p 1 ] , [ ex:p 1 ] , [ ] , [ ] .",
        "_:a ex:p ex:b . _:b ex:p ex:b .",
    ],
)
def test_rings_and_shared_blank_nodes_keep_their_labels(text: str) -> None:
    body(text)


def test_comments_stay_with_what_they_are_about() -> None:
    text = f"""# Licence

{HEAD}
# ---- animals

# the cat
ex:cat ex:b 1 ; # one
    # about a
    ex:a 2 . # two
ex:ant ex:p [ # inside
        ex:q 1
        # ex:r 2
    ] ;
    # ex:old 1 ;
    .

# ---- plants

ex:ash ex:p 1 .
# The end
"""
    written = formatted(text)
    assert (
        written
        == f"""# Licence

{HEAD}
# ---- animals

ex:ant ex:p [ # inside
        ex:q 1
        # ex:r 2
    ]
    # ex:old 1 ;
    .

# the cat
ex:cat
    # about a
    ex:a 2 ; # two
    ex:b 1 . # one

# ---- plants

ex:ash ex:p 1 .

# The end
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        "ex:a # subject\n ex:p 1 .",
        "ex:a ex:p # predicate\n 1 .",
        "ex:a ex:p ( # item\n 1 ) .",
        "ex:a ex:p 1 # one\n # two\n , 2 .",
        'ex:a ex:p "1"^^ # type\n ex:T .',
        "ex:a ex:p 1 .\n# late\n@prefix x: <http://x/> .\nx:a x:b x:c .",
    ],
)
def test_a_comment_that_cannot_be_kept_refuses_the_file(text: str) -> None:
    with pytest.raises(UsageError, match=r"a\.ttl: The comment at line \d+"):
        format_any(HEAD + text, "a.ttl")


def test_a_prefix_of_two_meanings_refuses_the_file() -> None:
    with pytest.raises(UsageError, match="bound twice"):
        format_any("@prefix a: <http://a/> . a:x a:y a:z . @prefix a: <http://b/> . a:x a:y a:z .", "a.ttl")


def test_a_text_that_nests_too_deeply_is_refused() -> None:
    with pytest.raises(UsageError, match="nests too deeply"):
        format_any(f"<urn:a> <urn:b> {'[ <urn:b> ' * 5000} 1 {']' * 5000} .", "a.ttl")


def test_a_long_collection_is_not_deep() -> None:
    written = body(f"ex:a ex:p ( {' '.join(map(str, range(3000)))} ) .")
    assert written.count("\n") == 3002


def test_what_would_not_say_the_same_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    right = formatting._Writer.write
    for spoil in (lambda text: text.replace("1", "2"), lambda text: text.replace("[]", "ex:c"), lambda text: "junk"):
        monkeypatch.setattr(formatting._Writer, "write", lambda self, spoil=spoil: spoil(right(self)))
        with pytest.raises(Exception, match="would not say the same"):
            format_any(HEAD + "ex:a ex:p 1 ; ex:q [] .", "a.ttl")


NODES = st.deferred(
    lambda: (
        st.sampled_from(["ex:a", "ex:b", "<#c>", "_:x", "_:y", "1", '"t"@en', "[]", "true"])
        | st.lists(NODES, max_size=3).map(lambda nodes: f"( {' '.join(nodes)} )")
        | st.lists(st.tuples(st.sampled_from(["a ex:T", "ex:p 1", "ex:q _:z"])), max_size=2).map(
            lambda pairs: f"[ {' ; '.join(one for (one,) in pairs)} ]"
        )
    )
)
STATEMENTS = st.tuples(st.sampled_from(["ex:a", "ex:b", "_:x", "_:y", "[]", "<>"]), st.sampled_from("pqr"), NODES).map(
    lambda said: f"{said[0]} ex:{said[1]} {said[2]} ."
)


@given(st.lists(STATEMENTS, max_size=8), st.randoms())
def test_any_text_says_the_same_whatever_its_order(said: list[str], chance: random.Random) -> None:
    written = formatted(HEAD + "\n".join(said))
    if not re.search(r"_:|\[", written):
        chance.shuffle(said)
        assert formatted(HEAD + "\n".join(said)) == written
