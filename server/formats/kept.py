"""Kept queries and their answers, as JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..records.kept import KeptQuery
from ..store.labels import beside
from .writing import write_csv, write_json

Rows = Mapping[str, Any]
"""An excerpt of an answer, as `store/answers.py` writes it."""


def kept_list_json(kept: Sequence[KeptQuery]) -> str:
    """Return the kept queries as JSON: their names, questions and parameters."""
    return write_json({"total": len(kept), "items": [described(one) for one in kept]})


def kept_list_csv(kept: Sequence[KeptQuery]) -> str:
    """Return the kept queries as CSV."""
    rows = ([one.name, one.title, one.description, " ".join(of.name for of in one.parameters)] for one in kept)
    return write_csv(("name", "title", "description", "parameters"), rows)


def kept_answer_json(kept: KeptQuery, values: Mapping[str, str], query: str, rows: Rows) -> str:
    """Return an answer as JSON: a row is an object, with the label of an IRI beside it.

    Numbers are numbers; everything else is text, and an IRI is whole. `complete` is false where rows are left out.
    """
    names, heads = rows["names"], _heads(rows)
    items = []
    for row in rows["rows"]:
        item: dict[str, Any] = {}
        for name, (text, iri, kind) in zip(names, row, strict=True):
            if text:
                item[name] = _number(text) if kind == "number" else text
            if name in heads and (label := _label(rows, iri)):
                item[heads[name]] = label
        items.append(item)
    return write_json(
        {
            **described(kept),
            "values": dict(values),
            "query": query,
            "columns": list(_columns(names, heads)),
            "total": rows["count"],
            "complete": rows["count"] == len(items),
            "rows": items,
        }
    )


def kept_answer_csv(rows: Rows) -> str:
    """Return an answer as CSV, with a column of labels beside each of IRIs."""
    names, heads = rows["names"], _heads(rows)

    def line(row: Sequence[tuple[str, str, str]]) -> Iterator[str]:
        for name, (text, iri, _) in zip(names, row, strict=True):
            yield text
            if name in heads:
                yield _label(rows, iri)

    return write_csv(tuple(_columns(names, heads)), (list(line(row)) for row in rows["rows"]))


def described(kept: KeptQuery) -> dict[str, Any]:
    """Return a kept query as a record: its name, its question, and its parameters."""
    parameters = [
        {name: value for name, value in asdict(one).items() if value not in ("", ())} for one in kept.parameters
    ]
    return {"name": kept.name, "title": kept.title, "description": kept.description, "parameters": parameters}


def _columns(names: Sequence[str], heads: Mapping[str, str]) -> Iterator[str]:
    for name in names:
        yield name
        if name in heads:
            yield heads[name]


def _heads(rows: Rows) -> dict[str, str]:
    """Return the names of the columns of labels, by those of the columns of IRIs."""
    places = enumerate(rows["names"])
    holding = [name for place, name in places if any(_label(rows, row[place][1]) for row in rows["rows"])]
    return beside(rows["names"], holding)


def _label(rows: Rows, iri: str) -> str:
    label: str = rows["labels"].get(iri, ("", ""))[0]
    return label


def _number(text: str) -> int | float | str:
    """Return a number as JSON has it; one that JSON has not, such as INF, stays text."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        return number if abs(number) < float("inf") else text
    return text
