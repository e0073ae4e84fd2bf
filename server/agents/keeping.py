"""A tool for each kept query: its question, with the parameters that its file declares."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from ..errors import UsageError
from ..knowledge.kept import misfit
from ..records.kept import KeptQuery
from ..records.kept import Parameter as KeptParameter
from ..sparql.parameters import LONGEST, bound
from .asking import table
from .base import AgentBase
from .naming import entity_of
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines

_ROWS: Final = 30
_LIMIT: Final = Parameter("limit", "How many rows to show.", default=_ROWS, most=1000)


def tools(base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    for kept in base.kept:
        yield Tool(
            f"query_{kept.name.replace('-', '_')}",
            kept.title,
            f"{kept.title} {kept.description or 'A query that the base keeps.'}",
            (*map(_parameter, kept.parameters), *(() if _takes_limit(kept) else (_LIMIT,))),
            partial(_run, kept),
            is_open_world=True,
        )


def _parameter(one: KeptParameter) -> Parameter:
    of = f" ({one.type}{f' of {one.of}' if one.of else ''})"
    return Parameter(one.name, f"{one.label}{of}.", default=one.default, choices=one.choices, most=LONGEST)


def _takes_limit(kept: KeptQuery) -> bool:
    return any(one.name == _LIMIT.name for one in kept.parameters)


def _value(base: AgentBase, parameter: KeptParameter, given: str) -> str:
    """Return a value as queries take it: an entity may be named in any way that other tools understand."""
    if parameter.type != "entity":
        return given
    entity = entity_of(base, given)
    if wrong := misfit(parameter, entity, base.schema, base.namespaces):
        raise UsageError(wrong, "search has class for this, too.")
    return entity.curie


def _run(kept: KeptQuery, base: AgentBase, given: Arguments) -> Answer:
    values = {one.name: _value(base, one, given[one.name]) for one in kept.parameters if given[one.name]}
    found = base.ask(bound(kept, values, base.namespaces))
    lines = Lines()
    table(base, lines, found, _ROWS if _takes_limit(kept) else given[_LIMIT.name])
    lines.add(
        "Try: other values, or none for a parameter that need not have one." if values and not found.count else ""
    )
    return lines.answer(base.state)
