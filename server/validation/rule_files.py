"""Reads the rules of `shapes/rules/`.

A rule is a SELECT that yields `?focus`, and where its message needs them `?value` and `?expected`. With `?predicate`
it names the triple of the focus node that is wrong, whose object is `?object`, or `?value` without that; a rule that
misses something leaves it out. Its first lines are comments that say `message:`,
`mend:`, and optionally `severity:`, `suggest:` (what near names to offer for a mistyped one: class, property,
predicate or entity) and `joins:` (CURIEs of properties whose equal values the rule compares, wherever they are).
`$base` is the base IRI as a string.

What a rule says of a node may depend on the statements about it, about the nodes that those name, about the nodes that
name it, and by way of `joins:`, and on the ontology. What depends on more is not found anew after every change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import Final

from ..namespaces import Namespaces
from ..records.findings import Finding, Severity
from ..store.embedded import query_problem
from ..turtle.base import Base
from ..turtle.project_files import rules_in
from ..turtle.source_files import shown_name
from .rule_text import RuleText

UNREADABLE = RuleText(
    "rule-unreadable",
    "Each file of shapes/rules/ is a SPARQL SELECT that yields ?focus, under a message and a mend.",
    "The rule cannot be run: {fault}.",
    "{mend}; until then nothing is checked by it.",
    Severity.VIOLATION,
)

RULES = (UNREADABLE,)

SUGGESTIONS: Final = ("class", "property", "predicate", "entity")
"""What a rule may offer near names of."""

_HEADER = re.compile(r"^#\s*(message|mend|severity|suggest|joins):\s*(.+?)\s*$", re.MULTILINE)
_WORDS = {"value", "expected", "suggestion"}


@dataclass(frozen=True)
class Rule:
    """One rule, named by its file."""

    name: str
    query: str
    message: str
    mend: str
    severity: Severity
    suggest: str
    joins: tuple[str, ...] = ()
    """The IRIs of properties whose equal values it compares."""


def read_rules(base: Base) -> tuple[list[Rule], list[Finding]]:
    """Read the rules of a base; one that cannot be run is a finding, and the others are read all the same."""
    rules: list[Rule] = []
    unreadable: list[Finding] = []
    for path in rules_in(base.shapes_folder):
        read = _read(path, base.root, base.namespaces)
        if isinstance(read, Rule):
            rules.append(read)
        else:
            unreadable.append(read)
    return rules, unreadable


@dataclass(frozen=True)
class Fault:
    """Why a query cannot be run."""

    what: str
    mend: str
    line: int = 1
    column: int = 1


def _read(path: Path, root: Path, namespaces: Namespaces) -> Rule | Finding:
    name = shown_name(path, root)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return UNREADABLE.broken_at(name, 1, 1, fault=f"it cannot be read ({error})", mend="save it as UTF-8")
    return _parsed(name, path.stem, text, namespaces)


@lru_cache(maxsize=256)
def _parsed(name: str, stem: str, text: str, namespaces: Namespaces) -> Rule | Finding:
    """Return the rule that a text is; a process that checks again and again reads each once."""
    header = dict(_HEADER.findall(text))
    query = text.replace("$base", f'"{namespaces.base}"')
    faults = chain(_header_faults(header), _join_faults(header, namespaces), query_faults(query, namespaces))
    fault = next(faults, None)
    if fault is not None:
        return UNREADABLE.broken_at(name, fault.line, fault.column, fault=fault.what, mend=fault.mend)
    return Rule(
        name=stem,
        query=query,
        message=header["message"],
        mend=header["mend"],
        severity=Severity(header.get("severity", "violation")),
        suggest=header.get("suggest", ""),
        joins=tuple(map(namespaces.expand, header.get("joins", "").split())),
    )


def _header_faults(header: dict[str, str]) -> Iterator[Fault]:
    for name in ("message", "mend"):
        if name not in header:
            yield Fault(f"it has no {name}", f"start it with `# {name}: ...`")
        try:
            unknown = {
                field for _, field, _, _ in Formatter().parse(header.get(name, "")) if field is not None
            } - _WORDS
        except ValueError as error:
            yield Fault(f"its {name} has a stray brace ({error})", "write {{ and }} for literal braces")
        else:
            if unknown:
                known = ", ".join(f"{{{word}}}" for word in sorted(_WORDS))
                yield Fault(f"its {name} holds {{{min(unknown)}}}, which nothing fills", f"use only {known}")
    if header.get("severity", "violation") not in set(Severity):
        yield Fault(f"{header['severity']} is not a severity", f"write one of {', '.join(Severity)}")
    if header.get("suggest", "class") not in SUGGESTIONS:
        yield Fault(f"nothing near a {header['suggest']} is known", f"write one of {', '.join(SUGGESTIONS)}")


def _join_faults(header: dict[str, str], namespaces: Namespaces) -> Iterator[Fault]:
    for curie in header.get("joins", "").split():
        if curie.partition(":")[0] not in namespaces.prefixes():
            yield Fault(f"it joins by {curie}, which is not a CURIE", "write CURIEs of properties, with spaces between")


def query_faults(query: str, namespaces: Namespaces) -> Iterator[Fault]:
    """Yield why a query is no SELECT of ?focus."""
    problem = query_problem(query, namespaces.prefixes())
    if problem is not None:
        # What is missing at the end is noticed behind it.
        lines = query.rstrip().split("\n")
        behind = problem.line > len(lines)
        place = (len(lines), len(lines[-1])) if behind else (problem.line, problem.column)
        yield Fault(problem.message, "fix the query at this place", *place)
    if not re.search(r"SELECT\b[^{]*(?:\?focus\b|\*)", re.sub(r"#.*", "", query), re.IGNORECASE):
        yield Fault("it yields no ?focus", "let its SELECT yield the node that is wrong as ?focus")
