"""Blank nodes are known by where they are and what they say, whatever their labels and the order of statements."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from server.turtle.blanks import BlankNodes, matched
from server.turtle.statements import Statement

BLANKS = [f"_:b{number}" for number in range(5)]
NODES = st.sampled_from([*BLANKS, "<urn:a>", "<urn:b>"])
GRAPHS = st.lists(
    st.tuples(NODES, st.sampled_from(["<urn:p>", "<urn:q>"]), NODES | st.sampled_from(['"1"', '"2"'])), max_size=12
)


def relabelled(statements: list[Statement], chance: random.Random) -> tuple[dict[str, str], list[Statement]]:
    """The same statements in another order, with other labels."""
    labels = dict(zip(BLANKS, chance.sample([f"_:x{number}" for number in range(9)], len(BLANKS)), strict=True))
    other = [(labels.get(s, s), p, labels.get(o, o)) for s, p, o in statements]
    chance.shuffle(other)
    return labels, other


@given(GRAPHS, st.randoms(use_true_random=False))
def test_a_key_is_the_same_whatever_the_labels_and_the_order(
    statements: list[Statement], chance: random.Random
) -> None:
    labels, other = relabelled(statements, chance)
    nodes, others = BlankNodes(statements), BlankNodes(other)
    for node in nodes.order:
        assert nodes.content(node) == others.content(labels[node])
    # In a tree; where several lead to a node the least is taken, and of blank ones labels may decide.
    if all(sum(value == node for _, _, value in set(statements)) <= 1 for node in BLANKS):
        assert {nodes.key(node) for node in nodes.order} == {others.key(node) for node in others.order}


@given(GRAPHS, st.randoms(use_true_random=False))
def test_a_match_makes_the_one_side_the_other(statements: list[Statement], chance: random.Random) -> None:
    _, other = relabelled(statements, chance)
    labels = matched(statements, other)
    if labels is not None:
        assert sorted((labels.get(s, s), p, labels.get(o, o)) for s, p, o in statements) == sorted(other)


def test_nodes_that_say_other_things_have_other_keys() -> None:
    nodes = BlankNodes(
        [("<urn:a>", "<urn:p>", "_:1"), ("_:1", "<urn:q>", '"x"'), ("<urn:a>", "<urn:p>", "_:2"),
         ("_:2", "<urn:q>", '"x"@en'), ("<urn:b>", "<urn:p>", "_:3"), ("_:3", "<urn:q>", '"x"')]
    )  # fmt: skip
    assert len({nodes.key(node) for node in nodes.order}) == 3
    assert nodes.place("_:1") == ("<urn:a>", ("<urn:p>",))
    assert nodes.content("_:1") == nodes.content("_:3")


def test_what_does_not_say_the_same_is_not_matched() -> None:
    one: list[Statement] = [("_:1", "<urn:p>", "_:2"), ("_:2", "<urn:p>", '"x"')]
    assert matched(one, [("_:a", "<urn:p>", "_:b"), ("_:b", "<urn:p>", '"y"')]) is None
    assert matched(one, one[:1]) is None
    assert matched(one, [("_:b", "<urn:p>", '"x"'), ("_:a", "<urn:p>", "_:b")]) == {"_:1": "_:a", "_:2": "_:b"}


def test_a_long_list_and_a_deep_nest_are_read() -> None:
    deep = [(f"_:{number}", "<urn:p>", f"_:{number + 1}") for number in range(20_000)]
    nodes = BlankNodes([("<urn:a>", "<urn:p>", "_:0"), *deep])
    assert nodes.content("_:0") != nodes.content("_:1")
    assert nodes.place("_:20000")[0] == "<urn:a>"
