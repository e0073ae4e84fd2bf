"""Reads the example queries of a base: `examples/*.rq`, whose first line is the title, as a comment.

`example:entity` and `example:other` in them are two entities of the base, as pages choose them, and `{entity}`
and `{other}` in a title for their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

from ..namespaces import Namespaces
from ..records.examples import ExampleQuery
from ..records.findings import Finding, Severity
from ..store.embedded import query_problem
from ..turtle.base import Base
from ..turtle.source_files import shown_name
from .rule_files import Fault
from .rule_text import RuleText

FOLDER: Final = "examples"
"""The folder in the root of a base that holds its example queries."""

UNREADABLE = RuleText(
    "example-unreadable",
    "Each file of examples/ is a SELECT, ASK or CONSTRUCT, under a title.",
    "The example cannot be shown: {fault}.",
    "{mend}; until then it is left out.",
    Severity.WARNING,
)

_ENTITIES: Final = {"entity", "other"}
_FORM: Final = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\bexample:(\w+)")


def read_examples(base: Base) -> tuple[list[ExampleQuery], list[Finding]]:
    """Read the example queries of a base; one that cannot be shown is a finding. A project of another form has none."""
    examples: list[ExampleQuery] = []
    unreadable: list[Finding] = []
    for path in sorted((base.root / FOLDER).glob("*.rq")) if base.foreign is None else ():
        name = shown_name(path, base.root)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            mend = "save it as UTF-8"
            unreadable.append(UNREADABLE.broken_at(name, 1, 1, fault=f"it cannot be read ({error})", mend=mend))
            continue
        if fault := next(_faults(text, base.namespaces), None):
            unreadable.append(UNREADABLE.broken_at(name, fault.line, fault.column, fault=fault.what, mend=fault.mend))
        else:
            examples.append(example_of(path.stem, text))
    return examples, unreadable


def read_folder(folder: Path) -> Iterator[ExampleQuery]:
    """Yield the example queries of a folder whose files are known to be right."""
    return (example_of(path.stem, path.read_text(encoding="utf-8-sig")) for path in sorted(folder.glob("*.rq")))


def example_of(name: str, text: str) -> ExampleQuery:
    """Return the example query that a file holds."""
    title, _, query = text.partition("\n")
    form = _FORM.search(query)
    assert form is not None, f"{name}.rq has no form that can be described"
    return ExampleQuery(name, title.removeprefix("# "), query, form[1])


def _faults(text: str, namespaces: Namespaces) -> Iterator[Fault]:
    title, _, query = text.partition("\n")
    if not re.match(r"# \S", title):
        yield Fault("it has no title", "write what it answers as a comment in the first line")
    try:
        names = {field for _, field, _, _ in Formatter().parse(title) if field is not None}
    except ValueError as error:
        yield Fault(f"its title has a stray brace ({error})", "write {{ and }} for literal braces")
    else:
        if names - _ENTITIES:
            yield Fault(f"its title holds {{{min(names - _ENTITIES)}}}, which nothing fills", "use {entity} or {other}")
    for number, line in enumerate(query.split("\n"), 2):
        for found in _PLACEHOLDER.finditer(line):
            if found[1] not in _ENTITIES:
                mend = "write example:entity or example:other"
                yield Fault(f"example:{found[1]} is not known", mend, number, found.start() + 1)
    # As long as the name, so that places stay.
    written = _PLACEHOLDER.sub(lambda found: f"<e:{'x' * (len(found[0]) - 4)}>", query)
    if problem := query_problem(written, namespaces.prefixes(), of_any_form=True):
        yield Fault(problem.message, "fix the query at this place", problem.line + 1, problem.column)
    if not _FORM.search(query):
        yield Fault("it is no SELECT, ASK or CONSTRUCT", "start a line with one of these", 2)
