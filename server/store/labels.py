"""What the IRIs of an answer are called: looked up where the answer is made, within its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from ..records.languages import Text
from ..sparql.queries import narrowed, question
from ..sparql.terms import Row

LABEL: Final = "Label"
"""How the column with the labels of another one is called: `claimLabel` beside `claim`, as at Wikidata."""

Select = Callable[[str], Iterable[Row]]
"""Answers a question."""


class Called(NamedTuple):
    """What a node is called, and the name of its page class, or an empty text."""

    label: str
    class_name: str


NONE: Final = Called("", "")


def labels_of(iris: Iterable[str], select: Select) -> dict[str, Called]:
    """Return names of nodes, English where there is one, and their page classes; nodes with neither are left out."""
    nodes = [f"<{iri}>" for iri in iris]
    if not nodes:
        return {}
    labels: dict[str, str] = {}
    others: dict[str, str] = {}
    classes: dict[str, str] = {}
    for row in select(narrowed(question("called"), {"node": nodes})):
        node = str(row["node"])
        if "class" in row:
            classes.setdefault(node, str(row["class"]))
        elif isinstance(row["label"], Text):
            others.setdefault(node, str(row["label"]))
        else:
            labels.setdefault(node, str(row["label"]))
    named = {**others, **labels}
    return {node: Called(named.get(node, ""), classes.get(node, "")) for node in {**named, **classes}}


def beside(names: Iterable[str], named: Iterable[str]) -> dict[str, str]:
    """Return the name of the column with labels for each column that has `named` things and no such column yet."""
    listed = list(names)
    wanted = set(named)

    def has_one(name: str) -> bool:
        return f"{name}{LABEL}" in listed or f"{name}_label" in listed

    return {name: f"{name}{LABEL}" for name in listed if name in wanted and not has_one(name)}
