"""Reads the kept queries of a base: `kb/query/*.rq`, each a SELECT under a head of comments.

The first line asks the question. Then may follow `# description: ...`, `# view: ...` (how its answer is shown at
first), `# rows: ...` (how many its answer has at least), and for each parameter a line

    # parameter ?name: Label (type) = default

where the type is one of `TYPES`, `entity akb:Claim` for the entities of a class, or `choice a | b` for these values.
A parameter without a default may be left empty; its variable then stays, so that any value fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from ..errors import QueryError
from ..guessing import nearest
from ..namespaces import SLUG, Namespaces
from ..records.findings import Finding, Severity
from ..records.kept import KeptQuery, Parameter
from ..records.views import VIEWS
from ..sparql.lexer import tokens
from ..sparql.parameters import TYPES, bound, term_for
from ..store.embedded import query_problem
from ..turtle.base import Base
from ..turtle.files import kept_query_files
from ..turtle.source_files import decoded, shown_name
from .rule_files import Fault
from .rule_text import RuleText

UNREADABLE = RuleText(
    "kept-query-unreadable",
    "Each file of kb/query/ is a SPARQL SELECT under the question that it answers, with its parameters in comments.",
    "The kept query cannot be asked: {fault}.",
    "{mend}; until then it has no page.",
    Severity.VIOLATION,
)

RESERVED: Final = frozenset({"view", "x", "y", "by", "format"})
"""What the addresses of kept queries use for themselves; names with an underscore in front are theirs too."""

_HEAD: Final = re.compile(r"^# (description|view|rows): *(.*?) *$")
_PARAMETER: Final = re.compile(r"^# parameter \?(\w+): *(.+?) *\(([^()]*)\)(?: *= *(.*?))? *$")
_LIKE_PARAMETER: Final = re.compile(r"^# *param", re.IGNORECASE)
_VIEW: Final = re.compile(r"(\w+)((?: +(?:x|y|by)=\??\w+)*)")


def read_kept(base: Base) -> tuple[list[KeptQuery], list[Finding]]:
    """Read the kept queries of a base; one that cannot be asked is a finding. A project of another form has none."""
    kept: list[KeptQuery] = []
    unreadable: list[Finding] = []
    for path in kept_query_files(base.root) if base.foreign is None else ():
        read = _read(path, base)
        if isinstance(read, KeptQuery):
            kept.append(read)
        else:
            unreadable.append(read)
    return kept, unreadable


def _read(path: Path, base: Base) -> KeptQuery | Finding:
    name = shown_name(path, base.root)
    text = decoded(path, name, base.root)
    if isinstance(text, Finding):
        return UNREADABLE.broken_at(name, text.line, text.column, fault=text.message.rstrip("."), mend=text.mend)
    query, faults = parse_kept(path.stem, text)
    fault = next(chain(faults, _faults(query, text, base.namespaces)), None)
    if fault is not None:
        return UNREADABLE.broken_at(name, fault.line, fault.column, fault=fault.what, mend=fault.mend.rstrip("."))
    return query


def parse_kept(name: str, text: str) -> tuple[KeptQuery, list[Fault]]:
    """Read the text of a kept query, and what is wrong with its head."""
    faults = []
    if not SLUG.fullmatch(name):
        faults.append(Fault("its file name is not a slug", "use lower-case letters, digits and single hyphens"))
    lines = text.split("\n")
    if not re.match(r"# \S", lines[0]) or _HEAD.match(lines[0]) or _LIKE_PARAMETER.match(lines[0]):
        faults.append(Fault("it does not say what it asks", "write the question as a comment in the first line"))
    said = {"description": "", "view": "", "rows": "1"}
    parameters: list[Parameter] = []
    rest = [lines[0]]
    for number, line in enumerate(lines[1:], 2):
        if found := _HEAD.match(line):
            said[found[1]] = found[2]
            faults += ({"view": _view_faults, "rows": _row_faults}.get(found[1], _none))(found[2], number)
        elif found := _PARAMETER.match(line):
            parameter = _parameter(*found.groups(""))
            faults += _parameter_faults(parameter, parameters, number)
            parameters.append(parameter)
        elif _LIKE_PARAMETER.match(line):
            mend = "write it as `# parameter ?name: Label (type) = default`"
            faults.append(Fault("a parameter cannot be read", mend, number))
        else:
            rest.append(line)
            continue
    rows = int(said["rows"]) if said["rows"].isdecimal() else 1
    title = lines[0].removeprefix("# ").strip()
    query = "\n".join(rest)
    return KeptQuery(name, title, said["description"], tuple(parameters), said["view"], rows, query), faults


def _parameter(name: str, label: str, kind: str, default: str) -> Parameter:
    word, _, more = kind.strip().partition(" ")
    if word == "choice":
        return Parameter(name, label, word, "", tuple(one.strip() for one in more.split("|")), default)
    return Parameter(name, label, word, more.strip(), (), default)


def _none(_value: str, _number: int) -> list[Fault]:
    return []


def _view_faults(value: str, number: int) -> list[Fault]:
    found = _VIEW.fullmatch(value)
    if found is None:
        return [Fault(f"its view {value!r} cannot be read", "write it as `bar x=?column y=?column by=?column`", number)]
    if found[1] not in VIEWS:
        return [Fault(f"there is no view {found[1]}", f"write one of {', '.join(VIEWS)}", number)]
    return []


def _row_faults(value: str, number: int) -> list[Fault]:
    return [] if value.isdecimal() else [Fault(f"{value!r} is no number of rows", "write a whole number", number)]


def _parameter_faults(parameter: Parameter, before: list[Parameter], number: int) -> Iterator[Fault]:
    if parameter.type not in TYPES:
        near = nearest(parameter.type, TYPES)
        mend = f"write {near}" if near else f"write one of {', '.join(TYPES)}"
        yield Fault(f"{parameter.type!r} is no type of ?{parameter.name}", mend, number)
    elif parameter.of and parameter.type != "entity":
        yield Fault(f"the type of ?{parameter.name} has more words than one", f"write {parameter.type} alone", number)
    if parameter.type == "choice" and not all(parameter.choices):
        yield Fault(f"?{parameter.name} has an empty choice", "write the choices with | between them", number)
    if parameter.name in RESERVED or parameter.name.startswith("_"):
        mend = "give the variable another name"
        yield Fault(f"?{parameter.name} is called like a part of the addresses of pages", mend, number)
    if parameter.name in {one.name for one in before}:
        yield Fault(f"?{parameter.name} is there twice", "remove one of the two lines", number)


def _faults(query: KeptQuery, text: str, namespaces: Namespaces) -> Iterator[Fault]:
    """Yield why a query whose head is right cannot be asked."""
    lines = text.split("\n")
    for parameter in query.parameters:
        number = next(place for place, line in enumerate(lines, 1) if f"?{parameter.name}:" in line)
        used = {token.text[1:] for token in tokens(query.text) if token.kind == "var"}
        if parameter.name not in used:
            yield Fault(f"nothing in it is called ?{parameter.name}", "use the variable, or remove the line", number)
        if parameter.of and parameter.of.partition(":")[0] not in namespaces.prefixes():
            yield Fault(f"{parameter.of} is not the CURIE of a class", "use a declared prefix", number)
        if parameter.default:
            try:
                term_for(parameter, parameter.default, namespaces)
            except QueryError as error:
                yield Fault(f"its default does not fit: {error.message.rstrip('.')}", error.mend, number)
                return
    # As it is asked: with its defaults, and where a variable may stay, also with a value for each.
    some = {one.name: _SOME.get(one.type, one.choices[0] if one.choices else "urn:x") for one in query.parameters}
    for values in ({}, some):
        if problem := query_problem(bound(query, values, namespaces), namespaces.prefixes()):
            whole = text.split("\n")
            line = min(problem.line, len(query.text.rstrip().split("\n")))
            # What is asked has not the lines of the head.
            number = _numbers(whole)[line - 1]
            beside = "" if not values else " once its parameters have values, which stand where the variables do"
            yield Fault(f"{problem.message}{beside}", "fix the query at this place", number, problem.column)
            return


_SOME: Final = {"text": "x", "integer": "1", "decimal": "1", "year": "2000", "date": "2000-01-01", "boolean": "true"}


def _numbers(lines: list[str]) -> list[int]:
    """Return the numbers of the lines that belong to the query itself."""
    return [
        number
        for number, line in enumerate(lines, 1)
        if number == 1 or not (_HEAD.match(line) or _LIKE_PARAMETER.match(line))
    ]
