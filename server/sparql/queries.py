"""The questions that the engine asks: one file per question in `queries/`, named by what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

FOLDER = Path(__file__).parent.parent / "queries"
_ROLE: Final = re.compile(r"\(<role:(?P<rows>\w+)>(?: UNDEF)+\)|<role:(?P<terms>\w+)>")
NO_ROLES: Final[Mapping[str, str]] = MappingProxyType({})


def question(name: str, roles: Mapping[str, str] = NO_ROLES) -> str:
    """Return the text of `queries/<name>.rq`, with the terms of a base that play the `roles` of which it asks.

    A file writes `<role:NAME>` in the place of terms, or in VALUES of several variables one row of that and UNDEF in
    the place of rows, so that it is valid SPARQL. Raises KeyError for a role that is not given.
    """
    text = _text(name)
    return _ROLE.sub(lambda found: roles[found["rows"] or found["terms"]], text) if "<role:" in text else text


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def joined_plainly(text: str) -> str:
    """Return a question for an engine that has no LATERAL, which is no part of SPARQL 1.1.

    LATERAL tells Oxigraph to look up a group once for each solution before it; its own choice is to work out all of the
    group and then to join, which takes seconds where the group alone fits every edge of a large base. In the questions
    of `queries/` such a group asks nothing of what precedes it but to agree with it, so that a plain join has the
    same solutions (SPARQL 1.1 Query, section 18.5).
    """
    return text.replace("LATERAL {", "{")


def quoted(text: str) -> str:
    """Return a string as SPARQL writes it (SPARQL 1.1 Query, section 19.7)."""
    return json.dumps(text, ensure_ascii=False)


def narrowed_together(text: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a question about certain terms of several variables at once (SPARQL 1.1 Query, section 10.2.2).

    Each of `rows` has a term, as SPARQL writes it, for each of the variables `names`.
    """
    head, opening, rest = text.partition("WHERE {")
    variables = " ".join(f"?{name}" for name in names)
    values = " ".join(f"({' '.join(row)})" for row in rows)
    return f"{head}{opening}\n  VALUES ({variables}) {{ {values} }}{rest}"


def narrowed(text: str, terms: Mapping[str, Sequence[str]], condition: str = "", pattern: str = "") -> str:
    """Return a question, as text that anyone can run, about certain terms only.

    `terms` are the terms, as SPARQL writes them, that each variable may be bound to (SPARQL 1.1 Query, section 10.2); a
    variable without any may have any value. `condition` is the expression of a FILTER, for what the question works out;
    `pattern` is what must hold beside.
    """
    head, opening, rest = text.rstrip().partition("WHERE {")
    body, closing, tail = rest.rpartition("}")
    values = "".join(f"\n  VALUES ?{name} {{ {' '.join(given)} }}" for name, given in terms.items() if given)
    wanted = f"  FILTER({condition})\n" if condition else ""
    beside = f"  {pattern}\n" if pattern else ""
    return f"{head}{opening}{values}{body}{beside}{wanted}{closing}{tail}\n"
